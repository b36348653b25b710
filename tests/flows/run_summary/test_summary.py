"""The summary of a run, for people and for programs."""

from __future__ import annotations

import io
import json
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from copydesk import RunReport
from copydesk_flows.console.exits import Exit
from copydesk_flows.run_summary.summary import as_json, as_markdown, exit_code, markdown_text, query, show_summary

REPORT = RunReport(
    output="/data/it's here", inputs=5, counts={"written": 3, "rejected": 1, "quarantined": 1}, rows={"articles": 3, "quotes": 7},
    codes={"empty": 1, "plugin_error": 1}, removals={"paywall": 2, "related": 9}, seconds={"clean": 0.5}, commits=(4,),
    fingerprint="f00d", elapsed=1.25)


def shown(report: RunReport) -> str:
    out = io.StringIO()
    show_summary(Console(file=out, width=200, markup=False), report)
    return out.getvalue()


def test_exit_codes() -> None:
    assert exit_code(REPORT) is Exit.QUARANTINED
    assert exit_code(RunReport(inputs=1, counts={"rejected": 1})) is Exit.QUARANTINED
    assert exit_code(RunReport(inputs=3, counts={"rejected": 2, "ignored": 1})) is Exit.QUARANTINED
    for outcome in ("written", "unchanged", "duplicate"):
        assert exit_code(RunReport(inputs=2, counts={"rejected": 1, outcome: 1})) is Exit.DONE
    assert exit_code(RunReport(inputs=1, counts={"ignored": 1})) is Exit.DONE


def test_json_holds_every_outcome() -> None:
    tree = json.loads(as_json(REPORT))
    assert tree["counts"] == {"written": 3, "duplicate": 0, "unchanged": 0, "ignored": 0, "rejected": 1, "quarantined": 1}
    assert (tree["exit_code"], tree["commits"], tree["removals"]["related"]) == (3, [4], 9)


def test_summary_names_counts_place_and_quarantine() -> None:
    text = shown(REPORT)
    for words in ("5 inputs", "quotes", "related", "plugin_error", "commit 4", "1 quarantined", "exit code 3"):
        assert words in text
    assert "nothing new, no commit" in shown(RunReport(output="o", inputs=2, counts={"unchanged": 2}))


def test_summary_says_what_is_left_to_settle() -> None:
    assert "2 files are younger than the settle time" in shown(RunReport(inputs=1, counts={"written": 1}, settling=2))
    assert "settle" not in shown(REPORT)


def test_the_query_quotes_the_path() -> None:
    assert query(REPORT).endswith("FROM '/data/it''s here/data/*/articles-*.parquet'")


def test_markdown_has_a_table_for_each_part() -> None:
    text = as_markdown(REPORT)
    for line in ("| written | 3 |", "| plugin\\_error | 1 |", "| related | 9 |", "| clean | 0.50 |"):
        assert line in text
    assert text.index("related") < text.index("paywall"), "the largest first"


@given(st.text())
def test_text_in_markdown_is_only_text(text: str) -> None:
    shown_text = markdown_text(text)
    assert "<" not in shown_text
    assert "\n" not in shown_text
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]|]", shown_text)
    assert not {char for char in shown_text if unicodedata.category(char) == "Cc"}
