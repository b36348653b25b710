"""Objects of a store, read as files."""

from __future__ import annotations

import io
import logging
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.storage.object_file import RemoteFile
from support.object_server import S3, Request


def test_a_large_object_is_read_in_ranges_through_faults(s3: S3, caplog: pytest.LogCaptureFixture) -> None:
    bucket, whole = s3.bucket(), random.Random(7).randbytes(3_000_000)
    s3.put(bucket, "large", whole)
    kinds = ["slow", "cut", None, "drop", "drop", None, "lose", "lose", None]

    def decide(request: Request) -> str | None:
        return kinds[len(s3.faults.seen) % len(kinds)] if request.method == "GET" and "large" in request.path else None

    s3.faults.reset(decide)
    with caplog.at_level(logging.WARNING, "copydesk"), RemoteFile(f"s3://{bucket}/large", 200_000) as file:
        assert b"".join(iter(lambda: file.read(70_001), b"")) == whole
        assert file.seek(-10, 2) == len(whole) - 10
        assert file.read() == whole[-10:]
        assert (file.seek(2_000_000), file.read(5), file.seek(-4, 1), file.read(4)) == (
            2_000_000, whole[2_000_000:2_000_005], 2_000_001, whole[2_000_001:2_000_005])
        assert (file.seek(4_000_000), file.read(1), file.read()) == (4_000_000, b"", b"")
    assert len(s3.faults.done) > 5
    told = [record.getMessage() for record in caplog.records]
    assert f"storage: s3://{bucket}/large: 503 SlowDown: Please reduce your request rate.; again in 0 s (attempt 1 of 4)" in told
    assert all(line.startswith(f"storage: s3://{bucket}/large: ") for line in told)
    assert max(len(request.path) for request in s3.faults.seen) < 100


def test_an_object_that_changes_is_not_read_on(s3: S3) -> None:
    bucket = s3.bucket()
    s3.put(bucket, "a", b"x" * 100_000)
    with RemoteFile(f"s3://{bucket}/a", 10_000) as file:
        file.read(10)
        s3.put(bucket, "a", b"y" * 100_000)
        file.seek(50_000)
        with pytest.raises(OSError, match="changed while it was read"):
            file.read(10)
        with pytest.raises(OSError, match="changed while it was read"):
            file.read(10)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(0, 2), st.integers(-250, 250), st.integers(-1, 250)), max_size=8))
def test_it_behaves_like_any_file(content: bytes, steps: list[tuple[int, int, int]]) -> None:
    fsspec = pytest.importorskip("fsspec")
    fsspec.filesystem("memory").pipe_file("/like/file", content)
    model = io.BytesIO(content)
    with RemoteFile("memory://like/file", 16) as file:
        for whence, offset, size in steps:
            target = {0: 0, 1: model.tell(), 2: len(content)}[whence] + offset
            if target < 0:
                with pytest.raises(OSError, match="before the start"):
                    file.seek(offset, whence)
                continue
            assert file.seek(offset, whence) == target
            model.seek(target)
            assert file.read(size) == model.read(size)
            assert file.tell() == model.tell()
