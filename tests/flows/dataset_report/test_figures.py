"""The figures of a report are those of the dataset."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import copydesk as core
from copydesk.dataset.format.schemas import ARTICLES
from copydesk_flows.dataset_report.figures import Figure, shown
from support.command_line import story
from support.report_figures import answers, rows

pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'copydesk[report]')")


def test_counts_are_those_of_the_tables(told: dict[str, Figure], seeds_dataset: Path) -> None:
    dataset = core.open_dataset(seeds_dataset)
    removals = Counter(dataset.table("removals")["reason"].to_pylist())
    assert {row["reason"]: row["passages"] for row in rows(told["removals"])} == removals
    assert {row["code"]: row["inputs"] for row in rows(told["rejects"])} == Counter(dataset.table("rejects")["code"].to_pylist())
    assert {row["site"]: row["articles"] for row in rows(told["sites"])} == Counter(dataset.table("articles")["domain"].to_pylist())
    speakers = Counter(name for name in dataset.table("quotes")["speaker"].to_pylist() if name)
    assert {row["speaker"]: row["quotes"] for row in rows(told["speakers"])} == speakers
    months = Counter(when.strftime("%Y-%m") if when else None for when in dataset.table("articles")["date_published"].to_pylist())
    assert {row["month"]: row["articles"] for row in rows(told["time"])} == months
    (account,) = rows(told["accounts"])
    assert account["inputs"] == sum(account[status.value] for status in core.Status)
    assert account["written"] == account["articles_after"] == dataset.table("articles").num_rows


def test_coverage_is_that_of_every_field_that_may_be_empty(told: dict[str, Figure], seeds_dataset: Path) -> None:
    articles = core.open_dataset(seeds_dataset).table("articles")
    told_shares = {row["field"]: row["filled_share"] for row in rows(told["coverage"])}
    provenance = {"source_path", "source_record", "source_offset", "source_sha256", "warc_record_id", "media_type", "charset",
                  "fingerprint"}
    always = {"article_id", "page_type", "confidence", "article_body", "paragraphs", "word_count", "quote_count", "text_sha256"}
    derived = {name for name in ARTICLES.names if name.endswith(("_local", "_precision"))}
    assert set(told_shares) == set(ARTICLES.names) - provenance - always - derived
    for name, share in told_shares.items():
        column = articles[name]
        filled = pc.greater(pc.list_value_length(column), 0) if pa.types.is_list(column.type) else column.is_valid()
        assert share == pytest.approx(sum(filled.to_pylist()) / articles.num_rows)


def test_values_without_end_are_cut() -> None:
    assert shown("agency", "a" * 1_000_000) == "a" * 299 + "…"
    assert shown("agency", "a" * 300) == "a" * 300


def test_runs_are_counted_not_their_commits(inbox: Path, tmp_path: Path) -> None:
    small = core.Settings.model_validate({"dataset": {"batch_files": 1}, "run": {"workers": 0}})
    core.run([inbox], tmp_path / "out", small)
    (inbox / "story-7.html").write_text(story(7), encoding="utf-8")
    core.run([inbox], tmp_path / "out", small)
    newest, first = rows(answers(tmp_path / "out")["accounts"])
    assert (first["first_commit"], first["newest_commit"], first["inputs"], first["written"], first["articles_after"]) == (1, 3, 3, 3, 3)
    assert (newest["first_commit"], newest["newest_commit"], newest["written"], newest["articles_after"]) == (4, 4, 1, 4)


def changed_site(folder: Path) -> Path:
    """A dataset of two runs; in the second one a site gives one paragraph a page and no dates, another goes on as it was."""
    for number in range(12):
        inbox = folder / f"run-{number // 6}"
        inbox.mkdir(exist_ok=True)
        page = story(number, "steady.example")
        (inbox / f"steady-{number}.html").write_text(page, encoding="utf-8")
        page = story(number, "moved.example")
        if number >= 6:
            head, _, rest = page.partition("<p>“We have")
            page = head + rest.partition("</p>")[2].replace("<p>Fares", "<p hidden>Fares")
            page = page.replace("2024-10-18T09:30:00-04:00", "").replace("2024/10/18/", "")
        (inbox / f"moved-{number}.html").write_text(page, encoding="utf-8")
    for run in (0, 1):
        core.run([folder / f"run-{run}"], folder / "output")
    return folder / "output"


def test_a_site_that_changed_is_told(tmp_path: Path) -> None:
    output = changed_site(tmp_path)
    (changed,) = rows(answers(output)["drift"])
    assert changed["site"] == "moved.example"
    assert (changed["articles"], changed["articles_before"]) == (6, 6)
    assert changed["words_now"] < changed["words_before"]
    assert changed["dated_share"] < changed["dated_before_share"] == 1
    assert rows(answers(output, 1)["drift"]) == []
