"""Real servers for the tests, on loopback: Prefect's, PostgreSQL, a worker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from support.command_line import environment

slow = pytest.mark.skipif(not os.environ.get("COPYDESK_SLOW"), reason="takes long: set COPYDESK_SLOW=1, as .ci/full does")
QUICK = {"PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2"}


def until(true: Callable[[], Any], what: str, seconds: float = 120) -> Any:
    """Wait until something holds; its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = true()
        if value:
            return value
        time.sleep(0.25)
    raise AssertionError(f"not within {seconds} s: {what}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end(process: subprocess.Popen[Any], how: int = signal.SIGTERM) -> None:
    """End a process, by force when it does not listen."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def started(home: Path, name: str, *command: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of our own in a session of its own, its log in ``home``."""
    with (home / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment(home, **variables), cwd=home, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            end(process)


def start_server(home: Path, port: int, **variables: str) -> subprocess.Popen[bytes]:
    """A Prefect server on a port; it answers."""
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("ab") as log:
        own = {"PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_UI_URL": f"http://127.0.0.1:{port}"}
        environ = environment(home, **QUICK, **own, **variables)
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the Prefect server ended at its start"
        try:
            with urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
                return server
        except OSError:
            time.sleep(0.2)
    end(server, signal.SIGKILL)
    raise AssertionError("the Prefect server did not start in two minutes")


@contextmanager
def a_server(home: Path, **variables: str) -> Iterator[str]:
    """The API's URL of a Prefect server."""
    port = free_port()
    server = start_server(home, port, **variables)
    try:
        yield f"http://127.0.0.1:{port}/api"
    finally:
        end(server)


@contextmanager
def a_worker(home: Path, api: str, pool: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process worker of a pool, with a process group of its own."""
    with started(home, "worker", sys.executable, "-m", "prefect", "worker", "start", "--pool", pool,
                 PREFECT_API_URL=api, PREFECT_WORKER_QUERY_SECONDS="2") as process:
        yield process


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    place = shutil.which("initdb") or (str(found[-1]) if found else None)
    return Path(place).parent if place else None


@contextmanager
def a_database() -> Iterator[str]:
    """The URL, for Prefect, of a PostgreSQL of our own on loopback; skips where it is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    data, port, as_owner = Path("/tmp") / f"copydesk-pg-{os.getpid()}", free_port(), list[str]()  # its socket's path must be short
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(data, "postgres", "postgres")
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={data} -c fsync=off"
    try:
        for command in ([str(programs / "initdb"), "-D", str(data / "db"), "-U", "copydesk", "-A", "trust", "-E", "UTF8", "--no-sync"],
                        [str(programs / "pg_ctl"), "-D", str(data / "db"), "-o", options, "-l", str(data / "log"), "-w", "start"]):
            done = subprocess.run([*as_owner, *command], cwd="/", capture_output=True, text=True, timeout=120, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        yield f"postgresql+asyncpg://copydesk@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*as_owner, str(programs / "pg_ctl"), "-D", str(data / "db"), "-m", "immediate", "stop"], cwd="/",
                       capture_output=True, timeout=60, check=False)
        shutil.rmtree(data, ignore_errors=True)
