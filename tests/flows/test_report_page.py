"""``copydesk report``: its figures are those of the dataset, its queries can be asked again, and text from pages is only text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from flows_support import environment, story
from selectolax.lexbor import LexborHTMLParser

import copydesk as core
from conftest import Command
from copydesk.dataset.format.schemas import ARTICLES
from copydesk_flows.console.exits import Exit
from copydesk_flows.dataset_report.data import sources
from copydesk_flows.dataset_report.figures import Figure, answer, questions, shown
from copydesk_flows.dataset_report.page import page_of
from copydesk_flows.dataset_report.plots import plot
from copydesk_flows.web.pages import visible
from page_checks import check_inert
from remote_support import CREDENTIALS, S3

pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'copydesk[report]')")
QUESTIONS = {question.id: question for question in questions()}


def answers(output: Path | str, commit: int | None = None) -> dict[str, Figure]:
    with sources(str(output), commit) as found:
        return {name: answer(found, question) for name, question in QUESTIONS.items()}


def rows(figure: Figure) -> list[dict[str, Any]]:
    return [dict(zip(figure.columns, row, strict=True)) for row in figure.rows]


@pytest.fixture(scope="module")
def told(seeds_dataset: Path) -> dict[str, Figure]:
    return answers(seeds_dataset)


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


def asked_again(page: str) -> None:
    """The statements and queries on a page, in a DuckDB of its own, give what the page shows."""
    tree = LexborHTMLParser(page)
    again = duckdb.connect()
    again.execute("SET TimeZone = 'UTC'")
    preamble = tree.css_first("#preamble")
    assert preamble is not None
    again.execute(preamble.text())
    for name in QUESTIONS:
        section = tree.css_first(f"#{name}")
        assert section is not None
        query = section.css("pre")[-1].text()
        assert query == QUESTIONS[name].query
        told = [[cell.text() for cell in row.css("td")] for row in section.css("tbody tr")]
        result = again.execute(query)
        columns = [item[0] for item in result.description or ()]
        found = result.fetchall()
        assert len(told) == min(len(found), QUESTIONS[name].limit)
        assert told == [[visible(shown(column, value)) for column, value in zip(columns, row, strict=True)] for row in found[:len(told)]]
    head = again.execute(tree.css("pre")[-1].text())
    assert [cell.text() for cell in tree.css(".head dd")] == [
        shown(item[0], value) for item, value in zip(head.description or (), head.fetchone() or (), strict=True)]


def test_the_queries_on_the_page_give_what_it_shows(seeds_dataset: Path) -> None:
    asked_again(page_of(str(seeds_dataset)))


@pytest.mark.parametrize("name", ["o[1]*?'b", "batch=7"])
def test_so_they_do_wherever_the_dataset_lies(name: str, inbox: Path, tmp_path: Path) -> None:
    output = tmp_path / name / "out"
    core.run([inbox], output)
    asked_again(page_of(str(output)))
    assert rows(answers(output)["fingerprints"])[0]["newest_commit"] == 1


def test_so_they_do_for_an_older_commit(inbox: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    core.run([inbox], output)
    first = page_of(str(output))
    (inbox / "story-0.html").write_text(story(0).replace("two winters", "three winters"), encoding="utf-8")
    (inbox / "story-9.html").write_text(story(9), encoding="utf-8")
    core.run([inbox], output)
    older = page_of(str(output), 1)
    asked_again(older)
    assert [row["articles"] for row in rows(answers(output, 1)["sites"])] == [3]
    assert LexborHTMLParser(older).css_first(".head").text() == LexborHTMLParser(first).css_first(".head").text()


def test_values_without_end_are_cut() -> None:
    assert shown("agency", "a" * 1_000_000) == "a" * 299 + "…"
    assert shown("agency", "a" * 300) == "a" * 300


def test_a_dataset_of_rejects_alone_has_a_report(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.html").write_text("x", encoding="utf-8")
    core.run([tmp_path / "in"], tmp_path / "out")
    page = page_of(str(tmp_path / "out"))
    check_inert(page)
    asked_again(page)
    assert "nan" not in LexborHTMLParser(page).css_first("main").text().split()


def test_as_json(copydesk: Command, seeds_dataset: Path, told: dict[str, Figure]) -> None:
    done = copydesk("report", seeds_dataset, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["output"], found["commit"]) == (str(seeds_dataset), 1)
    assert found["head"]["articles"] == sum(row["articles"] for row in rows(told["sites"]))
    assert {figure["id"]: figure["rows"] for figure in found["figures"]} == {name: rows(figure) for name, figure in told.items()}
    assert all(figure["query"] and figure["total"] >= len(figure["rows"]) for figure in found["figures"])
    assert done.stdout.isascii()


@pytest.mark.parametrize("harm", ["missing", "cut"])
def test_a_damaged_dataset_is_one_line(harm: str, copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    core.run([inbox], tmp_path / "out")
    part = Path(core.open_dataset(tmp_path / "out").files("articles")[0])
    if harm == "cut":
        part.write_bytes(part.read_bytes()[:300])
    else:
        part.unlink()
    done = copydesk("report", tmp_path / "out")
    assert done.returncode == Exit.FAILURE
    assert done.stderr.count("\n") == 1
    assert "articles-00000.parquet" in done.stderr
    assert "--debug" not in done.stderr


def test_a_report_is_only_text_and_plots(seeds_dataset: Path) -> None:
    page = page_of(str(seeds_dataset))
    check_inert(page)
    tree = LexborHTMLParser(page)
    assert len(tree.css(".plot svg")) == sum(bool(question.plot) for question in QUESTIONS.values())
    identities = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize("shape", ["bars", "columns"])
def test_labels_of_plots_are_only_text(shape: str) -> None:
    labels = ["<script>alert(1)</script>", "$\\frac{1}{2}$ $x_1$", "\u202eback\u2066", "\x1b[2J", "]]>", "漢字 العربية", "", None]
    made = plot(shape, labels, [3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, None], "p")
    tree = LexborHTMLParser(made)
    assert not tree.css("script, style, image, a, foreignObject, metadata")
    assert all(name != "style" and not name.startswith("on") for node in tree.css("*") for name in node.attributes)
    texts = [node.text() for node in tree.css("text")]
    assert "<script>alert(1)</script>" in texts
    assert "$\\frac{1}{2}$ $x_1$" in texts
    assert "\\u202eback\\u2066" in texts
    assert "漢字 العربية" in texts


def test_a_month_without_articles_leaves_a_gap() -> None:
    root = LexborHTMLParser(plot("columns", ["2026-03", "2025-12", None, "2025-11"], [1.0, 1.0, 9.0, 1.0], "p"))
    assert [node.text() for node in root.css("text")][:5] == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
    lefts = [float(re.match(r"M ([0-9.]{1,12})", node.attributes["d"] or "")[1]) for node in root.css("path[clip-path]")]
    steps = sorted(round(left / (max(lefts) - min(lefts)) * 4, 2) for left in (each - min(lefts) for each in lefts))
    assert steps == [0, 1, 4]


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


def test_a_dataset_in_a_store_gives_the_same_figures(inbox: Path, s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**CREDENTIALS, "FSSPEC_S3_ENDPOINT_URL": s3.endpoint}.items():
        monkeypatch.setenv(name, value)
    url = f"s3://{s3.bucket()}/news"
    core.run([inbox], url)
    core.run([inbox], tmp_path / "here")
    there, here = answers(url), answers(tmp_path / "here")
    for name in set(QUESTIONS) - {"accounts", "plugins"}:
        assert there[name].rows == here[name].rows, name
    page = page_of(url)
    check_inert(page)
    assert "CREATE VIEW" not in page


def test_the_command(copydesk: Command, seeds_dataset: Path, tmp_path: Path) -> None:
    done = copydesk("report", seeds_dataset, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output.report.html").stat().st_size > 10_000
    done = copydesk("report", tmp_path / "nowhere")
    assert done.returncode == Exit.FAILURE
    assert done.stderr.startswith("copydesk: no dataset in ")


@pytest.mark.parametrize("missing", ["duckdb", "matplotlib"])
def test_what_is_not_installed_is_said(missing: str, seeds_dataset: Path, tmp_path: Path) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from copydesk_flows.cli import run_command; sys.exit(run_command(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, "report", str(seeds_dataset)], cwd=tmp_path, env=environment(tmp_path),
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == Exit.USAGE
    assert "pip install 'copydesk[report]'" in done.stderr
