"""Fixtures of the tests that talk to an object store; `conftest` names this file to pytest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copydesk.storage import retry
from support.object_server import S3, serving


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    """A server for the tests of a module."""
    with serving() as found:
        yield found


@pytest.fixture
def s3(server: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """The same without faults at first, for runs that have a mirror of their own and lose no time between attempts."""
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(retry, "RETRY_SECONDS", (0.0, 0.01, 0.02))
    server.faults.reset()
    yield server
    server.faults.reset()
