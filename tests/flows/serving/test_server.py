"""Which Prefect server is configured: our look without importing prefect finds what prefect finds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from copydesk_flows.serving import server
from support.command_line import environment
from support.places import ROOT

OURS = ("from copydesk_flows.serving.server import configured_server; import sys; print(configured_server()); "
        "assert 'prefect' not in sys.modules")
THEIRS = "from prefect.settings import PREFECT_API_URL; print(PREFECT_API_URL.value())"
PROFILES = 'active = "desk"\n[profiles.desk]\nPREFECT_API_URL = "http://127.0.0.1:4310/api"\n[profiles.bare]\n'
FILES = {
    ".env": "PREFECT_API_URL='http://127.0.0.1:4301/api'\n",
    "prefect.toml": '[api]\nurl = "http://127.0.0.1:4302/api"\n',
    "pyproject.toml": '[tool.prefect.api]\nurl = "http://127.0.0.1:4303/api"\n',
    "home/profiles.toml": PROFILES,
}


def answer(code: str, folder: Path, **variables: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], env=environment(folder / "home", **variables), cwd=folder, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("files", "variables", "expected"), [
    ([], {}, "None"),
    ([], {"PREFECT_API_URL": "http://127.0.0.1:4300/api"}, "http://127.0.0.1:4300/api"),
    (list(FILES), {"PREFECT_API_URL": "http://127.0.0.1:4300/api"}, "http://127.0.0.1:4300/api"),
    (list(FILES), {}, "http://127.0.0.1:4301/api"),
    (["prefect.toml", "pyproject.toml", "home/profiles.toml"], {}, "http://127.0.0.1:4302/api"),
    (["pyproject.toml", "home/profiles.toml"], {}, "http://127.0.0.1:4303/api"),
    (["home/profiles.toml"], {}, "http://127.0.0.1:4310/api"),
    (["home/profiles.toml"], {"PREFECT_PROFILE": "bare"}, "None"),
    ([], {"PREFECT_PROFILE": "local", "PREFECT_HOME": ""}, "http://127.0.0.1:4200/api"),
])
def test_we_find_the_server_that_prefect_finds(tmp_path: Path, files: list[str], variables: dict[str, str], expected: str) -> None:
    (tmp_path / "home").mkdir()
    for name in files:
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    assert answer(OURS, tmp_path, **variables) == expected
    assert answer(THEIRS, tmp_path, **variables) == expected


def test_a_broken_file_of_prefect_s_is_not_our_error(tmp_path: Path) -> None:
    (tmp_path / "prefect.toml").write_text("[api\n", encoding="utf-8")
    assert answer(OURS, tmp_path) == "None"


def test_analytics_are_off_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from copydesk_flows.serving.server import PRIVATE, prepare_environment

    for name in PRIVATE:
        monkeypatch.setenv(name, "")  # so that monkeypatch puts back what was there
        monkeypatch.delenv(name)
    monkeypatch.setenv("DO_NOT_TRACK", "0")
    prepare_environment(silent=False)
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ["DO_NOT_TRACK"] == "0"


def test_a_home_that_may_not_be_read_has_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    for name in ("PREFECT_API_URL", "PREFECT_HOME", "PREFECT_PROFILES_PATH", "PREFECT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "read_text", refused)
    monkeypatch.setattr(Path, "stat", refused)
    assert server.configured_server() is None


def test_the_settings_that_the_documentation_names_are_prefect_s() -> None:
    import prefect.settings

    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    named = sorted(set(re.findall(r"PREFECT_[A-Z_]{1,80}", text)) - {"PREFECT_HOME"})
    assert len(named) > 8
    assert [name for name in named if not hasattr(prefect.settings, name)] == []
