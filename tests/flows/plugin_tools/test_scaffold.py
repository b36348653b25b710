"""A new plugin works as it is written, and type checkers refuse wrong variants of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import copydesk as core
from copydesk_flows.plugin_tools.scaffold import HOOKS, Wanted, write
from support.command_line import Command, files_of
from support.places import ROOT

RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]["select"]
WRONG = {
    "a wrong type of what is returned": ("-> Iterator[Label]:", "-> Iterator[Reason]:"),
    "a wrong type of an argument": ("(document: Document)", "(document: Label)"),
    "an argument that the hook does not have": ("(document: Document)", "(document: Document, article: str)"),
}
REFUSED = {f"wrong_{number}{form}" for number in range(len(WRONG)) for form in ("", "_method")}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plugin file for each hook, one with all hooks, and a package."""
    folder = tmp_path_factory.mktemp("generated")
    for hook in HOOKS:
        write(Wanted(f"my_{hook}", (hook,), folder=folder))
    write(Wanted("everything", HOOKS, folder=folder))
    write(Wanted("whole", ("tables", "label_blocks"), package=True, folder=folder))
    return folder


def tool(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool in the folder of plugins, without any settings of ours."""
    return subprocess.run([str(each) for each in command], cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def mypy(folder: Path, *paths: str) -> subprocess.CompletedProcess[str]:
    return tool(folder, sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--follow-imports", "silent",
                "--cache-dir", folder.parent / "mypy-cache", *paths)


def pyright(folder: Path) -> dict[str, list[str]]:
    """What pyright refuses, by the file's name; the test is skipped where there is none (``PYRIGHT`` names the program)."""
    program = os.environ.get("PYRIGHT") or shutil.which("pyright")
    if program is None:
        pytest.skip("pyright is not installed: npm install pyright, and name node_modules/.bin/pyright in PYRIGHT")
    paths = ["copydesk-whole/src", *(str(ROOT / part) for part in ("pipeline", "plugins", "flows"))]
    (folder / "pyrightconfig.json").write_text(json.dumps({"include": ["."], "extraPaths": paths}), encoding="utf-8")
    done = tool(folder, program, "--outputjson", "--pythonpath", sys.executable)
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] >= len(list(folder.glob("*.py")))
    found: dict[str, list[str]] = {}
    for each in told["generalDiagnostics"]:
        found.setdefault(Path(each["file"]).stem, []).append(each["message"])
    return found


@pytest.fixture
def variants(tmp_path: Path) -> Path:
    """A folder with a right plugin, as a function and as a method, and its wrong variants."""
    write(Wanted("right", ("label_blocks",), folder=tmp_path))
    text = (tmp_path / "right.py").read_text(encoding="utf-8")
    method = as_method(text)
    (tmp_path / "right_method.py").write_text(method, encoding="utf-8")
    for number, (right, wrong) in enumerate(WRONG.values()):
        assert right in text
        (tmp_path / f"wrong_{number}.py").write_text(text.replace(right, wrong), encoding="utf-8")
        changed = method.replace(right.replace("(", "(self, "), wrong.replace("(", "(self, "))
        (tmp_path / f"wrong_{number}_method.py").write_text(changed, encoding="utf-8")
    return tmp_path


def as_method(text: str) -> str:
    """A plugin's hook as a method of a class ``Plugin``."""
    head, mark, function = text.partition("@hooks.")
    lines = f"{mark}{function}".replace("(document", "(self, document").splitlines()
    return f"{head}class Plugin:\n" + "\n".join(f"    {line}" if line else "" for line in lines) + "\n"


def test_there_is_a_template_for_every_hook(generated: Path) -> None:
    for hook in HOOKS:
        assert re.search(rf"^@hooks.{hook}\ndef {hook}\(", (generated / f"my_{hook}.py").read_text(encoding="utf-8"), re.M)


def test_ruff_has_nothing_to_say(generated: Path) -> None:
    for folder in (generated, generated / "copydesk-whole"):
        plain = tool(folder, sys.executable, "-m", "ruff", "check", "--no-cache", ".")
        assert plain.returncode == 0, plain.stdout
    ours = tool(generated, sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", "--select", ",".join(RULES),
                "--per-file-ignores", "test_*:S101", "--per-file-ignores", "test_*:D1", "--target-version", "py311",
                *sorted(path.name for path in generated.glob("*.py")))
    assert ours.returncode == 0, ours.stdout


def test_mypy_has_nothing_to_say(generated: Path) -> None:
    done = mypy(generated, *sorted(path.name for path in generated.glob("*.py")), "copydesk-whole/src/copydesk_whole")
    assert done.returncode == 0, done.stdout


def test_pyright_has_nothing_to_say(generated: Path) -> None:
    assert pyright(generated) == {}


def test_their_own_tests_pass(generated: Path) -> None:
    files = sorted(path.name for path in generated.glob("test_*.py"))
    done = tool(generated, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files)
    assert done.returncode == 0, done.stdout[-4000:]
    package = tool(generated / "copydesk-whole", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert package.returncode == 0, package.stdout[-4000:]


def test_mypy_refuses_wrong_variants(variants: Path) -> None:
    done = mypy(variants, *sorted(path.name for path in variants.glob("*.py")))
    assert set(re.findall(r"^(\w+)\.py:\d+: error: Value of type variable", done.stdout, re.M)) == REFUSED, done.stdout
    assert set(re.findall(r"^(\w+)\.py:\d+: error", done.stdout, re.M)) == REFUSED, done.stdout


def test_pyright_refuses_wrong_variants(variants: Path) -> None:
    found = pyright(variants)
    assert {name for name, messages in found.items() if any("cannot be assigned to parameter" in text for text in messages)} == REFUSED
    assert set(found) == REFUSED


def test_a_table_of_a_new_plugin_is_in_the_dataset(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    made = copydesk("plugins", "new", "word_counts", "--hook", "tables", "--to", tmp_path)
    assert made.returncode == 0, made.stderr
    (tmp_path / "copydesk.toml").write_text('plugins = ["word_counts.py"]\n', encoding="utf-8")
    done = copydesk("run", inbox, "--direct", "--workers", "0", "--output", tmp_path / "out", "--config", tmp_path / "copydesk.toml")
    assert done.returncode == 0, done.stderr
    rows = core.open_dataset(tmp_path / "out").table("word_counts").to_pylist()
    assert len(rows) == 3
    assert all(row["words"] > 30 and row["paragraphs"] == 3 for row in rows)
    assert copydesk("dataset", "check", tmp_path / "out").returncode == 0
    told = json.loads(copydesk("plugins", "--json", "--config", tmp_path / "copydesk.toml", "--output", tmp_path / "out").stdout)
    assert next(each for each in told["plugins"] if each["name"] == "word_counts")["milliseconds_per_page"] > 0


def test_a_package_names_its_entry_point(generated: Path) -> None:
    package = generated / "copydesk-whole"
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["copydesk"] == {"whole": "copydesk_whole.plugin"}
    assert set(files_of(package)) >= {"pyproject.toml", "README.md", "src/copydesk_whole/__init__.py", "src/copydesk_whole/plugin.py",
                                      "src/copydesk_whole/py.typed", "tests/test_whole.py"}
    assert "licence" in (package / "README.md").read_text(encoding="utf-8")


def test_what_is_there_stays(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "test_podcast_lines.py").write_text("mine\n", encoding="utf-8")
    done = copydesk("plugins", "new", "podcast_lines", "--hook", "label_blocks", "--to", tmp_path)
    assert done.returncode == 2
    assert "test_podcast_lines.py is there already and stays as it is" in done.stderr
    assert (tmp_path / "test_podcast_lines.py").read_text(encoding="utf-8") == "mine\n"
    assert not (tmp_path / "podcast_lines.py").exists()


@pytest.mark.parametrize(("name", "hook", "says"), [
    ("Podcast-Lines", "label_blocks", "is no name for a plugin"), ("class", "label_blocks", "is no name for a plugin"),
    ("../up", "label_blocks", "is no name for a plugin"), ("tables", "tables", "is the name of a hook"),
    ("quotes", "tables", "is the name of a hook, a table"), ("clean_phrases", "tables", "a plugin that is there"),
    ("json", "tables", "a Python module"), ("mine", "label_block", "is label_blocks meant?")])
def test_impossible_wishes_are_told(name: str, hook: str, says: str, copydesk: Command, tmp_path: Path) -> None:
    done = copydesk("plugins", "new", name, "--hook", hook, "--to", tmp_path / "new")
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()
