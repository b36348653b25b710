"""The contract: every hook documented with a running example, every field described, every regular expression bounded."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys

import pytest

import copydesk
from copydesk import hookspecs
from copydesk.dataset.format.schemas import SCHEMAS
from support import patterns
from support.places import ROOT

HOOKS = [name for name, item in vars(hookspecs).items() if hasattr(item, "copydesk_spec")]
GUARD_SECONDS = 400
"""Many times what the patterns need on a slow machine; a pattern with runaway backtracking needs hours."""


def test_all_hooks_of_the_design_are_there() -> None:
    assert {"plan_source", "open_source", "extract", "label_blocks", "propose_metadata", "choose_metadata", "propose_quotes", "tables",
            "run_finished"} <= set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_has_types_and_a_running_example(hook: str) -> None:
    function = getattr(hookspecs, hook)
    signature = inspect.signature(function)
    annotations = [item.annotation for item in signature.parameters.values()] + [signature.return_annotation]
    assert inspect.Parameter.empty not in annotations
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")
    assert any(f"def {hook}(" in example.source for example in examples), "the example implements the hook"
    assert any(example.want for example in examples), "the example shows what comes out"


@pytest.mark.parametrize("hook", HOOKS)
def test_the_docs_list_the_hook_with_its_arguments(hook: str) -> None:
    section = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8").partition(f"\n### `{hook}`\n")[2].partition("\n### ")[0]
    assert section, f"docs/plugins.md has no section for {hook}"
    for name in inspect.signature(getattr(hookspecs, hook)).parameters:
        assert re.search(rf"\b{name}: ", section), f"{hook} in docs/plugins.md lacks its argument {name}"


@pytest.mark.parametrize("module", patterns.modules(), ids=lambda module: module.__name__)
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS)  # type: ignore[arg-type]  # a parameter of pytest
    assert result.failed == 0


@pytest.mark.parametrize("name", copydesk.__all__)
def test_public_names_have_docstrings(name: str) -> None:
    item = getattr(copydesk, name)
    if inspect.isclass(item) or inspect.isfunction(item):
        written = (item.__doc__ or "").strip()
        assert written, f"copydesk.{name} has no docstring"
        assert not written.startswith(f"{name}("), f"copydesk.{name} has only the docstring that dataclasses make"


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_field_is_described(table: str) -> None:
    document = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = document.partition(f"\n## {table}\n")[2].partition("\n## ")[0]
    for field in SCHEMAS[table]:
        description = (field.metadata or {}).get(b"description", b"").decode()
        assert len(description) > 5, f"{table}.{field.name} has no description"
        assert f"| `{field.name}` | `{field.type}` |" in section, f"docs/data.md lacks {table}.{field.name}"


def test_every_pattern_is_bounded() -> None:
    found = patterns.shipped()
    assert len(found) > 50, "the shipped patterns were not found"
    wrong = {name: faults for name, pattern in found.items() if (faults := patterns.unbounded(pattern))}
    assert not wrong


@pytest.mark.parametrize(("pattern", "faults"), [
    (r"\s+$", 1), (r"a.*b", 1), (r"(?:\w+ )+", 2), (r"\s+", 0), (r"[^”]{1,1000}”", 0), (r"(a+)", 0)])
def test_the_bounds_check_can_fail(pattern: str, faults: int) -> None:
    assert len(patterns.unbounded(re.compile(pattern))) == faults


@pytest.mark.parametrize(("pattern", "runs"), [(r"\s+$", True), (r"x.*y", True), (r"[^”]{1,1000}”", False), (r"\w{2,30}", False)])
def test_the_growth_check_can_fail(pattern: str, runs: bool) -> None:
    assert (patterns.runaway(re.compile(pattern)) is not None) is runs


def test_no_pattern_runs_away() -> None:
    """Each pattern on long hostile texts, in a process of its own: it ends, and its cost grows no faster than its input."""
    command = [sys.executable, str(ROOT / "tests" / "support" / "patterns.py")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=GUARD_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
        pytest.fail(f"runs away: {output.decode().splitlines()[-1] if isinstance(output, bytes) and output else 'the first pattern'}")
    assert done.returncode == 0, done.stderr[-2000:]
