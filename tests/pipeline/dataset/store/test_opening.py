"""Where a dataset in an object store can lie."""

from __future__ import annotations

import importlib
import socket
import sys
from pathlib import Path

import pytest

import copydesk
from copydesk import SettingsError
from support.object_server import S3
from support.tiny_desk import desk, fill

SMALL = {"dataset": {"batch_files": 2}}


def test_outputs_that_cannot_be(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, bucket = fill(tmp_path / "in", 1), s3.bucket()
    s3.put(bucket, "theirs/notes.txt", b"mine")
    for url, what in ((f"s3://{bucket}/theirs", "holds notes.txt"), ("nowhere://x/y", "only where"), ("gs://b/x", "gcsfs")):
        with pytest.raises(SettingsError, match=what):
            copydesk.run([inbox], url, desk(tmp_path))
    assert s3.keys(bucket) == ["theirs/notes.txt"]
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as if it were not installed
    monkeypatch.delitem(importlib.import_module("fsspec.registry")._registry, "s3")
    with pytest.raises(SettingsError, match=r"s3:// needs s3fs: pip install 'copydesk\[s3\]'"):
        copydesk.open_dataset(f"s3://{bucket}/theirs")


ELSEWHERE = ["http", "HTTPS", "ftp", "data", "github", "sftp", "simplecache::http", "web+x"]


@pytest.mark.parametrize("protocol", ELSEWHERE)
def test_where_no_dataset_can_lie_nothing_is_asked(tmp_path: Path, protocol: str) -> None:
    inbox = fill(tmp_path / "in", 1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        url = f"{protocol}://127.0.0.1:{listening.getsockname()[1]}/a"
        for work in (lambda: copydesk.run([inbox], url, desk(tmp_path)), lambda: copydesk.open_dataset(url), lambda: copydesk.compact(url),
                     lambda: copydesk.check_dataset(url), lambda: copydesk.erase(url, "0" * 32)):
            with pytest.raises(SettingsError, match="can hold no dataset"):
                work()
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_other_file_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fsspec")
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    inbox = fill(tmp_path / "in", 4)
    copydesk.run([inbox], tmp_path / "out", desk(tmp_path, **SMALL))
    for url in (f"memory://{tmp_path.name}/a", f"file://{tmp_path}/by-url"):
        copydesk.run([inbox], url, desk(tmp_path, **SMALL))
        for table in copydesk.open_dataset(tmp_path / "out").tables:
            assert copydesk.open_dataset(url).table(table).equals(copydesk.open_dataset(tmp_path / "out").table(table))
    assert [path.name for path in (tmp_path / "by-url/_commits").iterdir()] == [
        path.name for path in (tmp_path / "out/_commits").iterdir()]


def test_an_output_in_a_bucket_that_does_not_exist(s3: S3, tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", 1)
    with pytest.raises(SettingsError, match=r"^output s3://no-such-bucket-here/out.*; create the bucket, or name another$"):
        copydesk.run([inbox], "s3://no-such-bucket-here/out", desk(tmp_path))
