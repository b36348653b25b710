"""JSON-LD as pages have it: often not quite JSON, sometimes hostile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from copydesk.errors import refusal
from copydesk.model.page import JsonValue
from copydesk.settings.schema import LimitSettings

JsonObject = dict[str, JsonValue]
_MOST_OBJECTS = 1_000
_MOST_ROOTS = 20


def check(scripts: Sequence[str], limits: LimitSettings) -> None:
    """Let JSON-LD scripts pass on to a parser, or say why not. One pass over the text.

    Raises:
        PageError: all together have too many bytes, or in one of them values are nested too deeply.
    """
    size = sum(len(script.encode("utf-8", "surrogatepass")) for script in scripts)
    if size > limits.json_ld_bytes:
        raise refusal("json_ld_bytes", f"{size} bytes of JSON-LD, the limit is {limits.json_ld_bytes}")
    for script in scripts:
        if script.count("[") + script.count("{") > limits.json_ld_depth:
            _check_depth(script, limits.json_ld_depth)


def _check_depth(script: str, limit: int) -> None:
    depth = 0
    for match in _BRACKET.finditer(script):
        if match.lastgroup == "opening":
            depth += 1
            if depth > limit:
                raise refusal("json_ld_depth", f"JSON-LD nested over {limit} deep")
        elif match.lastgroup == "closing":
            depth = max(0, depth - 1)


def objects(scripts: Sequence[str], limits: LimitSettings) -> tuple[JsonObject, ...]:
    """The objects of JSON-LD scripts in page order, lists and ``@graph`` flattened. What cannot be read is skipped.

    Raises:
        PageError: they are beyond a limit (``limit_json_ld_bytes``, ``limit_json_ld_depth``).

    >>> objects(['<!-- {"@graph": [{"@type": "Person",}]} -->'], LimitSettings())
    ({'@type': 'Person'},)
    """
    check(scripts, limits)
    found: list[JsonObject] = []
    for script in scripts:
        for root in _roots(script):
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
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|(?P<opening>[\[{])|(?P<closing>[\]}])', re.S)
