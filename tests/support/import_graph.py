"""The imports of our three packages, read from the files: module by module, wherever in a file an import stands."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {"copydesk": ROOT / "pipeline", "copydesk_plugins": ROOT / "plugins", "copydesk_flows": ROOT / "flows"}
NOT_CODE = frozenset({"data", "templates"})
"""Folders in the packages that hold no modules of ours: facts, sample pages, templates of plugins to be written."""


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of docs/rooms.toml."""

    name: str
    what: str
    may_import: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """One import of a module of ours by another one; ``is_lazy`` when it stands inside a function."""

    importer: str
    imported: str
    line: int
    is_lazy: bool


def rooms() -> dict[str, Room]:
    """The table of rooms, by name."""
    table = tomllib.loads((ROOT / "docs/rooms.toml").read_text(encoding="utf-8"))
    return {entry["name"]: Room(entry["name"], entry["what"], tuple(entry["may_import"])) for entry in table["rooms"]}


def reasons_for_lazy_imports() -> dict[str, str]:
    """The modules that may import ours inside of functions, with their reasons."""
    lazy: dict[str, str] = tomllib.loads((ROOT / "docs/rooms.toml").read_text(encoding="utf-8"))["lazy"]
    return lazy


def modules() -> dict[str, Path]:
    """The files of our packages by their dotted names; a package's name is that of its ``__init__.py``."""
    found = {}
    for package, root in PACKAGES.items():
        for file in sorted((root / package).rglob("*.py")):
            parts = file.relative_to(root).with_suffix("").parts
            if not NOT_CODE & set(parts[:-1]):
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def sources() -> dict[str, str]:
    """The text of each module."""
    return {name: file.read_text(encoding="utf-8") for name, file in modules().items()}


def imports(texts: Mapping[str, str]) -> Iterator[Import]:
    """All imports of our modules in these modules, those in functions and under ``TYPE_CHECKING`` too."""
    known = modules()
    for importer, text in texts.items():
        yield from _of_module(importer, ast.parse(text), False, known)


def _of_module(importer: str, node: ast.AST, is_lazy: bool, known: Mapping[str, Path]) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        names: Sequence[str] = ()
        if isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{importer}, line {child.lineno}: imports are absolute here"
            whole = (f"{child.module}.{alias.name}" for alias in child.names)
            names = [name if name in known else child.module or "" for name in whole]
        elif isinstance(child, ast.Import):
            names = [alias.name for alias in child.names]
        for name in dict.fromkeys(names):
            if name.partition(".")[0] in PACKAGES:
                assert name in known, f"{importer}, line {child.lineno}: there is no module {name}"
                yield Import(importer, name, child.lineno, is_lazy)
        yield from _of_module(importer, child, is_lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef), known)


def room_of(module: str, table: Mapping[str, Room]) -> str:
    """The room that a module is in: its own when it is one, else its folder's."""
    return module if module in table else module.rpartition(".")[0]


def forbidden(graph: Iterable[Import], table: Mapping[str, Room]) -> list[str]:
    """What crosses a border that the table of rooms does not open, in words."""
    found = []
    for each in graph:
        importer, imported = room_of(each.importer, table), room_of(each.imported, table)
        if importer not in table or imported not in table:
            found.append(f"{each.importer} or {each.imported} is in no room of docs/rooms.toml")
        elif imported != importer and imported not in table[importer].may_import:
            found.append(f"{each.importer}, line {each.line}: {importer} may not import {imported} ({each.imported})")
    return found


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """The names on a circle; none when there is no circle."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []
