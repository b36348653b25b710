"""What the documentation shows, works: its Python and shell blocks are run, its files written, in a copy of the sample pages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from copydesk.settings.schema import from_mapping
from copydesk_flows.console.exits import EXIT_CODES
from support.doc_blocks import FENCE, CodeBlock, code_blocks
from support.places import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture
def workplace(tmp_path: Path, seeds_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a reader of the documentation has: the sample pages and the dataset of the first command."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    shutil.copytree(seeds_dataset, tmp_path / "output")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_blocks_run(document: Path, workplace: Path) -> None:
    names: dict[str, Any] = {"__name__": "__docs__"}
    for block in code_blocks(document):
        if block.file:
            (workplace / block.file).parent.mkdir(exist_ok=True)
            (workplace / block.file).write_text(block.text.partition("\n")[2] if block.language == "text" else block.text, encoding="utf-8")
        if block.runs and block.language == "sh":
            _shell(block, workplace)
        elif block.runs:
            exec(compile(block.text, f"{document.name}: {block.text[:40]!r}", "exec"), names)


def _shell(block: CodeBlock, folder: Path) -> None:
    tools = Path(sys.executable).parent
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "120", "PREFECT_HOME": str(folder / "prefect")}
    environment.pop("PREFECT_API_URL", None)
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block.text], cwd=folder, env=environment, capture_output=True,
                          text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{block.text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_settings_are_settings(document: Path) -> None:
    """Every TOML block that is a settings file (or part of one) passes validation; plugins it names need not exist here."""
    for block in code_blocks(document):
        if block.language != "toml" or "[project" in block.text:
            continue
        from_mapping(tomllib.loads(block.text), origin=document.name)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    prose = FENCE.sub("", document.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!https?:)([^)#\s]{1,200})", prose):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_readme_has_its_two_commands() -> None:
    comments = [block.comment for block in code_blocks(ROOT / "README.md")]
    assert [comments.count(name) for name in ("setup command", "test command")] == [1, 1]
    assert "setup command" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_output_shown_is_that_of_a_run(seeds_dataset: Path) -> None:
    """Outcomes, articles and quotes of the pasted summary are today's; the counts of removals may move with the rules."""
    shown = (ROOT / "README.md").read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    commit = json.loads(next((seeds_dataset / "_commits").glob("*.json")).read_text(encoding="utf-8"))
    wanted = {name: count for name, count in commit["counts"].items() if count}
    wanted |= {name: commit["rows"][name] for name in ("articles", "quotes")}
    for name, count in wanted.items():
        assert re.search(rf"\b{name} +{count}\b", shown), f"the README does not show {name} {count}"


def test_the_readme_names_all_exit_codes() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    assert {int(code) for code in re.findall(r"`(\d{1,3})`", section)} == {code.value for code in EXIT_CODES}


def test_all_samples_are_described() -> None:
    table = (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")
    samples = {path.name for path in (ROOT / "seeds").iterdir()} - {"README.md"}
    assert set(re.findall(r"^\| `([^`]+)`", table, re.M)) == samples


def test_what_is_generated_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "docs/generate.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
