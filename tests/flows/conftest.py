"""What the tests of the command line and of the flows share: pages, a way to call ``copydesk``, a real Prefect server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from support.command_line import Command, Result, environment, story
from support.servers import a_database, a_server


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
    """The API's URL of a real Prefect server on loopback, on SQLite."""
    with a_server(prefect_home) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API's URL of a real Prefect server on loopback, on PostgreSQL."""
    home = tmp_path_factory.mktemp("prefect-home")
    with a_database() as database, a_server(home, PREFECT_API_DATABASE_CONNECTION_URL=database) as url:
        yield url


@pytest.fixture
def api(prefect_server: str) -> Iterator[str]:
    """The session's server as the one that prefect uses in this process."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: prefect_server}):
        yield prefect_server
