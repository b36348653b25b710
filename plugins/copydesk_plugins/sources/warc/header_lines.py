"""Knows the lines of a WARC file: where a record may begin, where its header ends, what a Content-Length says."""

from __future__ import annotations

import re

HEADER_BYTES = 1 << 16
"""Bytes that the header lines of a record may have; so may those of the HTTP response inside of it."""
VERSION = b"WARC/"
"""What every record begins with."""
START = re.compile(rb"WARC/[01]\.[0-9]{1,2}[ \t]{0,4}\r?\n")
"""A record's first line where one is due."""
FOUND = re.compile(rb"WARC/[01]\.[0-9]{1,2}[ \t]{0,4}\r?\n(?:WARC-|Content-)[A-Za-z-]{2,40}[ \t]{0,4}:", re.I)
"""A record's beginning where none is due. A damaged line before it may have lost its line end, so this need not begin a line."""
FOUND_BYTES = 80
"""Bytes within which `START` and `FOUND` match."""
LENGTH = re.compile(rb"\nContent-Length[ \t]{0,4}:[ \t]{0,4}([0-9]{1,18})[ \t]{0,4}\r?\n", re.I)
"""A Content-Length among header lines."""
DIGITS = re.compile(r"[0-9]{1,40}")
"""A Content-Length that is a number."""
_RAW = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters, which header lines do not have."""
_UNWRITTEN = re.compile(rb"[^\t\r -~]")
"""What no line of text in ASCII has."""
_LINE_END_BYTES = 3
"""Bytes of the line feed and the empty line behind it (CR LF)."""


def opening(text: bytes, start: int = 0) -> int:
    """Where the first record begins in bytes from ``start`` on, -1 when none does.

    >>> opening(b"x WARC/1.0\\r\\nWARC-Type: resource\\r\\n"), opening(b"about WARC/1.0")
    (2, -1)
    """
    at = text.find(VERSION, start)
    while at >= 0 and not FOUND.match(text, at):
        at = text.find(VERSION, at + 1)
    return at


def header_end(text: bytes, start: int, end: int, searched: int = 0) -> int:
    """Where the empty line behind header lines ends, -1 when there is none before ``end``.

    The search begins at ``searched`` when an earlier one came that far.

    >>> header_end(b"a: 1\\r\\nb: 2\\r\\n\\r\\nx", 0, 99), header_end(b"a: 1\\nb: 2\\n\\nx", 0, 99)
    (14, 11)
    """
    begin = max(start, searched)
    strict = text.find(b"\n\r\n", begin, end)
    loose = text.find(b"\n\n", begin, end if strict < 0 else strict + 1)
    if loose >= 0:
        return loose + 2
    return strict + _LINE_END_BYTES if strict >= 0 else -1


def begins_plainly(head: bytes) -> bool:
    """Whether bytes begin with a record's whole header.

    >>> begins_plainly(b"WARC/1.0\\r\\nWARC-Type: resource\\r\\nContent-Length: 1\\r\\n\\r\\nx"), begins_plainly(b"WARC/1.0")
    (True, False)
    """
    end = header_end(head, 0, HEADER_BYTES)
    return end >= 0 and FOUND.match(head) is not None and LENGTH.search(head, 0, end) is not None


def is_harmed(header: bytes) -> bool:
    """Whether a record's header is damaged: it has raw control characters, or a line that has no name and is no text.

    The type that such a record states cannot be trusted. Only addresses may have control characters, since sites make these.

    >>> is_harmed(b"WARC/1.0\\r\\nWARC-Type: re\\x01\\x9a\\r\\n"), is_harmed(b"WARC/1.0\\r\\nWARC-Target-URI: http://a.example/\\x01\\r\\n")
    (True, False)
    """
    for line in header.split(b"\n")[1:]:
        name, colon, _ = line.partition(b":")
        if not colon and line[:1] not in (b" ", b"\t") and _UNWRITTEN.search(line):
            return True
        if name.strip().lower() != b"warc-target-uri" and _RAW.search(line):
            return True
    return False


def contradicts(head: bytes, length: int) -> bool:
    """Whether the HTTP header lines at the head of a block state another length than the block's.

    >>> contradicts(b"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n12345", 44)
    True
    """
    end = header_end(head, 0, HEADER_BYTES)
    said = LENGTH.search(head, 0, end) if end >= 0 and head.startswith(b"HTTP/") else None
    return said is not None and int(said.group(1)) != length - end
