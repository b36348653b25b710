"""A file named .json: one object over any number of lines, or in truth an object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from copydesk_plugins.sources.jsonl.lines import NOT_LINES, NotRecord, record
from copydesk_plugins.sources.jsonl.streams import ARRAY, MARK, Broken, Form, opens_array, pieces


def whole(file: BinaryIO, form: Form, bound: int, most_depth: int) -> bytes | None:
    """The file's text when it is to be read as one object; None when it is to be read line by line.

    That is so when its first line is an object, or when all of it is none (or larger than ``bound``) and its second line is one.

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
    """The file's text up to a bound, and what keeps it from being all of it."""
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
    """Whether a line is an object, readable or not."""
    try:
        record(line, most_depth)
    except NotRecord as error:
        return error.args[0] not in NOT_LINES
    return True
