"""Read the JSON-LD scripts of a page. They are often not quite valid JSON, and sometimes made to break parsers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from copydesk.errors import refusal
from copydesk.model.page import JsonValue
from copydesk.settings.schema import LimitSettings

JsonObject = dict[str, JsonValue]
_MOST_OBJECTS = 1_000
"""Objects that are kept of a page."""
_MOST_ROOTS = 20
"""Values that are read from one script, one after the other."""
_OPENING = 200
"""Characters at the start of a script in which comment and CDATA marks are removed."""
_MOST_INTEGER_DIGITS = 20
"""A whole number with so many characters, or more, is read as a float."""


def check(scripts: Sequence[str], limits: LimitSettings) -> None:
    """Check the size and the depth of JSON-LD scripts before they are parsed, in one pass over the text.

    Raises:
        PageError: the scripts together have too many bytes, or one of them nests values too deeply.
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
    """Read the objects of JSON-LD scripts in page order, with lists and ``@graph`` flattened. Scripts that cannot be read are skipped.

    Raises:
        PageError: the scripts are beyond a limit (``limit_json_ld_bytes``, ``limit_json_ld_depth``).

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
    text = _WRAPPING.sub("", script[:_OPENING]) + script[_OPENING:]
    for candidate in (text, _COMMA.sub(r"\1", text)):
        try:
            values = list(_values(candidate))
        except (ValueError, RecursionError):
            continue
        if values:
            return values
    return []


def _values(text: str) -> Iterator[JsonValue]:
    """Read the first value of a text and the values that follow it directly. Anything else behind them is ignored."""
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
    return int(digits) if len(digits) < _MOST_INTEGER_DIGITS else float(digits)


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
