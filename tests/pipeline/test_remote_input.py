"""Inputs in an object store: listed in the order of their keys, read whole or not at all."""

from __future__ import annotations

import io
import logging
import random
import socket
from pathlib import Path

import pytest
from engine_support import desk, fill, put, story
from hypothesis import given, settings
from hypothesis import strategies as st

import copydesk
from copydesk import DatasetError, SettingsError
from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored
from copydesk.sources.found import FoundFile
from copydesk.sources.inputs import check_given
from copydesk.sources.object_listing import walk_remote
from copydesk.storage.files import open_regular
from copydesk.storage.object_errors import as_os_error
from copydesk.storage.object_file import RemoteFile
from copydesk.storage.retry import is_transient, words_of
from remote_support import S3, Request, first

KEYS = ["in/a.html", "in/B.html", "in/.git/config", "in/..b.html", "in/b/.DS_Store", "in/b/a.html", "in/b.html", "in/folder/",
        "in/é #1?.html", "in/full/", "in//twice.html", "inside.html", "in"]


def test_a_walk_meets_all_objects_in_the_order_of_their_keys(s3: S3) -> None:
    bucket = s3.bucket()
    for key in KEYS:
        s3.put(bucket, key, b"" if key == "in/folder/" else key.encode())
    s3.faults.reset(first("GET", "list-type", "slow"))
    found = list(walk_remote(f"s3://{bucket}/in"))
    assert len(s3.faults.done) == 1
    below = sorted((key for key in KEYS if key.startswith("in/")), key=str.encode)
    names = [item.location.source_path if isinstance(item, FoundFile) else item.source_path for item in found]
    assert names == ["in", *(key.removeprefix("in/") for key in below)]
    assert {item.source_path for item in found if isinstance(item, Ignored)} == {".git/config", "b/.DS_Store", "folder/"}
    assert [(item.source_path, item.code) for item in found if isinstance(item, Reject)] == [("full/", "not_regular")]
    files = [item for item in found if isinstance(item, FoundFile)]
    assert all(item.location.signature and item.mtime_ns > 1e18 for item in files)
    for item in files:
        with open_regular(item.location.path) as file:
            assert file.read() == item.location.path.removeprefix(f"s3://{bucket}/").encode()
            assert item.location.size == file.tell()
    one = list(walk_remote(f"s3://{bucket}/in/b/a.html"))
    assert [item.location.source_path for item in one if isinstance(item, FoundFile)] == ["a.html"]
    for skip in (f"s3://{bucket}/in/b", f"S3A://{bucket}/in/b/"):
        left = [item.location.path for item in walk_remote(f"s3://{bucket}/in/", [skip]) if isinstance(item, FoundFile)]
        assert [path for path in left if "/in/b" in path] == [f"s3://{bucket}/in/b.html"]


def test_a_long_listing_comes_in_pages(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = s3.bucket()
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")
    for number in range(25):
        s3.put(bucket, f"p/{number}", b"x")
    s3.faults.reset()
    found = list(walk_remote(f"s3://{bucket}/p/"))
    names = [item.location.source_path for item in found if isinstance(item, FoundFile)]
    assert names == sorted(map(str, range(25)))
    assert len([request for request in s3.faults.seen if "list-type" in request.path]) == 3


def test_a_changed_object_has_another_state(s3: S3) -> None:
    bucket = s3.bucket()
    signatures = []
    for content in (b"one", b"two"):
        s3.put(bucket, "a.html", content)
        signatures += [item.location.signature for item in walk_remote(f"s3://{bucket}/a.html") if isinstance(item, FoundFile)]
    assert len(set(signatures)) == 2


def test_inputs_that_cannot_be(s3: S3) -> None:
    bucket = s3.bucket()
    for url in ("http://news.example.com/", "HTTPS://news.example.com/a.html", "ftp://news.example.com/", "simplecache::https://a.example/b"):
        for ask in (lambda url: list(walk_remote(url)), open_regular, lambda url: check_given([url], "out")):
            with pytest.raises(SettingsError, match="does not fetch pages; download them first"):
                ask(url)
    with pytest.raises(SettingsError, match="does not exist"):
        list(walk_remote(f"s3://{bucket}/nothing"))
    with pytest.raises(SettingsError, match="no protocol"):
        list(walk_remote("nowhere://a/b"))
    for url in ("s3://no-such-bucket-here/a", "s3://no-such-bucket-here"):
        with pytest.raises(SettingsError, match="does not exist: there is no such bucket"):
            list(walk_remote(url))
    s3.put(bucket, "a/b", b"x")
    s3.faults.reset(lambda _request: "denied")
    with pytest.raises(DatasetError, match="cannot be listed"):
        list(walk_remote(f"s3://{bucket}/a/"))
    assert len(s3.faults.done) == 1
    s3.faults.reset(lambda _request: "slow")
    with pytest.raises(DatasetError, match=r"cannot be listed: 503 SlowDown: .*tried several times"):
        list(walk_remote(f"s3://{bucket}/a/"))
    assert len(s3.faults.done) == 4


@pytest.mark.parametrize(("given", "output"), [
    ("S3://bkt/out/", "s3://bkt/out"), ("s3://bkt/out", "S3://bkt/out/"), ("s3://bkt/out/data", "s3A://bkt/out"), ("gcs://bkt/out", "GS://bkt/out")])
def test_an_input_is_not_the_output_however_its_scheme_is_written(given: str, output: str) -> None:
    with pytest.raises(SettingsError, match="is the output folder"):
        check_given([given], output)
    assert check_given(["s3://bkt/Out", "s3://bkt/output"], output)


def test_an_output_in_a_bucket_that_does_not_exist(s3: S3, tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", 1)
    with pytest.raises(SettingsError, match=r"^output s3://no-such-bucket-here/out.*; create the bucket, or name another$"):
        copydesk.run([inbox], "s3://no-such-bucket-here/out", desk(tmp_path))


def test_files_of_a_store_give_what_local_files_give(s3: S3, tmp_path: Path) -> None:
    inbox, bucket = fill(tmp_path / "in", 5), s3.bucket()
    put(inbox, ".hidden/story.txt", story(8))
    for path in inbox.rglob("*.txt"):
        s3.put(bucket, f"in/{path.relative_to(inbox).as_posix()}", path.read_bytes())
    here = copydesk.run([inbox], tmp_path / "here", desk(tmp_path))
    s3.faults.reset(first("GET", "story", "cut", 2))
    there = copydesk.run([f"s3://{bucket}/in"], tmp_path / "there", desk(tmp_path))
    assert len(s3.faults.done) == 10
    assert there.counts == here.counts
    for table in copydesk.open_dataset(tmp_path / "here").tables:
        assert copydesk.open_dataset(tmp_path / "there").table(table).equals(copydesk.open_dataset(tmp_path / "here").table(table))
    s3.faults.reset()
    assert copydesk.run([f"s3://{bucket}/in"], tmp_path / "there", desk(tmp_path)).counts["unchanged"] == 5
    assert not [request for request in s3.faults.seen if "story" in request.path]


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


def test_an_object_that_is_not_there_is_an_error(s3: S3) -> None:
    bucket = s3.bucket()
    with pytest.raises(FileNotFoundError):
        open_regular(f"s3://{bucket}/none")
    s3.put(bucket, "a", b"x")
    s3.faults.reset(lambda _request: "denied")
    with pytest.raises(PermissionError):
        open_regular(f"s3://{bucket}/a")
    assert len(s3.faults.done) == 1


def test_a_name_that_is_not_found_is_told_and_may_pass() -> None:
    exceptions = pytest.importorskip("botocore.exceptions")
    error = exceptions.EndpointConnectionError(endpoint_url="http://nowhere.invalid:9/b")
    error.__context__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    for each, words in ((error, 'Could not connect to the endpoint URL: "http://nowhere.invalid:9/b" (Name or service not known)'),
                        (error.__context__, "Name or service not known")):
        found = as_os_error(each, "s3://b/k")
        assert (found.strerror, found.filename, type(found), is_transient(found)) == (words, "s3://b/k", OSError, True)
        assert words_of(found) == f"s3://b/k: {words}"


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
