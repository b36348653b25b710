"""The command line itself: help, version, usage errors, listings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Command
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk_flows.console.exits import EXIT_CODES, Exit


def one_line(text: str) -> str:
    """The one line that an error is."""
    assert text.startswith("copydesk: ")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    return text.strip()


def test_help_names_every_exit_code(copydesk: Command) -> None:
    done = copydesk("--help")
    text = " ".join(done.stdout.split())
    assert done.returncode == 0
    for code, meaning in EXIT_CODES.items():
        assert f"{code.value} {meaning}" in text
    assert set(EXIT_CODES) == set(Exit)


def test_no_command_shows_the_help(copydesk: Command) -> None:
    assert copydesk().stdout == copydesk("--help").stdout


def test_version(copydesk: Command) -> None:
    done = copydesk("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "copydesk")


@pytest.mark.parametrize(("arguments", "says"), [
    (["rum"], "No such command 'rum'"),
    (["run"], "INPUT"),
    (["run", "x", "--wokers", "2"], "No such option"),
    (["run", "x", "--workers", "many"], "--workers"),
    (["run", "x", "--page-types", "article,novel"], "page_types"),
    (["run", "x", "--config", "absent.toml"], "cannot read settings"),
    (["inspect", "absent.html"], "absent.html"),
    (["schema", "quoets"], "articles, quotes, removals, claims, rejects"),
    (["serve", "absent", "--every", "5s"], "is no folder"),
    (["serve", "."], "--every 15m"),
    (["serve", ".", "--every", "5 minutes"], "is no time"),
    (["serve", ".", "--every", "0s"], "above zero"),
    (["serve", ".", "--every", "5s", "--cron", "* * * * *"], "either"),
    (["serve", ".", "--cron", "every day"], "no cron line"),
])
def test_wrong_usage_is_one_line_and_exit_2(copydesk: Command, arguments: list[str], says: str) -> None:
    done = copydesk(*arguments)
    assert done.returncode == Exit.USAGE, done.stderr
    assert says in one_line(done.stderr)
    assert done.stdout == ""


def test_an_unknown_setting_lists_the_known_ones(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "copydesk.toml").write_text("[limits]\npage_byte = 3\n", encoding="utf-8")
    done = copydesk("plugins", "--config", tmp_path / "copydesk.toml")
    assert done.returncode == Exit.USAGE
    assert "page_bytes" in one_line(done.stderr)


def test_the_settings_file_of_the_working_folder_is_read(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "copydesk.toml").write_text('colour = "red"\n', encoding="utf-8")
    assert "colour" in one_line(copydesk("plugins", cwd=tmp_path).stderr)


def test_debug_shows_the_traceback(copydesk: Command) -> None:
    done = copydesk("plugins", "--config", "absent.toml", "--debug")
    assert done.returncode == Exit.USAGE
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("copydesk: cannot read settings")


def test_a_plugin_that_cannot_be_loaded_is_named(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    (tmp_path / "copydesk.toml").write_text('plugins = ["broken.py"]\n', encoding="utf-8")
    done = copydesk("plugins", "--config", tmp_path / "copydesk.toml")
    assert done.returncode == Exit.USAGE
    assert "'broken'" in one_line(done.stderr)
    assert "ZeroDivisionError" in done.stderr


def test_plugins_lists_order_origin_and_disabled(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "extra.py").write_text("import copydesk\n@copydesk.hookimpl\ndef extract(page):\n    return None\n", encoding="utf-8")
    spare = "import copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n    return []\n"
    (tmp_path / "spare.py").write_text(spare, encoding="utf-8")
    config = tmp_path / "copydesk.toml"
    config.write_text('plugins = ["extra.py", "spare.py"]\ndisable = ["spare"]\n', encoding="utf-8")
    listed = json.loads(copydesk("plugins", "--config", config, "--json").stdout)
    by_name = {plugin["name"]: plugin for plugin in listed["plugins"]}
    assert by_name["extra"] | {"digest": ""} == {
        "name": "extra", "origin": str(tmp_path / "extra.py"), "version": "", "hooks": ["extract"], "digest": "", "settings": {},
        "milliseconds_per_page": None}
    assert listed["order"]["extract"][0] == "extra"
    assert listed["order"]["choose_metadata"][-1] == "core"
    assert listed["disabled"] == ["spare"]
    assert "spare" not in by_name
    shown = copydesk("plugins", "--config", config)
    assert shown.returncode == 0
    for word in ("extra", str(tmp_path / "extra.py"), "choose_metadata: ", "disabled: spare", listed["fingerprint"]):
        assert word in shown.stdout


def test_schema_shows_every_field_with_type_and_description(copydesk: Command) -> None:
    shown = copydesk("schema").stdout
    listed = json.loads(copydesk("schema", "--json").stdout)
    assert set(SCHEMAS) <= set(listed)
    for name, schema in SCHEMAS.items():
        assert [field["name"] for field in listed[name]] == schema.names
        for field in listed[name]:
            assert field["description"]
            assert field["description"] in shown
    assert list(json.loads(copydesk("schema", "quotes", "--json").stdout)) == ["quotes"]


@pytest.mark.parametrize("columns", [{}, {"COLUMNS": ""}], ids=["unset", "empty"])
def test_a_pipe_gets_a_line_a_field(copydesk: Command, columns: dict[str, str]) -> None:
    _, heads, *lines = copydesk("schema", "articles", env=columns).stdout.rstrip().splitlines()
    assert heads.split() == ["field", "type", "description"]
    assert [line.split()[0] for line in lines] == SCHEMAS["articles"].names


def test_a_pipe_gets_the_head_of_a_page_as_one_line(copydesk: Command, root: Path) -> None:
    url = f"https://harbour.example/{'a' * 12_000}"
    assert copydesk("inspect", root / "seeds" / "wire-story.txt", "--url", url).stdout.splitlines()[0].endswith(url)
