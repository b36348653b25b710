"""What the names of elements and tags say of their blocks."""

from __future__ import annotations

import pytest

from copydesk_plugins.label.block_model.element_names import ElementNames
from support.labelled_pages import labels, page, paragraphs, votes

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
