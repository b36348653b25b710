"""What a plugin may do wrong, what is said of it, and that it costs its page and no other. The table of docs/plugins.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

import copydesk as core
from copydesk_flows.console.exits import Exit
from support.command_line import Command, story

HEAD = "import os, sys, time\nimport copydesk\nimport pyarrow as pa\nfrom copydesk import Label, Reason, Table\n"
LABELS = HEAD + """
@copydesk.hookimpl
def label_blocks(document):
    if any('TRIGGER' in block.text for block in document.blocks):
        {}
    return []
"""
ROWS = HEAD + """
SCHEMA = pa.schema([pa.field('article_id', pa.string(), nullable=False), ('n', pa.int32())])
def rows(article):
    yield {} if 'TRIGGER' in article.body else {{'article_id': article.article_id, 'n': 1}}
@copydesk.hookimpl
def tables():
    return [Table('own', SCHEMA, rows)]
"""
SETUP = HEAD + "@copydesk.hookimpl\ndef tables():\n    return [{}]\n"
SETTINGS = "plugins = ['own.py']\n[limits]\npage_seconds = 3\ncpu_seconds = 2\nmemory_bytes = 600_000_000\n"
IN_HOOK = "(in plugin 'own', hook label_blocks)"


class Fault(NamedTuple):
    code: str
    message: str


AT_WORK = {
    "raises": (LABELS.format("raise ValueError('no such desk')"),
               Fault("plugin_error", "plugin 'own', hook label_blocks: ValueError: no such desk")),
    "exits": (LABELS.format("sys.exit(7)"), Fault("plugin_error", "plugin 'own', hook label_blocks: SystemExit: 7")),
    "ends the process": (LABELS.format("os._exit(7)"), Fault("worker_died", f"the page process died: exit code 7 {IN_HOOK}")),
    "crashes": (LABELS.format("import ctypes; ctypes.string_at(0)"),
                Fault("worker_died", f"the page process died: signal SIGSEGV {IN_HOOK}")),
    "hangs": (LABELS.format("time.sleep(600)"), Fault("limit_seconds", f"not done after 3 seconds {IN_HOOK}")),
    "eats memory": (LABELS.format("sink = [bytearray(10_000_000) for _ in range(1_000)]"),
                    Fault("limit_memory_bytes", f"needs more than 600000000 bytes of memory {IN_HOOK}")),
    "returns garbage": (LABELS.format("return ['paywall']"),
                        Fault("plugin_error", "plugin 'own', hook label_blocks: yielded str, not Label")),
    "returns no iterable": (LABELS.format("return 3"),
                            Fault("plugin_error", "plugin 'own', hook label_blocks: returned int, not an iterable of Label")),
    "gives a wrong offset": (LABELS.format("return [Label(0, Reason.PAYWALL, 'mine', 0.9, 5, 5000)]"),
                             Fault("plugin_error", "plugin 'own', hook label_blocks: span 5-5000 of rule 'mine' is not inside block 0")),
    "mutates": (LABELS.format("document.blocks[0].text = 'mine'"),
                Fault("plugin_error", "plugin 'own', hook label_blocks: FrozenInstanceError: cannot assign to field 'text'")),
    "mutates the page's facts": (LABELS.format("document.meta['og:title'] = ('mine',)"), Fault(
        "plugin_error", "plugin 'own', hook label_blocks: TypeError: 'mappingproxy' object does not support item assignment")),
    "row of a wrong type": (ROWS.format("{'article_id': article.article_id, 'n': 'three'}"),
                            Fault("unfit_rows", "plugin 'own', hook tables: table 'own', row 1: column 'n': 'three' is no int32")),
    "row with a fraction": (ROWS.format("{'article_id': article.article_id, 'n': 1.5}"),
                            Fault("unfit_rows", "plugin 'own', hook tables: table 'own', row 1: column 'n': 1.5 is no int32")),
    "row too large": (ROWS.format("{'article_id': article.article_id, 'n': 2**40}"),
                      Fault("unfit_rows", "table 'own', row 1: column 'n': 1099511627776 is no int32")),
    "row with an unknown column": (ROWS.format("{'article_id': article.article_id, 'm': 3}"),
                                   Fault("unfit_rows", "table 'own', row 1: no column 'm' (columns: article_id, n)")),
    "row of another article": (ROWS.format("{'article_id': 'abc', 'n': 3}"),
                               Fault("unfit_rows", "row 1: article_id is 'abc', not the article's")),
    "row without its article": (ROWS.format("{'n': 3}"), Fault("unfit_rows", "row 1: article_id is None, not the article's")),
    "row that is none": (ROWS.format("3"), Fault("plugin_error", "plugin 'own', hook tables: table 'own': AttributeError")),
}
AT_START = {
    "is no Python": ("def label_blocks(", Exit.USAGE, "own.py cannot be loaded: SyntaxError"),
    "needs what is not there": ("import nothing_of_that_name\n", Exit.USAGE, "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
    "misspells a hook": (LABELS.replace("def label_blocks", "def label_block").format("pass"), Exit.USAGE, "unknown hook 'label_block'"),
    "names an unknown argument": (LABELS.replace("(document)", "(documents)").format("pass"), Exit.USAGE, "{'documents'} are declared"),
    "table without key": (SETUP.format("Table('own', pa.schema([('n', pa.int32())]), list)"), Exit.USAGE,
                          "plugin 'own': table 'own' has no field article_id of type string"),
    "table with a dictionary": (
        SETUP.format("Table('own', pa.schema([('article_id', pa.string()), ('kind', pa.dictionary(pa.int32(), pa.string()))]), list)"),
        Exit.USAGE, "plugin 'own': table 'own' has a field 'kind' of type dictionary<"),
    "table of the core's name": (SETUP.format("Table('quotes', pa.schema([('article_id', pa.string())]), list)"), Exit.USAGE,
                                 "plugin 'own': table name 'quotes' is taken"),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An inbox with three good pages and one that the plugin is waiting for, and settings that name the plugin."""
    (tmp_path / "in").mkdir()
    for number in range(4):
        text = story(number) if number != 2 else story(number).replace("</p>", " TRIGGER</p>", 1)
        (tmp_path / "in" / f"{number}.html").write_text(text, encoding="utf-8")
    (tmp_path / "copydesk.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("what", AT_WORK)
def test_it_costs_its_page_and_no_other(what: str, place: Path, copydesk: Command) -> None:
    code, expected = AT_WORK[what]
    (place / "own.py").write_text(code, encoding="utf-8")
    done = copydesk("run", place / "in", "--output", place / "out", "--config", place / "copydesk.toml", "--json")
    assert done.returncode == Exit.QUARANTINED, done.stderr
    assert {name: count for name, count in json.loads(done.stdout)["counts"].items() if count} == {"written": 3, "quarantined": 1}
    dataset = core.open_dataset(place / "out")
    [row] = dataset.table("rejects").to_pylist()
    assert (row["source_path"], row["plugin"], row["code"], row["outcome"]) == ("2.html", "own", expected.code, "quarantined")
    assert expected.message in row["message"]
    assert sorted(dataset.table("articles").column("source_path").to_pylist()) == ["0.html", "1.html", "3.html"]
    assert core.check_dataset(place / "out").ok


@pytest.mark.parametrize("what", AT_START)
def test_what_cannot_work_at_all_is_said_before_any_page(what: str, place: Path, copydesk: Command) -> None:
    code, exit_code, message = AT_START[what]
    (place / "own.py").write_text(code, encoding="utf-8")
    done = copydesk("run", place / "in", "--output", place / "out", "--config", place / "copydesk.toml")
    assert done.returncode == exit_code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((place / "out").glob("data/*"))


@pytest.mark.parametrize("what", ["raises", "row of a wrong type"])
def test_the_page_is_kept_without_the_plugin_where_the_settings_say_so(what: str, place: Path, copydesk: Command) -> None:
    (place / "own.py").write_text(AT_WORK[what][0], encoding="utf-8")
    (place / "copydesk.toml").write_text(SETTINGS + "[run]\non_plugin_error = 'skip-plugin'\n", encoding="utf-8")
    done = copydesk("run", place / "in", "--output", place / "out", "--config", place / "copydesk.toml", "--json")
    assert done.returncode == Exit.DONE, done.stderr
    assert json.loads(done.stdout)["counts"]["written"] == 4


def test_what_a_plugin_prints_goes_nowhere(place: Path, copydesk: Command) -> None:
    (place / "own.py").write_text(LABELS.format("print('from the page'); sys.stdout.buffer.write(b'x' * 100_000)"), encoding="utf-8")
    done = copydesk("run", place / "in", "--output", place / "out", "--config", place / "copydesk.toml", "--json")
    assert done.returncode == Exit.DONE
    assert json.loads(done.stdout)["counts"]["written"] == 4
    assert "from the page" not in done.stdout + done.stderr
