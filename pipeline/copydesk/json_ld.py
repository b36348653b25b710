"""JSON-LD as pages have it: often not quite JSON, sometimes hostile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from copydesk.model import JsonValue
from copydesk.settings import LimitSettings

JsonObject = dict[str, JsonValue]
_MOST_OBJECTS = 1_000
_MOST_ROOTS = 20


def objects(scripts: Iterable[str], limits: LimitSettings) -> tuple[JsonObject, ...]:
    """The objects of JSON-LD scripts in page order, lists and ``@graph`` flattened. What cannot be read or is beyond a limit is skipped.

    >>> objects(['<!-- {"@graph": [{"@type": "Person",}]} -->'], LimitSettings())
    ({'@type': 'Person'},)
    """
    found: list[JsonObject] = []
    left = limits.json_ld_bytes
    for script in scripts:
        left -= len(script.encode("utf-8", "surrogatepass"))
        if left < 0:
            break
        for root in _roots(script):
            if _depth_within(root, limits.json_ld_depth):
                found.extend(_flattened(root))
    return tuple(found[:_MOST_OBJECTS])


def _roots(script: str) -> list[JsonValue]:
    text = _WRAPPING.sub("", script[:200]) + script[200:]
    for candidate in (text, _COMMA.sub(r"\1", text)):
        try:
            values = list(_values(candidate))
        except (ValueError, RecursionError):
            continue
        if values:
            return values
    return []


def _values(text: str) -> Iterator[JsonValue]:
    """The first value of a text, and those that follow it directly; whatever else follows is no matter."""
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda name: None, parse_int=_integer)
    position = 0
    for _ in range(_MOST_ROOTS):
        position = _next_value(text, position)
        if position < 0:
            return
        value, position = decoder.raw_decode(text, position)
        yield value


def _next_value(text: str, position: int) -> int:
    match = _BETWEEN.match(text, position)
    start = match.end() if match else position
    return start if text[start : start + 1] in ("{", "[") else -1


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


def _depth_within(root: JsonValue, limit: int) -> bool:
    level: list[JsonValue] = [root]
    for _ in range(limit + 1):
        level = [inner for value in level for inner in _inner(value)]
        if not level:
            return True
    return False


def _inner(value: JsonValue) -> Iterable[JsonValue]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _flattened(root: JsonValue) -> Iterator[JsonObject]:
    if isinstance(root, list):
        for value in root:
            yield from _flattened(value)
    elif isinstance(root, dict):
        graph = root.get("@graph")
        if isinstance(graph, list | dict):
            yield from _flattened(graph)
            root = {key: value for key, value in root.items() if key != "@graph"}
        if set(root) - {"@context", "@id"}:
            yield root


_WRAPPING = re.compile(r"^[\s;]{0,100}(?:/[/*]\s{0,20})?(?:<!\[CDATA\[|<!--)?(?:\s{0,20}\*/)?")
_BETWEEN = re.compile(r"[\s,;]*+")
_COMMA = re.compile(r",\s*+([}\]])")
