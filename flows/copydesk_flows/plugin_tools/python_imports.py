"""Write the imports of a Python file, sorted as ruff sorts them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

Imports = Mapping[str, Iterable[str]]
"""The names to import, by module. No name imports the module itself; ``as x`` imports it under that name."""
UNTYPED = ("pyarrow",)
"""Modules without type information; their imports get a comment for type checkers."""
WIDTH = 88
"""The longest line of an import: the default line length of ruff."""


def merged(parts: Iterable[Imports]) -> dict[str, set[str]]:
    """Merge several groups of imports.

    >>> {module: sorted(names) for module, names in merged([{"re": []}, {"copydesk": ["b"]}, {"copydesk": ["a"]}]).items()}
    {'re': [], 'copydesk': ['a', 'b']}
    """
    found: dict[str, set[str]] = {}
    for part in parts:
        for module, names in part.items():
            found.setdefault(module, set()).update(names)
    return found


def import_lines(others: Imports, own: Imports | None = None) -> str:
    """Return the import statements: the standard library's, those of installed packages, and ``own`` ones, with a blank line between.

    >>> print(import_lines({"re": [], "copydesk": ["hooks", "Label", "LIMIT"]}, {"mine": []}))
    import re
    <BLANKLINE>
    from copydesk import LIMIT, Label, hooks
    <BLANKLINE>
    import mine
    """
    standard = {module: names for module, names in others.items() if module.partition(".")[0] in sys.stdlib_module_names}
    installed = {module: names for module, names in others.items() if module not in standard}
    return "\n\n".join(_block(part) for part in (standard, installed, own or {}) if part)


def _block(imports: Imports) -> str:
    whole = sorted((module, set(names)) for module, names in imports.items() if all(name.startswith("as ") for name in names))
    parts = sorted((module, sorted(names, key=_rank)) for module, names in imports.items() if module not in dict(whole))
    lines = [" ".join(["import", module, *names]) + ("  # type: ignore[import-untyped]" if module in UNTYPED else "")
             for module, names in whole]
    return "\n".join([*lines, *(_from(module, names) for module, names in parts)])


def _from(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    return line if len(line) <= WIDTH else f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _rank(name: str) -> tuple[int, str]:
    """Return a sort key: constants come first, then classes, then other names."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2), name
