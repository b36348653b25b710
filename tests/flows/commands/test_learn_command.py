"""``copydesk learn`` and back: what recurs becomes a rule file, and a run with it takes the paragraphs out."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import copydesk as core
from copydesk_flows.console.exits import Exit
from support.command_line import Command

FOOTER = "The “Quay Gazette” has come out on the quay since the year of the flood, with maps \\ and tide tables by hand."
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}", "datePublished": "2024-10-{day:02}T09:30:00Z"}}</script>
</head><body><main><article><h1>{title}</h1><p>The council of pier {number} voted on Friday to reopen line {number}, after two winters.</p>
<p>“We have {number} boats, and now we have the pier,” said Mara Lindqvist, who heads the council. “The first one sails in April.”</p>
<p>Fares on line {number} will stay where they were, the council said, and the timetable is to be printed before December.</p>
<p>{footer}</p></article></main></body></html>"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Six pages of one site and three of another, all with the same last paragraph."""
    path = tmp_path / "pages.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(9):
            site = "gazette.example" if number < 6 else "other.example"
            html = PAGE.format(title=f"Line {number} to reopen in spring", number=number, day=number + 1, footer=FOOTER)
            lines.write(json.dumps({"url": f"https://www.{site}/line-{number}", "html": html}) + "\n")
    return path


def rows(output: Path, table: str) -> list[dict[str, object]]:
    return list(core.open_dataset(output).table(table).to_pylist())


def test_what_is_learned_is_taken_out_on_its_site(copydesk: Command, tmp_path: Path, pages: Path) -> None:
    assert copydesk("run", pages, "--output", tmp_path / "first", "--quiet").returncode == Exit.DONE
    before = rows(tmp_path / "first", "articles")
    assert len(before) == 9
    assert all(FOOTER in str(row["article_body"]) for row in before), "no rule knows the paragraph"

    done = copydesk("learn", tmp_path / "first")
    assert done.returncode == Exit.DONE, done.stderr
    assert done.stderr == "copydesk: 1 rules from 9 articles\n"
    assert "\n# 6 pages, 2024-10-01 to 2024-10-06\n[[rules]]\n" in done.stdout
    (rule,) = tomllib.loads(done.stdout)["rules"]
    assert (rule["site"], rule["text"], rule["reason"]) == ("gazette.example", FOOTER, "boilerplate")

    (tmp_path / "repeated.toml").write_text(done.stdout, encoding="utf-8")
    (tmp_path / "desk.toml").write_text('[plugins.clean_phrases]\nfiles = ["repeated.toml"]\n', encoding="utf-8")
    done = copydesk("run", pages, "--output", tmp_path / "second", "--quiet", "--config", tmp_path / "desk.toml", "--workers", "2")
    assert done.returncode == Exit.DONE, done.stderr
    after = rows(tmp_path / "second", "articles")
    assert {str(row["domain"]): FOOTER in str(row["article_body"]) for row in after} == {"gazette.example": False, "other.example": True}
    removed = [(row["plugin"], row["rule"], row["reason"]) for row in rows(tmp_path / "second", "removals") if row["text"] == FOOTER]
    assert removed == [("clean_phrases", rule["rule"], "boilerplate")] * 6
    assert {row["fingerprint"] for row in after}.isdisjoint({row["fingerprint"] for row in before})

    again = copydesk("learn", tmp_path / "first", "--config", tmp_path / "desk.toml")
    assert tomllib.loads(again.stdout) == {}, "the settings' rule files have it"
    assert again.stderr == "copydesk: nothing new recurs in 9 articles\n"


def test_options_and_errors(copydesk: Command, tmp_path: Path, pages: Path) -> None:
    copydesk("run", pages, "--output", tmp_path / "out", "--quiet", "--workers", "0")
    done = copydesk("learn", tmp_path / "out", "--min-pages", "3", "--site", "www.other.example")
    assert [rule["site"] for rule in tomllib.loads(done.stdout)["rules"]] == ["other.example"]
    done = copydesk("learn", tmp_path / "out", "--site", "nowhere.example")
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "no article of 'nowhere.example'" in done.stderr
    done = copydesk("learn", tmp_path / "gone")
    assert (done.returncode, done.stdout) == (Exit.FAILURE, "")
    assert "no dataset in" in done.stderr
    (tmp_path / "bad.toml").write_text("[[rules]]\nrule = 1\n", encoding="utf-8")
    (tmp_path / "desk.toml").write_text('[plugins.clean_phrases]\nfiles = ["bad.toml"]\n', encoding="utf-8")
    done = copydesk("run", pages, "--output", tmp_path / "out", "--config", tmp_path / "desk.toml")
    assert done.returncode == Exit.USAGE
    assert f"{tmp_path / 'bad.toml'}, line 1, rule number 1: rule: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dataset_of_nothing_gives_an_empty_rule_file(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "out" / "_commits").mkdir(parents=True)
    done = copydesk("learn", tmp_path / "out")
    assert done.returncode == Exit.DONE
    assert tomllib.loads(done.stdout) == {}
    assert done.stderr == "copydesk: nothing new recurs in 0 articles\n"
