"""Prepare Prefect before it is imported: switch off analytics, find the configured server, or start one."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from copydesk import CopydeskError
from copydesk_flows.console.exits import say

STARTUP_SECONDS = 120
"""How long a server may take to start."""
HEALTH_SECONDS = 5
"""How long each question whether the started server is ready may take."""
POLL_SECONDS = 0.05
"""The pause between two of these questions."""
CHECK_SECONDS = 10
"""How long the configured server may take to answer."""
STOP_SECONDS = 10
"""How long a server may take to end before it is killed."""
PRIVATE = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
"""No analytics, no telemetry."""
SILENT = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}
"""Prefect's log goes to the server only. The commands of copydesk print what the user must know."""

_UNUSED = ("CANCELLATION_CLEANUP", "CLEANUP_RECONCILER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS", "REPOSSESSOR", "SCHEDULER",
           "TRIGGERS")
"""Services of the server that a single run does not use."""
TEMPORARY = {"PREFECT_UI_ENABLED": "false", "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
             "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
             **{f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false" for service in _UNUSED}}
"""For a server of a single run: without its web page, schedules, automations and supervision of other runs."""
LASTING = {"PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"}
"""For a server of schedules: a current run keeps its concurrency slot when the server restarts."""


def prepare_environment(silent: bool) -> None:
    """Set the variables of `PRIVATE`, and those of `SILENT` if ``silent``, unless the user has set them.

    Call it before prefect is imported.
    """
    for name, value in (PRIVATE | (SILENT if silent else {})).items():
        os.environ.setdefault(name, value)


def configured_server() -> str | None:
    """Return the URL of the server that prefect would use, or None. This does not import prefect.

    It looks in the same places and the same order as prefect 3: environment, ``.env``, ``prefect.toml``, ``pyproject.toml``, the active
    profile (https://docs.prefect.io/v3/concepts/settings-and-profiles).
    """
    return next(filter(None, _server_urls()), None)


def _server_urls() -> Iterator[str]:
    yield os.environ.get("PREFECT_API_URL", "")
    yield _from_dotenv(Path(".env"))
    yield _text(_dig(_toml(Path("prefect.toml")), "api", "url"))
    yield _text(_dig(_toml(Path("pyproject.toml")), "tool", "prefect", "api", "url"))
    yield _from_profile()


def _from_dotenv(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        name, _, value = line.removeprefix("export ").partition("=")
        if name.strip() == "PREFECT_API_URL":
            return value.strip().strip("'\"")
    return ""


def _from_profile() -> str:
    profiles = _toml(_profiles())
    active = os.environ.get("PREFECT_PROFILE") or _text(profiles.get("active"))
    return _text(_dig(profiles, "profiles", active, "PREFECT_API_URL"))


def _profiles() -> Path:
    if "PREFECT_PROFILES_PATH" in os.environ:
        return Path(os.environ["PREFECT_PROFILES_PATH"])
    home = os.environ.get("PREFECT_HOME")
    own = Path(home or os.path.expanduser("~/.prefect"), "profiles.toml")  # noqa: PTH111  # Path.expanduser fails when there is no home
    return own if home or os.path.isfile(own) else _shipped_profiles()  # noqa: PTH113  # it is False, too, without permission to look


def _shipped_profiles() -> Path:
    spec = importlib.util.find_spec("prefect")
    folder = next(iter(spec.submodule_search_locations or ()), "") if spec else ""
    return Path(folder) / "settings" / "profiles.toml"


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}  # prefect itself says what is wrong with its files


def _dig(tree: object, *keys: str) -> object:
    for key in keys:
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


@contextmanager
def server(*, temporary: bool, announce: bool = True, silent: bool = False) -> Iterator[str]:
    """Provide the URL of the configured server. If there is none, start a server on loopback that ends with the block.

    Call it before prefect is imported.

    Args:
        temporary: whether a server that is started serves a single run only.
        announce: whether to say that a server is started.
        silent: whether to keep prefect's log out of the terminal.

    Raises:
        CopydeskError: the configured server does not answer, or the server cannot be started.
    """
    prepare_environment(silent)
    url = configured_server()
    if url is not None:
        _check(url)
        yield url
        return
    os.environ.update({name: value for name, value in (TEMPORARY if temporary else LASTING).items() if name not in os.environ})
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    if announce:
        say(f"no Prefect server is configured: starting one at {url} for as long as this runs")
    process = _start(port)
    os.environ["PREFECT_API_URL"] = url
    try:
        importlib.import_module("copydesk_flows.process")  # this process imports prefect while the server does
        _wait(url, process)
        yield url
    finally:
        del os.environ["PREFECT_API_URL"]
        _stop(process)


def _start(port: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PREFECT_SERVER_LOGGING_LEVEL": "WARNING", "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,  # noqa: S603  # this interpreter
                            start_new_session=True)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CopydeskError(f"the Prefect server ended at its start with code {process.returncode}; --direct runs without one")
        with suppress(OSError), urlopen(f"{url}/health", timeout=HEALTH_SECONDS) as answer:  # noqa: S310  # loopback
            if answer.status == 200:
                return
        time.sleep(POLL_SECONDS)
    raise CopydeskError(f"the Prefect server at {url} did not start within {STARTUP_SECONDS} s; --direct runs without one")


def _check(url: str) -> None:
    try:
        with urlopen(f"{url.rstrip('/')}/health", timeout=CHECK_SECONDS):  # noqa: S310  # the user's own setting
            return
    except HTTPError:
        return  # it answers; prefect reports what is wrong
    except (OSError, ValueError) as error:
        raise CopydeskError(f"the Prefect server at {url} does not answer ({error}); start it, or run with --direct") from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
