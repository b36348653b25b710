"""``copydesk dataset export`` and ``changes``: all rows, as other systems read them; no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flows_support import at_terminal
from hypothesis import given
from hypothesis import strategies as st

import copydesk as core
from conftest import Command
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk_flows.console.exits import Exit
from copydesk_flows.export.ninjs import STANDARD, item
from copydesk_flows.export.tables import FORMULA, _plain, cell


def rows(dataset: Path, table: str) -> list[dict[str, Any]]:
    return core.open_dataset(dataset).table(table).to_pylist()


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


TEXT = {"type": "string", "minLength": 1}
VALUES = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["value"], "additionalProperties": False, "properties": {
    "role": TEXT, "contentType": TEXT, "charCount": {"type": "integer"}, "wordCount": {"type": "integer"}, "value": TEXT}}}
NAMED = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {
    "name": TEXT, "rel": TEXT, "role": TEXT}}}
PROPERTIES = {
    "uri": {"type": "string", "pattern": "^[a-z]+:[^ ]+$"}, "standard": {"const": STANDARD}, "type": {"enum": ["text", "picture"]},
    "contentCreated": {"type": "string", "format": "date-time"}, "versionCreated": {"type": "string", "format": "date-time"},
    "language": TEXT, "by": TEXT, "located": TEXT, "headlines": VALUES, "descriptions": VALUES, "bodies": VALUES, "people": NAMED,
    "organisations": NAMED, "infoSources": NAMED, "subjects": NAMED,
    "altIds": {"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": {"role": TEXT, "value": TEXT}}},
}
NINJS = {"type": "object", "required": ["uri"], "additionalProperties": False, "properties": {**PROPERTIES, "associations": {
    "type": "array", "items": {"type": "object", "required": ["name", "uri"], "additionalProperties": False,
                               "properties": {**PROPERTIES, "name": TEXT}}}}}
"""What the standard's schema (3.0) says of the properties that we use, in our words."""


def test_ninjs_is_as_its_schema_wants_it(copydesk: Command, seeds_dataset: Path) -> None:
    done = copydesk("dataset", "export", seeds_dataset, "--format", "ninjs")
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in done.stdout.splitlines()]
    articles = rows(seeds_dataset, "articles")
    assert len(items) == len(articles)
    for made, row in zip(items, articles, strict=True):
        jsonschema.validate(made, NINJS, format_checker=jsonschema.FormatChecker())
        assert made["bodies"][0]["value"] == row["article_body"]
        assert [person["name"] for person in made.get("people", [])] == [each["name"] for each in (*row["authors"], *row["contributors"])]
        assert ("contentCreated" in made) == (row["date_published"] is not None)
    assert len({made["uri"] for made in items}) == len(items)
    assert any(made.get("infoSources") == [{"name": "Reuters", "role": "agency"}] for made in items)


def test_an_article_with_nothing_but_text_is_an_item() -> None:
    row: dict[str, Any] = dict.fromkeys(SCHEMAS["articles"].names)
    row |= {"article_id": "a1", "article_body": "Text.", "word_count": 1}
    jsonschema.validate(item(row), NINJS)


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


def test_changes_are_listed(copydesk: Command, seeds_dataset: Path) -> None:
    ids = sorted(row["article_id"] for row in rows(seeds_dataset, "articles"))
    done = copydesk("dataset", "changes", seeds_dataset, "--since", "0", "--json")
    assert json.loads(done.stdout) == {"since": 0, "commit": 1, "added": ids, "replaced": [], "erased": []}
    done = copydesk("dataset", "changes", seeds_dataset, "--since", "0")
    assert done.stdout.splitlines() == [f"added {article_id}" for article_id in ids]
    assert f"commit 0 to 1: {len(ids)} added" in done.stderr
    assert copydesk("dataset", "changes", seeds_dataset, "--since", "1").stdout == ""
    assert copydesk("dataset", "changes", seeds_dataset, "--since", "7").returncode == Exit.FAILURE
