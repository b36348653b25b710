"""Lines of a file that is cut into ranges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Fault
from copydesk_plugins.sources.jsonl.lines import lines
from support.line_files import MARK, RECORDS, ids, opened


@settings(deadline=None)
@given(pieces=st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r\n", b" ", b"\x85", "\u2028".encode(), b"\n\n\n", b"long" * 5])),
       cuts=st.lists(st.integers(1, 7), min_size=1))
def test_lines_are_what_line_feeds_part(pieces: list[bytes], cuts: list[int]) -> None:
    text, cut, at = b"".join(pieces), list[bytes](), 0
    while at < len(text):
        step = cuts[len(cut) % len(cuts)]
        cut.append(text[at:at + step])
        at += step
    due, offset = [], 0
    for line in text.split(b"\n"):
        if line.strip():
            due.append((offset, line if len(line) <= 12 else None, len(line)))
        offset += len(line) + 1
    assert [found for found in lines(cut, 0, 12) if found[1] is None or found[1].strip()] == due


LINE = st.sampled_from([*RECORDS[:4], b"", b"  ", b"\r", b"no json", RECORDS[5] + b"\r", b'{"text": "caf\xe9"}', b"{}", MARK + RECORDS[6],
                        json.dumps({"text": "a\u2028b\x85c"}, ensure_ascii=False).encode()])


@settings(deadline=None)
@given(found=st.lists(LINE, max_size=12), ended=st.booleans(), marked=st.booleans(), range_bytes=st.integers(1, 1_500))
def test_ranges_together_are_one_pass(tmp_path_factory: pytest.TempPathFactory, found: list[bytes], ended: bool, marked: bool,
                                      range_bytes: int) -> None:
    content = MARK * marked + b"\n".join(found) + b"\n" * ended
    path = tmp_path_factory.mktemp("ranges") / "a.jsonl"
    whole = [item for item in opened(path, content) if not isinstance(item, Fault) or item.code != "empty"]
    assert opened(path, content, range_bytes) == whole or not whole
    assert len({item.source_offset for item in whole}) == len(whole)


def test_a_line_over_several_ranges_belongs_to_the_first(tmp_path: Path) -> None:
    content = b'{"id": "long", "text": "' + b"x" * 5_000 + b'"}\n' + RECORDS[0]
    assert ids(opened(tmp_path / "a.jsonl", content, 700)) == ["long", "0"]
