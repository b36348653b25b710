"""Every regular expression that the packages ship, and what is wrong with one.

    python tests/support/patterns.py

run each on long hostile texts and on longer ones; its name is printed before it runs, so a hang names its pattern; one whose cost grows
faster than its input ends with exit code 1.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]  # the parser of re: undocumented, stable since 3.11
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from types import ModuleType
from typing import Any

PACKAGES = ("copydesk", "copydesk_plugins", "copydesk_flows")
LENGTH = 8_000
MEASURABLE = 0.003
TRIES = 3
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
SINGLE = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.CATEGORY)


def modules() -> list[ModuleType]:
    """All modules of the packages, the runnable ones left out."""
    found = []
    for name in PACKAGES:
        package = importlib.import_module(name)
        found.append(package)
        found += [importlib.import_module(item.name) for item in pkgutil.walk_packages(package.__path__, f"{name}.")]
    return found


def shipped() -> dict[str, re.Pattern[Any]]:
    """Patterns of modules (constants) and of plugin instances (data files), by where they were found."""
    from copydesk import Pipeline

    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            _collect(value, f"{module.__name__}.{name}", found, set())
    plugins = Pipeline().plugins.manager
    for name, plugin in plugins.list_name_plugin():
        if not isinstance(plugin, ModuleType):
            _collect(plugin, name, found, set())
    unique: dict[tuple[object, int], str] = {}
    for name, pattern in found.items():
        unique.setdefault((pattern.pattern, pattern.flags), name)
    return {name: found[name] for name in unique.values()}


def _collect(value: object, name: str, found: dict[str, re.Pattern[Any]], seen: set[int]) -> None:
    if isinstance(value, re.Pattern):
        found[name] = value
        return
    if id(value) in seen or isinstance(value, str | bytes | int | float | ModuleType | type):
        return
    seen.add(id(value))
    if isinstance(value, dict):
        for key, item in value.items():
            _collect(item, f"{name}[{key!r:.40}]", found, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for position, item in enumerate(value):
            _collect(item, f"{name}[{getattr(item, 'name', position)}]", found, seen)
    elif type(value).__module__.partition(".")[0] in PACKAGES:
        slots = [slot for kind in type(value).__mro__ for slot in getattr(kind, "__slots__", ())]
        for key in [*getattr(value, "__dict__", {}), *slots]:
            _collect(getattr(value, key, None), f"{name}.{key}", found, seen)


def unbounded(pattern: re.Pattern[Any]) -> list[str]:
    """Repetitions without an upper bound that can cost more than one pass.

    Harmless is one repeated character (class) at the very end of the pattern, since what it took the search never takes again, and
    a possessive repetition behind something else, since it never goes back.
    """
    return list(_in_sequence(list(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))))


def _in_sequence(items: list[Any]) -> Iterator[str]:
    """Faults of a sequence that ends the pattern: its last item may be open-ended."""
    *head, last = items or [(codes.ANY, None)]
    for position, item in enumerate(head):
        yield from _anywhere(item, behind=position > 0)
    kind, value = last
    if kind == codes.BRANCH:
        for branch in value[1]:
            yield from _in_sequence(list(branch))
    elif kind == codes.SUBPATTERN:
        yield from _in_sequence(list(value[-1]))
    elif not (kind in REPEATS and len(value[2]) == 1 and value[2][0][0] in SINGLE):
        yield from _anywhere(last, behind=bool(head))


def _anywhere(node: Any, behind: bool) -> Iterator[str]:
    if isinstance(node, parser.SubPattern):
        node = list(node)
    repeated = isinstance(node, tuple) and len(node) == 2 and node[0] in REPEATS and node[1][1] == codes.MAXREPEAT
    if repeated and not (node[0] == codes.POSSESSIVE_REPEAT and behind):
        yield f"{str(node[0]).lower()} of {str(list(node[1][2]))[:60]}"
    if isinstance(node, tuple | list):
        for item in node:
            yield from _anywhere(item, behind)


def hostile(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Units of texts that make a careless pattern go back and forth: its own openings over and over, never its end."""
    sample = _sample(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    own = [sample, sample[:-1], sample + "!", sample[:1]]
    return filter(None, dict.fromkeys([*own, " ", "a", "a ", "A", "Aa ", "1", "“", '"', "'", "-", ".", "<", "\n"]))


def runaway(pattern: re.Pattern[Any]) -> str | None:
    """The unit on which a pattern's cost grows faster than its input; None when it never does.

    CPU seconds are measured on a text and on one four times as long: linear growth costs four times as much, quadratic sixteen times.
    What is quick on the first cannot be quadratic. A measurement that looks bad is taken again, since machines are noisy.
    """
    for unit in hostile(pattern):
        short = _cost(pattern, unit, LENGTH)
        if short < MEASURABLE:
            continue
        for _ in range(TRIES):
            if _cost(pattern, unit, 4 * LENGTH) < 9 * short:
                break
            short = max(short, _cost(pattern, unit, LENGTH))
        else:
            return unit
    return None


def _cost(pattern: re.Pattern[Any], unit: str, length: int) -> float:
    """CPU seconds of a pattern over a text of that length."""
    text = (unit * (length // len(unit) + 1))[:length] + "\0"
    subject: Any = text if isinstance(pattern.pattern, str) else text.encode()
    started = time.process_time()
    sum(1 for _ in pattern.finditer(subject))
    pattern.fullmatch(subject)
    return time.process_time() - started


def _sample(node: Any) -> str:
    """A short text that the pattern likely matches; where that is hard to say, something near it."""
    return "".join(_piece(kind, value) for kind, value in node)


def _piece(kind: Any, value: Any) -> str:
    if kind == codes.LITERAL:
        return chr(value)
    if kind == codes.IN:
        first = value[0]
        return {codes.LITERAL: lambda: chr(first[1]), codes.RANGE: lambda: chr(first[1][0])}.get(first[0], lambda: "a")()
    if kind == codes.BRANCH:
        return _sample(value[1][0])
    if kind == codes.SUBPATTERN:
        return _sample(value[-1])
    if kind in REPEATS:
        return _sample(value[2]) * max(1, min(int(value[0]), 3))
    return "" if kind in (codes.AT, codes.ASSERT, codes.ASSERT_NOT) else "a"


def main() -> int:
    """Run them all."""
    wrong = []
    for name, pattern in shipped().items():
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        unit = runaway(pattern)
        if unit is not None:
            wrong.append(f"{name} on {unit[:30]!r} over and over")
    sys.stderr.writelines(f"grows faster than its input: {line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
