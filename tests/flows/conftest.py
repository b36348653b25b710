"""What the tests of the command line and of the flows share: pages, a way to call ``copydesk``, a real Prefect server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.request import urlopen

import pytest
from flows_support import environment, story

Result = subprocess.CompletedProcess[str]
Command = Callable[..., Result]

@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder of three articles."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(3):
        (folder / f"story-{number}.html").write_text(story(number), encoding="utf-8")
    return folder


@pytest.fixture
def copydesk(tmp_path: Path) -> Command:
    """Call the command in an empty working folder."""
    folder = tmp_path / "cwd"
    folder.mkdir()

    def call(*arguments: str | Path, env: Mapping[str, str] | None = None, stdin: str | None = None, cwd: Path | None = None) -> Result:
        command = [sys.executable, "-m", "copydesk_flows.cli", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd or folder, env=environment(tmp_path / "home", **(env or {})), input=stdin,
                              capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)

    return call


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prefect's home for the session."""
    return tmp_path_factory.mktemp("prefect-home")


@pytest.fixture(scope="session")
def prefect_server(prefect_home: Path) -> Iterator[str]:
    """The API's URL of a real Prefect server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    quick = {"PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2"}
    with (prefect_home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment(prefect_home, **quick), stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(url, server)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the Prefect server ended at its start"
        try:
            with urlopen(f"{url}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the Prefect server did not start in two minutes")
