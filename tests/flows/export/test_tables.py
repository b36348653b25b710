"""``copydesk dataset export``: all rows, as other systems read them; no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import copydesk as core
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk_flows.console.exits import Exit
from copydesk_flows.export.tables import FORMULA, _plain, cell
from support.command_line import Command, at_terminal
from support.dataset_rows import rows


@pytest.mark.parametrize("table", SCHEMAS)
def test_json_lines_hold_every_row(table: str, copydesk: Command, seeds_dataset: Path) -> None:
    done = copydesk("dataset", "export", seeds_dataset, "--table", table)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    wanted = rows(seeds_dataset, table)
    assert len(found) == len(wanted) > 0
    for got, row in zip(found, wanted, strict=True):
        assert list(got) == SCHEMAS[table].names
        for name, value in row.items():
            if isinstance(value, datetime):
                assert datetime.fromisoformat(got[name]) == value
                assert got[name].endswith("Z")
            else:
                assert got[name] == value


@pytest.mark.parametrize("table", SCHEMAS)
def test_csv_holds_every_row_and_no_formula(table: str, copydesk: Command, seeds_dataset: Path, tmp_path: Path) -> None:
    done = copydesk("dataset", "export", seeds_dataset, "--table", table, "--format", "csv", "--to", tmp_path / "table.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    wanted = rows(seeds_dataset, table)
    assert f"{len(wanted)} rows" in done.stderr
    assert len(found) == len(wanted)
    for got, row in zip(found, wanted, strict=True):
        for name, value in row.items():
            assert not got[name].startswith(FORMULA) or isinstance(value, int | float)
            if isinstance(value, str):
                assert got[name].replace("'", "") == value.replace("'", "")
                assert got[name] == value or any(sign in value for sign in FORMULA)
            elif isinstance(value, list):
                assert json.loads(got[name]) == value


def test_a_publisher_that_is_a_formula_is_text(copydesk: Command, seeds_dataset: Path) -> None:
    done = copydesk("dataset", "export", seeds_dataset, "--format", "csv")
    publishers = [row["publisher"] for row in csv.DictReader(io.StringIO(done.stdout))]
    assert "'=cmd|' /C calc'!A0" in publishers


@given(text=st.text(st.sampled_from("=+-@\t\r\n ＝'a1,;|\"\u00a0\u200b\ufeff\x00"), max_size=8))
def test_no_text_becomes_a_formula(text: str) -> None:
    made = io.StringIO()
    csv.writer(made).writerow(["id", cell(text), "end"])
    first, back, end = next(csv.reader(io.StringIO(made.getvalue(), newline="")))
    assert (first, end) == ("id", "end")
    assert not re.match(r"[\s\x00\xa0\u200b\ufeff]*[=+\-@＝]", back)
    assert not back.startswith(("\t", "\r", "\n"))
    assert back.replace("'", "") == text.replace("'", "")
    assert len(back) >= len(text)


@given(text=st.text(st.sampled_from("=+-@\t\r\n ＝'a1,;|\"\u00a0"), max_size=8), separator=st.sampled_from(";|\t"))
def test_nor_where_other_signs_separate_cells(text: str, separator: str) -> None:
    made = io.StringIO()
    csv.writer(made).writerow(["id", cell(text), "end"])
    for row in csv.reader(io.StringIO(made.getvalue()[2:], newline=""), delimiter=separator):
        for each in row[1:] if row and row[0].startswith(",") else row:
            assert not re.match(r"[ \xa0]*[=+\-@＝]", each), row


def test_numbers_that_are_none_are_null() -> None:
    assert [cell(value) for value in (float("nan"), float("inf"), 0.5)] == ["", "", 0.5]
    assert json.loads(json.dumps(_plain({"a": float("nan"), "b": [float("-inf"), 1]}))) == {"a": None, "b": [None, 1]}


@pytest.mark.parametrize("form", ["jsonl", "csv", "ninjs"])
def test_on_a_terminal_it_is_inert(form: str, tmp_path: Path) -> None:
    text = "Ferry \x9b2J line\n\nBy Ann Example\n\nThe harbour council \u202evoted\u2066 on Friday to reopen the line, after two winters."
    (tmp_path / "a.jsonl").write_text(json.dumps({"url": "https://a.example/1", "text": text}), encoding="utf-8")
    core.run([tmp_path / "a.jsonl"], tmp_path / "out")
    said = at_terminal(tmp_path, "dataset", "export", tmp_path / "out", "--format", form)
    assert "voted" in said
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (["--format", "ninjs", "--table", "quotes"], Exit.USAGE, "articles"),
    (["--table", "quoets"], Exit.FAILURE, "articles, claims, quotes"),
    (["--commit", "9"], Exit.FAILURE, "no commit 9"),
    (["--to", "absent/x.csv"], Exit.FAILURE, "cannot write"),
    (["--format", "xlsx"], Exit.USAGE, "jsonl"),
])
def test_what_cannot_be_is_one_line(arguments: list[str], code: Exit, says: str, copydesk: Command, seeds_dataset: Path) -> None:
    done = copydesk("dataset", "export", seeds_dataset, *arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
