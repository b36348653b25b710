"""The report in a real browser: filter, sorting and keys work, nothing runs but its own script, and axe-core finds nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import copydesk
from copydesk_flows.dataset_report.page import page_of
from support.page_checks import HOSTILE, violations

pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'copydesk[report]')")


@pytest.fixture(scope="module")
def report(seeds_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample pages."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page_of(str(seeds_dataset)), encoding="utf-8")
    return file


def test_the_filter_shows_the_rows_with_a_word(report: Path, opened: Any) -> None:
    page = opened(report)
    page.keyboard.press("/")
    page.keyboard.type("newsletter")
    assert page.locator("#removals tbody tr:visible").count() == 1
    assert " of " in page.locator("#found").inner_text()
    page.keyboard.press("Escape")
    assert page.get_by_role("searchbox").input_value() == ""
    assert page.locator("#removals tbody tr:visible").count() > 5
    assert page.noted == []


def test_tables_are_sorted_by_number_and_by_name(report: Path, opened: Any) -> None:
    page = opened(report)

    def counts() -> list[int]:
        return [int(text.replace(",", "")) for text in page.locator("#removals tbody td:nth-child(2)").all_inner_texts()]

    page.locator("#removals th").nth(1).get_by_role("button").click()
    assert counts() == sorted(counts(), reverse=True)
    page.locator("#removals th").nth(1).get_by_role("button").press("Enter")
    assert counts() == sorted(counts())
    page.locator("#removals th").nth(0).get_by_role("button").click()
    names = page.locator("#removals tbody td:nth-child(1)").all_inner_texts()
    assert names == sorted(names)


def test_keys_go_through_the_figures(report: Path, opened: Any) -> None:
    page = opened(report)
    seen = []
    for _ in range(3):
        page.keyboard.press("j")
        seen.append(page.evaluate("document.activeElement.id"))
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == seen[1]
    assert len(set(seen)) == 3
    page.keyboard.press("q")
    assert page.locator("main details[open]").count() == page.locator("main details").count()
    page.keyboard.press("q")
    assert page.locator("main details[open]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing(scheme: str, report: Path, opened: Any, axe: str) -> None:
    page = opened(report, color_scheme=scheme, bypass_csp=True)
    page.keyboard.press("q")
    assert violations(page, axe) == []


def test_a_dataset_of_text_made_to_harm_runs_nothing(tmp_path: Path, opened: Any) -> None:
    with (tmp_path / "pages.jsonl").open("w", encoding="utf-8") as file:
        for number, bait in enumerate(HOSTILE):
            text = (f"Harbour council {bait} votes\n\nBy Mara {bait}\n\nThe council voted on Friday to reopen the line, two years on.\n\n"
                    f"“We have the boats {bait} and the pier,” said Mara {bait} Lindqvist, who heads the council. “It sails in April.”\n\n"
                    f"This article was provided by {bait} Reuters.")
            file.write(json.dumps({"url": f"https://harbour.example/{number}", "text": text, "author": bait}) + "\n")
        file.write('{"url": "https://harbour.example/<script>alert(1)</script>", "text": ""}\n')
    copydesk.run([tmp_path / "pages.jsonl"], tmp_path / "<b>out'\"put")
    (tmp_path / "report.html").write_text(page_of(str(tmp_path / "<b>out'\"put")), encoding="utf-8")
    page = opened(tmp_path / "report.html")
    page.keyboard.press("q")
    assert page.noted == []
    assert page.evaluate("window.harmed === undefined")
    assert page.locator("script").count() == 1
    assert page.locator("main b").count() == 0


def test_on_a_small_screen_and_on_paper(report: Path, opened: Any) -> None:
    page = opened(report, viewport={"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 690, "height": 900})  # A4 without its margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    assert page.locator("nav").is_hidden()
    assert page.pdf()[:5] == b"%PDF-"


def test_without_script_all_is_there(report: Path, opened: Any) -> None:
    page = opened(report, java_script_enabled=False)
    assert page.locator("#controls").is_hidden()
    assert page.locator("#removals tbody tr:visible").count() > 5
