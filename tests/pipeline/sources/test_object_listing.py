"""Inputs in an object store: listed in the order of their keys, read whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from copydesk import DatasetError, SettingsError
from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored
from copydesk.sources.found import FoundFile
from copydesk.sources.inputs import check_given
from copydesk.sources.object_listing import walk_remote
from copydesk.storage.files import open_regular
from support.object_server import S3, first
from support.tiny_desk import desk, fill, put, story

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
