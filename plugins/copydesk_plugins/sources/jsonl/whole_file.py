"""Tells whether a file named .json is one object over any number of lines, or has an object on each line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from copydesk_plugins.sources.jsonl.lines import NOT_LINES, NotRecord, record
from copydesk_plugins.sources.jsonl.streams import ARRAY, MARK, Broken, Form, opens_array, pieces


def whole(file: BinaryIO, form: Form, bound: int, most_depth: int) -> bytes | None:
    """The file's text when it must be read as one object; None when it must be read line by line.

    A file is read line by line in two cases. Its first line is an object; or its second line is one, and the whole text is no object
    or is larger than ``bound``.

    Raises:
        Broken: it is an array of objects; it is larger than ``bound``; the packed data is cut off or damaged.
    """
    text, broken = _begin(file, form, bound)
    if opens_array(text):
        raise Broken(*ARRAY, None)
    several = _several(text)
    first, second = next(several, b""), next(several, b"")
    if not second or _is_record(first, most_depth):
        return None
    if broken is None and (not _is_record(second, most_depth) or _is_record(text, most_depth)):
        return text
    if broken is None or _is_record(second, most_depth):
        return None
    raise broken


def _begin(file: BinaryIO, form: Form, bound: int) -> tuple[bytes, Broken | None]:
    """The file's text up to ``bound`` bytes, and the error that cut it short (None for a whole text)."""
    held, size, broken = list[bytes](), 0, None
    file.seek(0)
    try:
        for piece in pieces(file, form):
            held.append(piece)
            size += len(piece)
            if size > bound:
                broken = Broken("limit_page_bytes", f"one JSON value of more than {bound} bytes", 0)
                break
    except Broken as error:
        broken = Broken(*error.args[:2], 0)
    return b"".join(held).removeprefix(MARK), broken


def _several(text: bytes) -> Iterator[bytes]:
    """The lines of a text that are not blank."""
    at = 0
    while at < len(text):
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].strip()
        if line:
            yield line
        at = end + 1


def _is_record(line: bytes, most_depth: int) -> bool:
    """Whether a line is a JSON object, also one beyond the limits."""
    try:
        record(line, most_depth)
    except NotRecord as error:
        return error.args[0] not in NOT_LINES
    return True
