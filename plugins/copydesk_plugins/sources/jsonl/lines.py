"""Splits pieces of bytes into lines, and reads the JSON object on a line within limits.

Only line feeds end a line. No line longer than a bound is held in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LARGE = 1 << 21
"""Bytes of a line from which on `MOST_VALUES` is checked before the line is parsed."""
MOST_VALUES = 2_000_000
"""Characters outside strings that a line of more than `LARGE` bytes may have: a value takes at least one, and up to 100 bytes in memory."""
MOST_DIGITS = 4_000
"""A whole number with this many digits or more is read as infinite: Python refuses to convert very long ones."""
NOT_LINES = frozenset({"json", "encoding", "json_array"})
"""Codes of lines that are no JSON objects."""
_LINE = re.compile(rb"[^\n]++")
"""One line without its line feed."""
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.S)
"""A JSON string, or one that the end of the line cuts off."""


class NotRecord(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a line gives no record: a code and a message."""


def lines(pieces: Iterable[bytes], offset: int, bound: int) -> Iterator[tuple[int, bytes | None, int]]:
    """The offset, bytes and length of each line; a line longer than ``bound`` comes without its bytes.

    The last line needs no line feed. Empty lines are left out. When ``pieces`` raises, the line under way is lost.

    >>> list(lines([b"ab\\nc", b"d\\n"], 0, 10))
    [(0, b'ab', 2), (3, b'cd', 2)]
    """
    held: list[bytes] = []
    begin = size = 0
    for piece in pieces:
        at = 0
        if size:
            cut = piece.find(b"\n")
            part = piece if cut < 0 else piece[:cut]
            size += len(part)
            if size <= bound:
                held.append(part)
            else:
                held = []
            at = len(piece) if cut < 0 else cut + 1
            if cut >= 0:
                yield begin, b"".join(held) if size <= bound else None, size
                held, size = [], 0
        for match in _LINE.finditer(piece, at):
            length = match.end() - match.start()
            line = match.group() if length <= bound else None
            if match.end() < len(piece):
                yield offset + match.start(), line, length
            else:
                begin, size, held = offset + match.start(), length, [line or b""]
        offset += len(piece)
    if size:
        yield begin, b"".join(held) if size <= bound else None, size


def record(line: bytes, most_depth: int, where: str = "line") -> Mapping[str, Any]:
    """The JSON object on a line; messages call the line ``where``.

    NaN is read as a number, and a whole number of thousands of digits as infinite. Of several like keys the last counts.

    Raises:
        NotRecord: it is not UTF-8, not JSON, no object, or nested deeper than ``most_depth``.
    """
    if len(line) > LARGE and line[:1] in (b"{", b"[") and len(_STRINGS.sub(b"", line)) > MOST_VALUES:
        raise NotRecord("limit_values", f"more than {MOST_VALUES} characters outside strings")
    try:
        value = _parse(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotRecord("encoding", f"not UTF-8: byte 0x{line[error.start]:02x} at byte {error.start} of the {where}") from error
    except json.JSONDecodeError as error:
        raise NotRecord("json", f"not JSON: {error.msg} (character {error.pos} of the {where})") from error
    except RecursionError as error:
        raise NotRecord("limit_depth", f"nested deeper than {most_depth}") from error
    except MemoryError as error:
        raise NotRecord("limit_memory", f"no memory for a {where} of {len(line)} bytes") from error
    if isinstance(value, list) and value and isinstance(value[0], dict):
        raise NotRecord("json_array", "an array of objects: write one object a line")
    if not isinstance(value, dict):
        raise NotRecord("json", f"a JSON {_KINDS.get(type(value), 'number')} where an object is due")
    if not _within(value, most_depth):
        raise NotRecord("limit_depth", f"nested deeper than {most_depth}")
    return value


def _parse(text: str) -> Any:
    """A JSON value; control characters in strings are let pass."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a whole number of more digits than Python converts
        return _PATIENT.decode(text)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < MOST_DIGITS else float("-inf" if digits.startswith("-") else "inf")


def _within(root: Mapping[str, Any], most: int) -> bool:
    """Whether a value is nested at most ``most`` levels deep."""
    level: list[Any] = [root]
    for _ in range(most + 1):
        level = [inner for value in level for inner in (value.values() if isinstance(value, dict) else value)
                 if isinstance(inner, dict | list)]
        if not level:
            return True
    return False


_DECODER = json.JSONDecoder(strict=False)
"""Lets control characters in strings pass."""
_PATIENT = json.JSONDecoder(strict=False, parse_int=_integer)
"""Reads the rare text with a number that `_DECODER` refuses."""
_KINDS = {list: "array", str: "string", bool: "true or false", type(None): "null"}
"""What a JSON value that is no object is called in messages; all other types are numbers."""
