"""The model of blocks: it votes on every block of a page, keeps the story, and says the same again in any order and process."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import BlockKind, Pipeline, Reason
from copydesk_plugins.label.label_model import Plugin
from support.cleaning import html_document, scrape
from support.labelled_pages import FOOT, NAV, STORY, kept, labels, page, paragraphs, votes
from support.places import GOLDEN


def test_votes_on_every_block_and_keeps_the_story() -> None:
    document = page(f"{NAV}<main><h1>Fish market to close</h1>{paragraphs(*STORY)}</main>{FOOT}")
    found = labels(document)
    assert sorted({label.block for label in found}) == list(range(len(document.blocks)))
    assert {label.weight for label in votes(found)} == {0.6, 0.65}
    assert [text for text in kept(document, found) if text != "Fish market to close"] == STORY


@pytest.mark.parametrize("body", [
    f"<div class=c1>{paragraphs(*STORY, *STORY[::-1], tag='div')}</div>",
    f"<div class=a>{paragraphs(*STORY[:2])}</div><figure><figcaption>The hall</figcaption></figure>"
    f"<div class=b>{paragraphs(*STORY[2:])}</div>",
    f"<article><p>{'<br><br>'.join(STORY)}</article>"],
    ids=["bare divs", "split over containers", "double breaks"])
def test_bodies_without_plain_paragraphs(body: str) -> None:
    document = page(f"{NAV}<h1>Fish market to close</h1>{body}{FOOT}")
    assert set(STORY) <= set(kept(document, labels(document)))


@pytest.mark.parametrize("story", [
    ["صوت مجلس الميناء يوم الاثنين على إغلاق سوق السمك القديم الذي ظل قائما على الرصيف الشرقي منذ تسعين عاما.",
     "وقال التجار إنهم منحوا ستة أسابيع لنقل أكشاكهم وإنه لم يتم العثور على مكان لمعظمهم حتى الآن.",
     "ويعتزم المجلس تأجير القاعة لفندق ويتوقع أن يغطي الإيجار تكاليف إصلاح حاجز الأمواج في الميناء."],
    ["港湾委員会は月曜日、東の埠頭に九十年前から立つ古い魚市場を閉鎖することを決めた。出店者たちは移転先がないと訴えている。",
     "出店者によると、立ち退きまでの期限は六週間で、ほとんどの店には新しい場所がまだ見つかっていないという。",
     "委員会は建物をホテルに貸し出す計画で、賃料で防波堤の修理費用をまかなえると見込んでいると説明した。"]], ids=["arabic", "japanese"])
def test_scripts_without_latin_letters(story: list[str]) -> None:
    document = page(f"{NAV}<div class=story>{paragraphs(*story)}</div>{FOOT}", title="x")
    assert set(story) <= set(kept(document, labels(document)))


def test_a_list_and_a_table_inside_the_text_stay() -> None:
    inside = "<ul><li>Eels, which are sold by weight and only in winter.</li><li>Herring, sold by the barrel all the year.</li></ul>"
    table = "<table><tr><td>Eels caught by the boats of the harbour in the last year</td><td>41 tonnes</td></tr></table>"
    document = page(f"{NAV}<article><h1>Fish</h1>{paragraphs(*STORY[:2])}{inside}{table}{paragraphs(*STORY[2:])}</article>{FOOT}")
    items = {"Eels, which are sold by weight and only in winter.", "Herring, sold by the barrel all the year."}
    assert items <= set(kept(document, labels(document)))


def test_plain_text_is_not_its_business() -> None:
    assert labels(scrape("\n\n".join(STORY))) == []


def test_a_hidden_copy_of_the_text_and_passages_that_come_often_are_known() -> None:
    copy = f"<div hidden>{' '.join(STORY)}</div>"
    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>{copy}")
    assert [label.reason for label in votes(labels(document))][-1] == Reason.DUPLICATE
    consent = "Your settings keep us from showing the video here, which another company provides to this page."
    document = page(f"{NAV}<main>{paragraphs(STORY[0], consent, STORY[1], consent, STORY[2], consent, STORY[3])}</main>")
    weights = {document.blocks[label.block].text: label.weight for label in votes(labels(document)) if label.reason == Reason.ARTICLE}
    assert weights[STORY[0]] == 0.6
    assert weights[consent] == 0.5


def test_a_row_of_links_gets_its_surest_reason_alone() -> None:
    rows = "".join(f"<li><a href=/{n}>Story number {n}</a></li>" for n in range(5))
    document = page(f"<main>{paragraphs(*STORY)}</main><div class=related><ul>{rows}</ul></div>")
    found = [label for label in labels(document) if label.block in document.frame]
    assert [label.block for label in found] == sorted(document.frame) != []
    assert {(label.reason, label.rule, round(label.weight, 3)) for label in found} == {("related", "name-related", 0.99)}


def test_no_votes_when_there_is_nothing_like_text() -> None:
    assert not kept(page(NAV), labels(page(NAV)))


TAGS = ["p", "div", "li", "h2", "span", "blockquote", "td", "a href=/x", "aside", "nav", "article class=story",
        "div class='related comments'"]
TREES = st.recursive(
    st.sampled_from([*STORY, "Share", "", "a", "…", "12:30", "Home | Sport", "東京で雨。", "مرحبا"]),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4)).map(
        lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0].split()[0]}>"), max_leaves=25)


@settings(max_examples=60, deadline=None)
@given(TREES, st.booleans())
def test_any_page_gets_a_label_a_block_with_sound_weights_and_the_same_again(body: str, fresh: bool) -> None:
    document = page(body)
    found = labels(document)
    assert sorted({label.block for label in found}) in ([], list(range(len(document.blocks))))
    assert all(0.0 < label.weight <= 1.0 for label in found)
    assert found == (labels(document, second_opinion="off") if fresh else labels(document))


def test_the_order_of_pages_changes_nothing() -> None:
    documents = [page(f"<div class=c{n}>{paragraphs(*STORY[: 1 + n % 4])}</div>{NAV}") for n in range(8)]
    expected = [labels(document) for document in documents]
    shuffled = random.Random(3).sample(range(8), 8)
    plugin = Plugin(Plugin.Settings(second_opinion="off"))
    assert {at: list(plugin.label_blocks(documents[at])) for at in shuffled} == dict(enumerate(expected))


def test_a_document_without_blocks() -> None:
    assert labels(html_document()) == []
    assert BlockKind.OTHER in {block.kind for block in page("<div>x</div>").blocks}


def test_hash_seeds_change_nothing() -> None:
    script = ("import hashlib, pathlib, sys; from copydesk import Page, parse_html; from copydesk_plugins.label.label_model import Plugin\n"
              "plugin = Plugin(Plugin.Settings(second_opinion='off')); found = hashlib.sha256()\n"
              "for path in sorted(pathlib.Path(sys.argv[1]).glob('*/page.html')):\n"
              "    found.update(repr(list(plugin.label_blocks(parse_html(Page(path.read_bytes()))))).encode())\n"
              "print(found.hexdigest())")
    seen = {subprocess.run([sys.executable, "-c", script, GOLDEN], check=True, capture_output=True, text=True,
                           env=os.environ | {"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2", "3")}
    assert len(seen) == 1
    assert len(seen.pop()) > 60


def test_lists_of_links_below_a_pointer_leave_and_other_lists_stay() -> None:
    item = "The <a href=/{0}>village of {0}</a> keeps its own boat, which four rowers and a dog take out whenever the bell rings at night"
    prose = "".join(f"<li>{item.format(n)}</li>" for n in ("Orsa", "Brenn"))
    source = f"<main>{paragraphs(*STORY)}<h2>More</h2><ul>{prose}</ul>{paragraphs(*STORY[:2])}</main>"
    rules = {label.rule for label in Pipeline().read(f"<html><body>{source}</body></html>").labels}
    assert "pointer-heading" in rules
    assert "below-pointer" not in rules
