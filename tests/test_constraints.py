"""``constraints.txt`` pins what ``pyproject.toml`` asks for, and names no host and no path."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = {**PROJECT["project"]["optional-dependencies"], **PROJECT["dependency-groups"]}
WANTED = list(dict.fromkeys([*PROJECT["project"]["dependencies"], *(wanted for group in GROUPS.values() for wanted in group)]))
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if line and not line.startswith("#")]


@pytest.mark.parametrize("wanted", WANTED)
def test_the_pin_is_in_the_range(wanted: str) -> None:
    requirement = Requirement(wanted)
    pins = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
    assert pins, f"constraints.txt has no pin for {requirement.name}"
    for pin in pins:
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        assert requirement.specifier.contains(specifier.version, prereleases=True), f"{pin} is outside {wanted}"


def test_no_host_and_no_path() -> None:
    text = "\n".join(LINES)
    assert not re.search(r"://|@|^-", text, re.M)
    assert "copydesk==" not in text
