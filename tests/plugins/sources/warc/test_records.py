"""Damaged web archives: whatever lies outside the damage comes out as it was, and the damage is told."""

from __future__ import annotations

import gzip
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk import Fault, LimitSettings, Location, Page, SourceRange
from copydesk_plugins.sources.source_warc import Plugin, cuts
from copydesk_plugins.sources.warc.compressed import Packed
from copydesk_plugins.sources.warc.records import Frames, Record
from copydesk_plugins.sources.warc.stored_bytes import Gzip, Plain
from copydesk_plugins.sources.warc.window import Window
from support.web_archives import LIMITS, Item, html, http, opened, pack, page_record, record, told

FORMS = ("plain", "gz", "zst")
ENDING = {"plain": ".warc", "gz": ".warc.gz", "zst": ".warc.zst"}
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JUNK = st.one_of(st.binary(min_size=1, max_size=300), st.sampled_from([
    b"WARC/1.0\r\n", b"\r\nWARC/1.0\r\nWARC-Type: response\r\n", b"\r\n\r\n", b"\n", b"\0" * 40, b"\x1f\x8b\x08\0",
    b"Content-Length: 7\r\n", b"\x28\xb5\x2f\xfd"]))


@st.composite
def archives(draw: st.DrawFn) -> list[bytes]:
    """Records of several sizes, with and without digests and HTTP lengths."""
    found = []
    for number in range(draw(st.integers(2, 6))):
        words, digest = draw(st.sampled_from([0, 5, 60, 600])), draw(st.booleans())
        if draw(st.booleans()):
            found.append(record(http(html(number, words), length=draw(st.booleans())), number=number, digest=digest))
        else:
            found.append(record(html(number, words), "resource", number, content_type="text/html", digest=digest))
    return found


@st.composite
def damages(draw: st.DrawFn, size: int) -> tuple[str, int, bytes | int]:
    kind = draw(st.sampled_from(["overwrite", "delete", "insert"]))
    at = draw(st.integers(0, size - 1))
    if kind == "delete":
        return kind, at, draw(st.one_of(st.integers(1, 60), st.integers(1, size)))
    return kind, at, draw(JUNK)


def damaged(content: bytes, damage: tuple[str, int, bytes | int]) -> tuple[bytes, int, int]:
    """The damaged bytes, and which of the old ones were touched (an insertion touches none)."""
    kind, at, what = damage
    if isinstance(what, int):
        return content[:at] + content[at + what:], at, min(at + what, len(content))
    if kind == "insert":
        return content[:at] + what + content[at:], at, at
    end = min(at + len(what), len(content))
    return content[:at] + what[:end - at] + content[end:], at, end


def untouched(spans: list[tuple[int, int]], first: int, behind: int) -> list[int]:
    if first == behind:
        return [n for n, (start, end) in enumerate(spans) if not start < first < end]
    return [n for n, (start, end) in enumerate(spans) if end <= first or start >= behind]


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@QUICK
def test_what_is_not_touched_comes_out(tmp_path: Path, form: str, data: st.DataObject) -> None:
    parts = pack(data.draw(archives()), form)
    whole = b"".join(parts)
    path = tmp_path / f"a{ENDING[form]}"
    good = opened(path, whole)
    assert len(good) == len(parts)
    spans = [(sum(map(len, parts[:n])), sum(map(len, parts[:n + 1]))) for n in range(len(parts))]
    bad, first, behind = damaged(whole, data.draw(damages(len(whole))))
    items = opened(path, bad)
    kept = untouched(spans, first, behind)
    shift = len(bad) - len(whole)
    found = {(item.content, item.source_offset) for item in items if isinstance(item, Page)}
    for n in kept:
        page = good[n]
        assert isinstance(page, Page)
        assert page.source_offset is not None
        moved = page.source_offset + (0 if spans[n][0] < first or (spans[n][0] == first and first < behind) else shift)
        assert (page.content, moved) in found, f"record {n}: {told(items)}"
    touched_from = min((spans[n][0] for n in range(len(spans)) if n not in kept), default=first)
    touched_to = max((spans[n][1] for n in range(len(spans)) if n not in kept), default=behind) + shift
    contents = {page.content for page in good if isinstance(page, Page)}
    for item in items:
        if isinstance(item, Page) and item.content not in contents:
            assert item.source_offset is not None
            assert touched_from <= item.source_offset < touched_to
            assert form == "plain", "a packed record with a failing checksum is no page"
    if bad[touched_from:touched_to].strip(b"\r\n\0"):
        assert any(touched_from <= (item.source_offset or 0) < touched_to for item in items), "damage that nobody tells of"


@given(data=st.data())
@QUICK
def test_ranges_together_give_what_one_pass_gives(tmp_path: Path, data: st.DataObject) -> None:
    whole = b"".join(data.draw(archives()) * data.draw(st.integers(1, 3)))
    for _ in range(data.draw(st.integers(0, 3))):
        whole = damaged(whole, data.draw(damages(len(whole))))[0] or b"x"
    size = data.draw(st.integers(1, len(whole) + 10))
    path = tmp_path / "a.warc"
    limits = LimitSettings(page_bytes=data.draw(st.sampled_from([900, 20_000])))
    one = opened(path, whole, limits, range_bytes=len(whole) + 1)
    cut = opened(path, whole, limits, range_bytes=size)
    assert cut == one
    plugin, location = Plugin(Plugin.Settings(range_bytes=size)), Location(str(path), "a.warc", len(whole))
    assert plugin.plan_source(location) == plugin.plan_source(location)


def test_cuts_lie_where_records_begin(tmp_path: Path) -> None:
    parts = [page_record(n) for n in range(40)]
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(parts))
    starts = {sum(map(len, parts[:n])) for n in range(40)}
    with path.open("rb") as file:
        found = cuts(file, str(path), 3_000)
    assert len(found) > 5
    assert set(found) <= starts
    assert all(later - earlier >= 3_000 for earlier, later in pairwise(found))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", ["", "abc", "-5", "1e3", 10**18, 2**63 + 5, 10**30, 700, 3_000, 30_000, 0, "12 13"])
def test_a_wrong_length_costs_its_record_alone(tmp_path: Path, form: str, length: object) -> None:
    parts = [page_record(1), page_record(2), page_record(3, length=length), page_record(4), page_record(5)]
    for grouped in (parts, [b"".join(parts)]):
        items = opened(tmp_path / f"a{ENDING[form]}", b"".join(pack(grouped, form)))
        assert told(items) == ["1", "2", "warc_content_length", "4", "5"]
        assert isinstance(items[2], Fault)
        assert items[2].source_record == "urn:uuid:3"
        assert items[2].url == "https://news.example/3"


@pytest.mark.parametrize("form", FORMS)
def test_a_large_record_is_passed_over(tmp_path: Path, form: str) -> None:
    large = record(http(html(2, 2_000)), number=2)
    films = record(http(b"\0" * 50_000, "video/mp4"), number=3) + record(b"GET " + b"x" * 50_000, "request", 4)
    parts = [page_record(1), large, films, page_record(5)]
    for grouped in (parts, [b"".join(parts)]):
        assert told(opened(tmp_path / f"a{ENDING[form]}", b"".join(pack(grouped, form)))) == ["1", "limit_page_bytes", "-", "-", "5"]


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_inside_a_large_record_stays_inside(tmp_path: Path, form: str) -> None:
    inner = b"".join(page_record(n) for n in range(20, 60))
    parts = [page_record(1), record(inner, "resource", 2, content_type="text/html"), page_record(3)]
    for grouped in (parts, [b"".join(parts)]):
        assert told(opened(tmp_path / f"a{ENDING[form]}", b"".join(pack(grouped, form)))) == ["1", "limit_page_bytes", "3"]


def test_a_file_that_ends_in_a_record(tmp_path: Path) -> None:
    whole = page_record(1) + page_record(2)
    assert told(opened(tmp_path / "a.warc", whole[:-100])) == ["1", "truncated_record"]
    assert told(opened(tmp_path / "a.warc", whole[:-4])) == ["1", "2"]
    assert told(opened(tmp_path / "a.warc", whole + page_record(3)[:60])) == ["1", "2", "truncated_record"]


def test_a_cut_or_corrupt_member_that_holds_many(tmp_path: Path) -> None:
    member = gzip.compress(b"".join(page_record(n) for n in range(1, 9)), mtime=0)
    behind = gzip.compress(page_record(9), mtime=0)
    items = opened(tmp_path / "a.warc.gz", member[:len(member) * 3 // 4])
    assert told(items)[-1] == "truncated_gzip"
    assert told(items)[:3] == ["1", "2", "3"]
    wrong_sum = member[:-8] + bytes(byte ^ 255 for byte in member[-8:])
    assert set(told(opened(tmp_path / "a.warc.gz", wrong_sum + behind))) == {"corrupt_record", "9"}
    proven = gzip.compress(b"".join(page_record(n, digest=True) for n in (1, 2)), mtime=0)
    wrong_sum = proven[:-8] + bytes(byte ^ 255 for byte in proven[-8:])
    assert told(opened(tmp_path / "a.warc.gz", wrong_sum + behind)) == ["1", "2", "corrupt_gzip", "9"]


def test_garbage_between_and_behind_members(tmp_path: Path) -> None:
    one, two = pack([page_record(1), page_record(2)], "gz")
    items = opened(tmp_path / "a.warc.gz", one + b"GARBAGE" + two + b"\0" * 5_000)
    assert told(items) == ["1", "warc_garbage", "2"]
    assert [item.source_offset for item in items] == [0, len(one), len(one) + 7]


class Counting(BytesIO):
    """Counts the bytes that are read."""

    total = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.total += len(found)
        return found


def read_through(file: Counting, source: Plain | Packed, limit: int = 20_000) -> list[object]:
    return list(Frames(Window(source), limit).read())


@pytest.mark.parametrize("unit", [
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 19999\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx",
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 900000\r\n\r\nx", b"WARC/1.0\r\nWARC-Type: response\r\n", b"WARC/1.0\r\n",
    b"\nWARC/", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"])
def test_reading_stays_linear(unit: bytes) -> None:
    content = unit * (3_000_000 // len(unit))
    file = Counting(content)
    read_through(file, Plain(file))
    records = content.count(b"Content-Length")
    assert file.total <= 2 * len(content) + 300 * records + 1_000_000


def test_members_in_members_stay_linear() -> None:
    """Members of stored data, each with the next inside and all without an end: none is searched to the file's end for each other."""
    head = gzip.compress(b"", 0)[:10]
    opening = b"WARC/1.0\r\nWARC-Type: response\r\n"
    content = (head + b"\0" + (65_535).to_bytes(2, "little") + (0).to_bytes(2, "little") + opening) * 20_000
    file = Counting(content)
    items = read_through(file, Packed(file, Gzip, Gzip.magic, 100_000))
    assert items
    assert all(not isinstance(item, Record) for item in items)
    assert file.total <= 12 * len(content) + 200_000_000


def test_a_packed_file_is_one_range(tmp_path: Path) -> None:
    for form in ("gz", "zst"):
        path = tmp_path / f"a{ENDING[form]}"
        path.write_bytes(b"".join(pack([page_record(n) for n in range(5)], form)))
        location = Location(str(path), path.name, path.stat().st_size)
        assert Plugin(Plugin.Settings(range_bytes=10)).plan_source(location) == [SourceRange(location)]


def test_planning_never_fails(tmp_path: Path) -> None:
    plugin = Plugin(Plugin.Settings(range_bytes=10))
    for location in (Location(str(tmp_path / "gone.warc"), "gone.warc", 100), Location("s3://bucket/a.warc", "a.warc", 10**12)):
        assert plugin.plan_source(location) == [SourceRange(location)]
    items: list[Item] = list(plugin.open_source(SourceRange(Location(str(tmp_path / "gone.warc"), "gone.warc", 100)), LIMITS) or ())
    assert told(items) == ["unreadable"]


def test_damage_in_a_header_is_told_whatever_it_says_of_the_type(tmp_path: Path) -> None:
    whole = page_record(1)
    for line in (b"WARC-Type: response", b"WARC-Date: 20", b"\r\nWARC-Record-ID"):  # the last loses its line's end and name
        assert line in whole
        damaged = whole.replace(line, line[:-4] + b"\x01\x9a\x02\xff", 1)
        first, second, third = opened(tmp_path / "a.warc", whole + damaged + whole)
        assert isinstance(second, Fault), line
        assert (second.code, second.source_offset) == ("warc_header", len(whole))
        assert isinstance(first, Page)
        assert isinstance(third, Page)
