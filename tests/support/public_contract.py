"""The public contract as data: every public name with what its users rely on.

    python tests/support/public_contract.py        write tests/support/public_contract.json anew

That is refused while a change stands in no new line of the changelog. The snapshot also knows which lines were there when it was written:
an old line that happens to name the same word tells of no later change.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import importlib
import inspect
import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

HERE = Path(__file__).resolve().parent
SNAPSHOT = HERE / "public_contract.json"
CHANGELOG = HERE.parents[1] / "CHANGELOG.md"
MODULES = ("copydesk", "copydesk.hooks", "copydesk.testing")
HOOKS = "copydesk.hookspecs"


def contract() -> dict[str, str]:
    """What each public name promises: ``module.name`` or ``module.Class.member``, then its signature, type or value."""
    found: dict[str, str] = {}
    for name in MODULES:
        module = importlib.import_module(name)
        for public in module.__all__:
            found.update(_described(f"{name}.{public}", getattr(module, public)))
    found.update(_hooks(importlib.import_module(HOOKS)))
    return dict(sorted(found.items()))


def _hooks(specs: ModuleType) -> dict[str, str]:
    marked = {name: (item, item.copydesk_spec) for name, item in vars(specs).items() if hasattr(item, "copydesk_spec")}
    return {f"hook {name}": f"{_signature(item)}{', the first answer wins' if options['firstresult'] else ''}"
            for name, (item, options) in marked.items()}


def _described(name: str, item: object) -> Iterator[tuple[str, str]]:
    """A name, and its members when it is a class."""
    if not inspect.isclass(item):
        yield name, _signature(item) if callable(item) and not hasattr(item, "__origin__") else type(item).__name__
        return
    yield name, f"class({', '.join(base.__name__ for base in item.__bases__)})"
    yield from ((f"{name}.{member}", told) for member, told in _members(item) if not member.startswith(("_", "model_")))


def _members(item: type) -> Iterator[tuple[str, str]]:
    if issubclass(item, enum.Enum):
        yield from ((member.name, repr(member.value)) for member in item)
    elif issubclass(item, BaseModel):
        yield from ((field, f"{_plain(info.annotation)} = {_default(info.default)}") for field, info in item.model_fields.items())
    elif dataclasses.is_dataclass(item):
        yield from ((field.name, f"{_plain(field.type)}{'' if _is_required(field) else ' = …'}") for field in dataclasses.fields(item))
    elif "__init__" in vars(item):
        yield "()", _signature(vars(item)["__init__"])
    for name, value in vars(item).items():
        if isinstance(value, property):
            yield name, f"property {_signature(value.fget)}"
        elif isinstance(value, classmethod | staticmethod):
            yield name, f"{type(value).__name__} {_signature(value.__func__)}"
        elif inspect.isfunction(value):
            yield name, _signature(value)


def _is_required(field: dataclasses.Field[object]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _default(value: object) -> str:
    return "required" if repr(value) == "PydanticUndefined" else repr(value)


def _plain(annotation: object) -> str:
    """An annotation as it is written, without modules."""
    told = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", told)


def _signature(item: object) -> str:
    try:
        return _plain(str(inspect.signature(item)).replace("'", ""))  # type: ignore[arg-type]  # a TypeError says that it is none
    except (TypeError, ValueError):
        return type(item).__name__


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """The names that came, went or changed, each with what happened."""
    told = {name: f"gone (was {before[name]})" for name in before if name not in now}
    told.update({name: f"new: {now[name]}" for name in now if name not in before})
    told.update({name: f"was {before[name]}, is {now[name]}" for name in before if name in now and before[name] != now[name]})
    return told


def unreleased(changelog: str) -> str:
    """The text of the section ``[Unreleased]``."""
    return re.split(r"^## \[", changelog.partition("## [Unreleased]")[2], maxsplit=1, flags=re.MULTILINE)[0]


def lines(changelog: str) -> dict[str, str]:
    """The items of ``[Unreleased]``, each by a digest of its words."""
    items = (" ".join(item.split()) for item in re.split(r"^- ", unreleased(changelog), flags=re.MULTILINE)[1:])
    return {hashlib.sha256(item.encode()).hexdigest()[:12]: item for item in items}


def untold(changed: Mapping[str, str], changelog: str, known: Collection[str] = ()) -> dict[str, str]:
    """The changes that no item of ``[Unreleased]`` tells in back quotes: a class or function by its name, a member as ``Class.member``,
    for many a word is said of something else, or by its class when that came or went whole.

    ``known`` are the digests of items that do not count: they were there before the changes.
    """
    fresh = " ".join(item for digest, item in lines(changelog).items() if digest not in known)
    quoted = re.findall(r"`([^`]+)`", fresh)
    said = {told for pattern in (r"\w+", r"(?=\b(\w+\.\w+))") for code in quoted for told in re.findall(pattern, code)}
    return {name: told for name, told in changed.items() if _shown(_whole(name, changed)) not in said and _shown(name) not in said}


def _shown(name: str) -> str:
    """A name as the changelog has it: ``read``, ``label_blocks``, ``Label.weight``."""
    owner, _, last = name.removeprefix("hook ").rpartition(".")
    named = owner.rpartition(".")[2]
    return f"{named}.{last}" if named[:1].isupper() else last


def pending() -> dict[str, str]:
    """What changed since the snapshot and stands in no newer line of the changelog."""
    before = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    return untold(changes(before["contract"], contract()), CHANGELOG.read_text(encoding="utf-8"), before["changelog"])


def _whole(name: str, changed: Mapping[str, str]) -> str:
    """The class of a member, when the class itself is among the changes or the member is how it is called; else the name."""
    owner, _, member = name.rpartition(".")
    return owner if owner in changed or member == "()" else name


def main() -> None:
    """Write the snapshot."""
    if missing := pending():
        sys.exit("name each of these in back quotes in a new line under [Unreleased] in CHANGELOG.md:\n" + "\n".join(
            f"  {name}: {told}" for name, told in missing.items()))
    made = {"changelog": sorted(lines(CHANGELOG.read_text(encoding="utf-8"))), "contract": contract()}
    SNAPSHOT.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
