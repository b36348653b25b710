"""Alerts, as docs/operations.md shows them: a plugin and Prefect's automations call a real webhook on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from copydesk_flows.console.exits import Exit
from support.command_line import TOUCHY, Command, environment
from support.doc_blocks import code_blocks
from support.places import ROOT
from support.servers import slow, until

OPERATIONS = ROOT / "docs" / "operations.md"


class Webhook(HTTPServer):
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/newsdesk"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def shown(name: str) -> str:
    """A file that the documentation shows."""
    return next(block.text for block in code_blocks(OPERATIONS) if block.file == name)


def config(folder: Path, url: str) -> Path:
    """The documented settings, and a plugin that quarantines a page."""
    (folder / "alert.py").write_text(shown("alert.py"), encoding="utf-8")
    (folder / "touchy.py").write_text(TOUCHY, encoding="utf-8")
    path = folder / "desk.toml"
    text = shown("alerts.toml").replace("https://hooks.example/newsdesk", url)
    path.write_text(text.replace('["alert.py"]', '["alert.py", "touchy.py"]'), encoding="utf-8")
    return path


def test_the_plugin_tells_of_a_run_that_somebody_should_look_at(
        copydesk: Command, inbox: Path, tmp_path: Path, prefect_server: str, webhook: Webhook) -> None:
    settings = config(tmp_path, webhook.url)
    for name, env in (("direct", {}), ("flow", {"PREFECT_API_URL": prefect_server})):
        done = copydesk("run", inbox, "--output", tmp_path / name, "--config", settings, env=env)
        assert done.returncode == Exit.QUARANTINED, done.stderr
    again = copydesk("run", inbox, "--output", tmp_path / "flow", "--config", settings, "--direct")
    assert again.returncode == Exit.DONE
    assert [told["text"] for told in webhook.heard] == [
        f"copydesk: {tmp_path / name}: 1 of 3 inputs quarantined (plugin_error 1)" for name in ("direct", "flow")]


def test_a_webhook_that_does_not_answer_costs_a_line_of_the_log(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--config", config(tmp_path, "http://127.0.0.1:9/"), "--direct")
    assert done.returncode == Exit.QUARANTINED
    assert "run_finished" in done.stderr
    assert "the commits stand" in done.stderr
    assert copydesk("dataset", "check", tmp_path / "out").returncode == Exit.DONE


@slow
def test_automations_tell_of_failed_runs_and_of_quarantined_inputs(
        copydesk: Command, inbox: Path, tmp_path: Path, prefect_server: str, webhook: Webhook) -> None:
    (tmp_path / "automations.py").write_text(shown("automations.py"), encoding="utf-8")
    for _ in range(2):  # again changes nothing
        made = subprocess.run([sys.executable, "automations.py", webhook.url], cwd=tmp_path, capture_output=True, text=True, timeout=120,
                              env=environment(tmp_path, PREFECT_API_URL=prefect_server), check=False)
        assert made.returncode == 0, made.stderr
    env = {"PREFECT_API_URL": prefect_server}
    (tmp_path / "touchy.py").write_text(TOUCHY, encoding="utf-8")
    (tmp_path / "touchy.toml").write_text('plugins = ["touchy.py"]\n', encoding="utf-8")
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--config", tmp_path / "touchy.toml", env=env)
    assert done.returncode == Exit.QUARANTINED, done.stderr
    (tmp_path / "other").mkdir()
    (tmp_path / "other/notes.txt").write_text("Somebody's own.", encoding="utf-8")
    assert copydesk("run", inbox, "--output", tmp_path / "other", env=env).returncode == Exit.USAGE
    until(lambda: {told["title"] for told in webhook.heard} == {"copydesk: look at a run", "copydesk: a run failed"}, "both alerts", 60)
    told = {each["title"]: each for each in webhook.heard}
    assert told["copydesk: a run failed"]["state"] == "FAILED"
    assert told["copydesk: look at a run"]["codes"] == {"plugin_error": 1}
    assert all("/runs/flow-run/" in each["run"] for each in told.values())
