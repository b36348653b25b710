"""The inspect page in a real browser: filters and keys work, nothing runs but its own script, and axe-core finds nothing."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest

from copydesk import MediaType, Page, Pipeline
from copydesk.stages.trace import follow
from copydesk_flows.inspection.html import KNOWN, REASON_COLOURS, SPEAKER_COLOURS, page_of
from copydesk_flows.web.pages import environment
from support.page_checks import HOSTILE, violations
from support.places import ROOT


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture
def page_file(pipeline: Pipeline, tmp_path: Path) -> Any:
    """Write the inspect page of a sample, or of given text."""
    def write(name: str, content: bytes | None = None) -> Path:
        kind = MediaType.TEXT if name.endswith(".txt") else MediaType.HTML
        page = Page(content if content is not None else (ROOT / "seeds" / name).read_bytes(), kind, name)
        trace = follow(pipeline.plugins, pipeline.settings, page)
        (tmp_path / "look.html").write_text(page_of(trace), encoding="utf-8")
        return tmp_path / "look.html"

    return write


def test_filters_hide_and_show_removed_passages(page_file: Any, opened: Any) -> None:
    page = opened(page_file("wire-story.txt"))
    donations = page.locator('main .removal[data-reason="donation"]')
    others = page.locator('main .removal:not([data-reason="donation"]):visible')
    before, rest = donations.count(), others.count()
    assert before > 1
    assert rest > 1
    page.get_by_label("donation").uncheck()
    assert page.locator('main .removal[data-reason="donation"]:visible').count() == 0
    assert others.count() == rest
    page.get_by_label("all", exact=True).check()
    assert page.locator("main .removal:visible").count() == before + rest
    page.get_by_label("all", exact=True).uncheck()
    assert page.locator("main .removal:visible").count() == 0
    assert page.locator("main .text p:visible").count() > 3
    assert page.noted == []


def test_keys_go_through_removals_and_quotes(page_file: Any, opened: Any) -> None:
    page = opened(page_file("wire-story.txt"))
    focus = "document.activeElement"
    page.keyboard.press("j")
    assert page.evaluate(f"{focus}.dataset.reason") == "headline"
    page.keyboard.press("j")
    second = page.evaluate(f"{focus}.textContent")
    page.keyboard.press("k")
    assert page.evaluate(f"{focus}.textContent") != second
    page.keyboard.press("n")
    assert page.evaluate(f"{focus}.id") == "q0"
    page.keyboard.press("p")
    assert page.evaluate(f"{focus}.id") == f"q{page.locator('main a.num').count() - 1}"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#quote-")
    page.keyboard.press("r")
    assert page.locator("main .removal:visible").count() == 0
    page.keyboard.press("m")
    assert page.evaluate(f"{focus}.id") == "facts"
    page.get_by_label("keys").uncheck()
    page.keyboard.press("t")
    assert page.evaluate(f"{focus}.id") != "text"


def test_all_controls_can_be_reached_by_tab(page_file: Any, opened: Any) -> None:
    page = opened(page_file("wire-story.txt"))
    wanted = page.locator("a[href], input, summary").count()
    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(seen) >= wanted


def test_a_sample_made_to_harm_runs_nothing(page_file: Any, opened: Any) -> None:
    page = opened(page_file("hostile.html"))
    assert page.noted == []
    assert page.locator("main").inner_text().count("\\u202e") >= 1


@pytest.mark.parametrize("bait", HOSTILE)
def test_text_made_to_harm_runs_nothing(bait: str, page_file: Any, opened: Any) -> None:
    text = (f"{bait}\n\nBy {bait}\n\nThe harbour council voted on Friday to reopen the ferry line, which closed two winters ago.\n\n"
            f"“We have the boats {bait} and the pier,” said Mara {bait} Lindqvist, who heads the council. “It sails in April.”")
    page = opened(page_file("bait.txt", text.encode()))
    page.keyboard.press("j")
    assert page.noted == []
    assert page.evaluate("window.harmed === undefined")
    assert page.locator("script").count() == 1


@pytest.mark.parametrize("bait", [*HOSTILE, "javascript:alert(1)", "data:text/html,<script>alert(1)</script>"])
def test_metadata_made_to_harm_runs_nothing(bait: str, page_file: Any, opened: Any) -> None:
    person = {"@type": "Person", "name": f"Ann {bait}", "jobTitle": bait, "worksFor": bait}
    told = {"@type": "NewsArticle", "headline": f"Ferry {bait}", "description": bait, "author": [person, bait],
            "keywords": [bait, bait * 2], "articleSection": bait, "publisher": {"name": bait}, "url": bait, "mainEntityOfPage": bait,
            "datePublished": bait,
            "image": {"@type": "ImageObject", "url": bait, "caption": bait, "creditText": bait}, "inLanguage": bait}
    shown = html.escape(bait)
    text = (f"<!doctype html><html lang='{shown}'><head><title>{shown}</title><link rel=canonical href='{shown}'><base href='{shown}'>"
            f"<meta property='og:title' content='Ferry {shown}'><meta property='og:url' content='{shown}'>"
            f"<meta name=author content='{shown}'>"
            f"<script type='application/ld+json'>{json.dumps(told).replace('<', chr(92) + 'u003c')}</script></head><body><article>"
            f"<h1>Ferry {shown}</h1><p class=byline>By {shown}</p><p><a href='{shown}'>The harbour council</a> voted on Friday to reopen "
            f"the ferry line.</p><p>“We have the boats and the pier,” said Mara {shown} Lindqvist.</p><figure>"
            f"<img src='{shown}' alt='{shown}'><figcaption>{shown}</figcaption></figure></article></body></html>")
    page = opened(page_file("bait.html", text.encode()))
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.keyboard.press("j")
    assert page.noted == []
    assert page.evaluate("window.harmed === undefined")
    assert page.locator("script").count() == 1
    assert page.evaluate("[...document.links].every((link) => link.getAttribute('href').startsWith('#'))")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_colours_can_be_read(scheme: str, opened: Any, axe: str, tmp_path: Path) -> None:
    css = "".join(environment().get_template(name).render() for name in ("base.css", "inspect.css"))
    removed = "".join(f"<p class='removal why-{hue}'><del>text</del> <span class='why'>why</span></p>" for hue in range(REASON_COLOURS))
    said = "".join(f"<p class='by-{hue}'><mark class='who cue'>text <a class='num' href='#'>1</a></mark></p>"
                   for hue in range(SPEAKER_COLOURS + 1))
    text = f"<!doctype html><html lang=en><title>c</title><style>{css}</style><main><h1>c</h1>{removed}{said}</main>"
    (tmp_path / "colours.html").write_text(text, encoding="utf-8")
    assert len(KNOWN) <= REASON_COLOURS
    page = opened(tmp_path / "colours.html", color_scheme=scheme, bypass_csp=True)
    assert violations(page, axe) == []
    found = page.evaluate("axe.run({runOnly: ['color-contrast']})")
    assert not found["incomplete"]
    assert sum(len(each["nodes"]) for each in found["passes"]) >= 2 * REASON_COLOURS + 2 * (SPEAKER_COLOURS + 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sample", ["wire-story.txt", "hostile.html", "json-ld.html", "soft-404.html"])
def test_axe_core_finds_nothing(sample: str, scheme: str, page_file: Any, opened: Any, axe: str) -> None:
    page = opened(page_file(sample), color_scheme=scheme, bypass_csp=True)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert violations(page, axe) == []


def test_on_a_small_screen_nothing_is_cut_off(page_file: Any, opened: Any) -> None:
    page = opened(page_file("wire-story.txt"), viewport={"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_script_all_is_there(page_file: Any, opened: Any) -> None:
    page = opened(page_file("wire-story.txt"), java_script_enabled=False)
    assert page.locator("#controls").is_hidden()
    assert page.locator("main .removal:visible").count() > 10


def test_on_paper_there_are_no_controls(page_file: Any, opened: Any) -> None:
    page = opened(page_file("wire-story.txt"))
    page.emulate_media(media="print")
    assert page.locator("#controls").is_hidden()
    assert page.locator("main .removal:visible").count() > 10
    assert page.pdf()[:5] == b"%PDF-"
