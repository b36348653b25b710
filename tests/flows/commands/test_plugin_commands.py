"""``copydesk plugins``: the list, and the check that tells by exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path

from copydesk_flows.plugin_tools.scaffold import Wanted, write
from support.command_line import Command


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


def test_check_passes_and_fails(copydesk: Command, tmp_path: Path) -> None:
    write(Wanted("podcast_lines", ("label_blocks",), folder=tmp_path))
    good = copydesk("plugins", "check", tmp_path / "podcast_lines.py")
    assert good.returncode == 0, good.stdout + good.stderr
    assert re.search(r"label_blocks: [0-9.]+ ms a page", good.stdout)
    text = (tmp_path / "podcast_lines.py").read_text(encoding="utf-8")
    (tmp_path / "podcast_lines.py").write_text(text.replace("-> Iterator[Label]:", "-> Iterator[Reason]:"), encoding="utf-8")
    bad = copydesk("plugins", "check", tmp_path / "podcast_lines.py", "--json")
    assert bad.returncode == 1
    told = json.loads(bad.stdout)
    assert told["ok"] is False
    assert {(each["check"], each["hook"]) for each in told["findings"]} == {("annotations", "label_blocks")}


def test_check_takes_names_and_modules(copydesk: Command, tmp_path: Path) -> None:
    assert copydesk("plugins", "check", "page_type").returncode == 0
    missing = copydesk("plugins", "check", tmp_path / "nothing.py")
    assert missing.returncode == 2
    assert "there is no file" in missing.stderr
    folder = copydesk("plugins", "check", tmp_path)
    assert folder.returncode == 2
    assert "is no plugin: name its .py file, or its module with dots" in folder.stderr


def test_the_list_tells_settings_with_their_source_and_the_time_of_the_last_run(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    config = tmp_path / "copydesk.toml"
    config.write_text("[plugins.source_jsonl]\nrange_bytes = 1000\n", encoding="utf-8")
    assert copydesk("run", inbox, "--direct", "--workers", "0", "--output", tmp_path / "out").returncode == 0
    done = copydesk("plugins", "--json", "--config", config, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    plugins = {each["name"]: each for each in told["plugins"]}
    assert plugins["source_jsonl"]["settings"]["range_bytes"] == {"value": 1000, "source": str(config)}
    assert plugins["source_jsonl"]["settings"]["fields"]["source"] == "default"
    assert plugins["clean_phrases"]["milliseconds_per_page"] > 0
    assert told["last_run"]["pages"] == 3
    shown = copydesk("plugins", "list", "--config", config, "--output", tmp_path / "out").stdout
    assert re.search(rf"source_jsonl +range_bytes = 1000 +{re.escape(str(config))}", shown)
    assert re.search(r"clean_phrases .* \d+\.\d\d ms", shown)
    assert "\ndisabled: none\n" in shown
    assert " ms" not in copydesk("plugins").stdout


def test_options_before_a_command_are_refused(copydesk: Command) -> None:
    done = copydesk("plugins", "--json", "list")
    assert done.returncode == 2
    assert "options go behind the command" in done.stderr
