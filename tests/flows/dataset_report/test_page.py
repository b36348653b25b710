"""``copydesk report``: its queries can be asked again, and text from pages is only text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser

import copydesk as core
from copydesk_flows.console.exits import Exit
from copydesk_flows.dataset_report.figures import Figure, shown
from copydesk_flows.dataset_report.page import page_of
from copydesk_flows.web.pages import visible
from support.command_line import Command, environment, story
from support.object_server import CREDENTIALS, S3
from support.page_checks import check_inert
from support.report_figures import QUESTIONS, answers, rows

pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'copydesk[report]')")


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
