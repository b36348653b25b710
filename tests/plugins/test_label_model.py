from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import BlockKind, Document, Label, Page, Pipeline, Reason, parse_html
from copydesk_plugins.label.block_model import second_opinion
from copydesk_plugins.label.block_model.element_names import ElementNames
from copydesk_plugins.label.block_model.feature_names import features, place_features
from copydesk_plugins.label.block_model.features import facts
from copydesk_plugins.label.block_model.model import BlockModel, confidence, packed, unpacked
from copydesk_plugins.label.block_model.second_opinion import SecondOpinion
from copydesk_plugins.label.label_model import Plugin
from copydesk_plugins.shared.facts.loading import load
from plugins.clean_support import html_document, scrape

STORY = [
    "The harbour board voted on Monday to close the old fish market, which has stood on the east quay for ninety years.",
    "Traders said they had been given six weeks to move their stalls and that no place had been found for most of them.",
    "“We will sell from the boats if we have to,” said Inger Dahl, whose family has had a stall there since the market opened.",
    "The board plans to let the hall to a hotel, and expects the rent to pay for the repair of the breakwater.",
]
NAV = "<nav><ul><li><a href=/>Home</a></li><li><a href=/s>Sport</a></li><li><a href=/w>Weather</a></li></ul></nav>"
FOOT = "<footer><p>Published by the Quay Press.</p></footer>"
PLUGIN = Plugin(Plugin.Settings(second_opinion="off"))


def page(body: str, title: str = "Fish market to close") -> Document:
    return parse_html(Page(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()))


def labels(document: Document, **values: object) -> list[Label]:
    return list((Plugin(Plugin.Settings.model_validate(values)) if values else PLUGIN).label_blocks(document))


def votes(found: Sequence[Label]) -> list[Label]:
    return [label for label in found if label.rule.startswith(("model:", "second-opinion:", "dense-", "outside-"))]


def kept(document: Document, found: Sequence[Label]) -> list[str]:
    return [document.blocks[label.block].text for label in votes(found) if label.reason == Reason.ARTICLE]


def paragraphs(*texts: str, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


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


def test_off_never_asks_and_always_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def extract(text: str, **_: object) -> str:
        asked.append(text)
        return "\n".join(STORY)

    monkeypatch.setattr("trafilatura.extract", extract)
    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    labels(document, second_opinion="off")
    labels(document, second_opinion="unsure", confidence=0.0)
    assert not asked
    found = labels(document, second_opinion="always")
    assert len(asked) == 1
    assert {label.rule.partition(":")[0] for label in votes(found)} == {"second-opinion"}
    labels(document, confidence=1.0)
    assert len(asked) == 2


def test_a_second_opinion_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise AssertionError("an odd page")

    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    first = kept(document, labels(document))
    monkeypatch.setattr("trafilatura.extract", broken)
    assert kept(document, labels(document, second_opinion="always")) == first
    assert SecondOpinion(0.5, 2).kept(document) == set()


def test_its_log_is_silent_and_its_level_is_put_back(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("trafilatura")
    logger.setLevel(logging.INFO)
    asked: list[str] = []

    def complains(*_: object, **__: object) -> None:
        logger.error("an odd page")
        asked.append("extract")

    monkeypatch.setattr("trafilatura.extract", complains)
    try:
        SecondOpinion(0.5, 100).kept(page("<p>x"))
        assert asked
        assert not [record for record in caplog.records if record.name.startswith("trafilatura")]
        assert logger.level == logging.INFO
    finally:
        logger.setLevel(logging.NOTSET)


def test_paragraphs_like_the_kept_ones_are_kept() -> None:
    document = page("<div class=story>" + paragraphs(*STORY) + '</div><div class=more><p>' + STORY[0] + "</p></div>")
    assert second_opinion.alike(document.blocks, {0, 1}) == {2, 3}


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


# names

LONG = ("The council agreed on Tuesday to repair the bridge before the winter, and to charge lorries for crossing it until the loan of "
        "nine million has been paid back, which the treasurer expects to take eleven years.")


def reasons(source: str, text: str) -> dict[str, tuple[str, float]]:
    document = page(f"{source}<main>{paragraphs(LONG, LONG, LONG)}</main>")
    index = next(block.index for block in document.blocks if block.text == text)
    found = labels(document)
    named = [label for label in found if label not in votes(found)]
    return {label.reason: (label.rule, label.weight) for label in named if label.block == index}


@pytest.mark.parametrize(("source", "reason", "rule", "weight"), [
    ("<nav><p>Some words here</p></nav>", "navigation", "tag-nav", 0.9),
    ("<footer><p>Some words here</p></footer>", "navigation", "tag-footer", 0.9),
    ("<div class=breadcrumbs>Some words here</div>", "navigation", "name-breadcrumb", 0.9),
    ("<div role=navigation><p>Some words here</p></div>", "navigation", "name-navigation", 0.9),
    ("<div class='Related-Stories'><p>Some words here</p></div>", "related", "name-related", 0.9),
    ("<div class='x c-most-read__item'><p>Some words here</p></div>", "related", "name-most-read", 0.9),
    ("<p class=share>Some words here</p>", "share", "name-share", 0.7),
    ("<section id=comments><p>Some words here</p></section>", "comments", "name-comments", 0.9),
    ("<div class='ad ad--mid'>Some words here</div>", "advertisement", "name-ad", 0.9),
    ("<div class=newsletter-box>Some words here</div>", "newsletter", "name-newsletter", 0.9),
    ("<div class=author-bio>Some words here</div>", "author_bio", "name-author-bio", 0.9),
    ("<figure><figcaption>Some words here</figcaption></figure>", "caption", "tag-figcaption", 0.9),
    ("<span class=photo-credit>Some words here</span>", "image_credit", "name-photo-credit", 0.7),
    ("<aside><p>Some words here</p></aside>", "related", "tag-aside", 0.35),
    ("<div hidden>Some words here</div>", "boilerplate", "name-hidden", 0.35)])
def test_names_and_tags(source: str, reason: str, rule: str, weight: float) -> None:
    assert reasons(source, "Some words here")[reason] == (rule, weight)


@pytest.mark.parametrize("source", [
    "<div class=commentary>Some words here</div>", "<div class=headline>Some words here</div>", "<p class=adaptation>Some words here</p>",
    "<div class=shareholder-news>Some words here</div>", "<p>Some words here</p>"])
def test_names_that_only_begin_alike_say_nothing(source: str) -> None:
    assert reasons(source, "Some words here") == {}


def test_short_rules_spare_long_blocks() -> None:
    assert reasons(f"<p class=share>{LONG} Share it.</p>", f"{LONG} Share it.") == {}


def test_a_name_that_holds_the_text_of_the_page_is_a_wrapper() -> None:
    document = page(f"<form class=with-sidebar><div class=newsletter-page><p>{LONG}</p><p>Short.</p></div></form>")
    found = labels(document)
    assert {label.block for label in found if label not in votes(found)} == set()


def test_links_alone_and_in_rows() -> None:
    assert reasons("<p><a href=/x>Read the full story</a></p>", "Read the full story") == {"related": ("link-only", 0.7)}
    rows = "".join(f"<li><a href=/{n}>Story number {n}</a></li>" for n in range(3))
    assert reasons(f"<ul>{rows}</ul>", "Story number 1") == {"related": ("link-list", 0.9)}
    assert reasons("<p>See <a href=/x>the full story</a> here</p>", "See the full story here") == {}


def test_a_long_block_of_links_is_no_text() -> None:
    cloud = " ".join(f"<a href=/tag/{n}>word{n}</a>" for n in range(60))
    text = " ".join(f"word{n}" for n in range(60))
    assert reasons(f"<div>{cloud}</div>", text) == {"related": ("many-links", 0.7)}


def test_entries_of_a_live_blog_are_article_even_when_they_hold_most_of_the_page() -> None:
    entry = f"<div class=live-post__body><h3>At %d:00</h3><p>{LONG}</p><span>Share</span><figcaption>The pier</figcaption></div>"
    document = page("".join(entry % n for n in range(4)))
    found = [label for label in labels(document) if label.rule == "name-live-post"]
    assert {document.blocks[label.block].text for label in found} == {LONG, *(f"At {n}:00" for n in range(4))}


# the model

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


def test_every_fact_has_a_name_and_the_score_is_their_sum() -> None:
    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    found = facts(document, ElementNames())
    model, weights = BlockModel.shipped(), unpacked(load("block_model")["first"])
    for at, score in enumerate(model.alone(found)):
        place, rough = found.places[at], found.rough[at]
        names = [*place_features(place, rough)]
        names += [name for number, family in enumerate(found.families[at]) for name in features(number, family)]
        assert score == pytest.approx(sum(weights.get(name, 0.0) for name in ["bias", *names]))


def test_weights_survive_their_file_form() -> None:
    weights = {"bias": -1.25, "kind:1:0:0": 0.5, "n:~text:3@2": -0.07, "n:related:3": 2.0}
    assert unpacked(packed(weights)) == weights


@given(st.lists(st.tuples(st.floats(-50, 50), st.integers(0, 500)), max_size=30))
def test_confidence_is_a_share(blocks: list[tuple[float, int]]) -> None:
    assert 0.0 <= confidence([score for score, _ in blocks], [length for _, length in blocks]) <= 1.0


def test_a_document_without_blocks() -> None:
    assert labels(html_document()) == []
    assert BlockKind.OTHER in {block.kind for block in page("<div>x</div>").blocks}


# the same for every page, in any order and process

def test_hash_seeds_change_nothing() -> None:
    script = ("import hashlib, pathlib, sys; from copydesk import Page, parse_html; from copydesk_plugins.label.label_model import Plugin\n"
              "plugin = Plugin(Plugin.Settings(second_opinion='off')); found = hashlib.sha256()\n"
              "for path in sorted(pathlib.Path(sys.argv[1]).glob('*/page.html')):\n"
              "    found.update(repr(list(plugin.label_blocks(parse_html(Page(path.read_bytes()))))).encode())\n"
              "print(found.hexdigest())")
    golden = Path(__file__).parents[1] / "golden"
    seen = {subprocess.run([sys.executable, "-c", script, golden], check=True, capture_output=True, text=True,
                           env=os.environ | {"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2", "3")}
    assert len(seen) == 1
    assert len(seen.pop()) > 60


def test_a_page_keeps_to_its_names_and_full_ones_are_left_behind() -> None:
    names = ElementNames(most=3)
    assert names.for_page() is names
    first = [names[name] for name in ("related", "dek", "wrap-1", "wrap-2", "wrap-3")]
    assert [names[name] for name in ("related", "dek", "wrap-1", "wrap-2", "wrap-3")] == first
    assert names.for_page() is not names
    assert len(names.for_page()) == 0


def test_long_names_are_not_held() -> None:
    names = ElementNames()
    assert not names["x" * 1_000_000].speaks
    assert len(names) == 0


def test_a_second_opinion_that_is_none_is_not_named() -> None:
    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    found = labels(document, second_opinion="always", most_blocks=1)
    assert {label.rule.partition(":")[0] for label in votes(found)} == {"model"}


def test_lists_of_links_below_a_pointer_leave_and_other_lists_stay() -> None:
    item = "The <a href=/{0}>village of {0}</a> keeps its own boat, which four rowers and a dog take out whenever the bell rings at night"
    prose = "".join(f"<li>{item.format(n)}</li>" for n in ("Orsa", "Brenn"))
    source = f"<main>{paragraphs(*STORY)}<h2>More</h2><ul>{prose}</ul>{paragraphs(*STORY[:2])}</main>"
    rules = {label.rule for label in Pipeline().read(f"<html><body>{source}</body></html>").labels}
    assert "pointer-heading" in rules
    assert "below-pointer" not in rules
