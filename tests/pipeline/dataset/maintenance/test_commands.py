"""Check, compact and erase do the same in an object store as in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from support.object_server import S3
from support.small_dataset import TWO, made, said, speaking
from support.tiny_desk import put


def rows(where: str | Path) -> dict[str, list[object]]:
    opened = copydesk.open_dataset(where)
    return {name: sorted(opened.table(name).to_pylist(), key=str) for name in opened.tables}


def test_the_commands_do_the_same_there(server: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    settings = speaking(tmp_path, dataset=TWO)
    bucket = server.bucket()
    url, output = f"s3://{bucket}/news", tmp_path / "out"
    inbox, _, _ = made(tmp_path, 5)
    copydesk.compact(output)
    put(inbox, "story-002.txt", said(2, "Changed."))
    copydesk.run([inbox], output, settings)
    put(inbox, "story-002.txt", said(2))
    put(inbox, "story-001.txt", said(1))
    copydesk.run([inbox], url, settings)
    put(inbox, "story-001.txt", said(1, "A new ending."))
    copydesk.run([inbox], url, settings)
    report = copydesk.check_dataset(url)
    assert (report.findings, report.path) == ((), url)
    assert copydesk.compact(url).after == 1
    put(inbox, "story-002.txt", said(2, "Changed."))
    copydesk.run([inbox], url, settings)
    for where in (url, output):
        done = copydesk.erase(where, "https://news.example.com/3")
        assert len(done.articles) == 1
        assert done.lost_commits
        assert copydesk.check_dataset(where).findings == ()
        assert copydesk.run([inbox], where, settings).commits == ()
    assert rows(url) == rows(output)
    with pytest.raises(copydesk.DatasetError, match="gone"):
        copydesk.open_dataset(url, done.commit - 1).table("articles")


def test_damage_there_is_named(server: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    inbox, _, settings = made(tmp_path, 3)
    bucket = server.bucket()
    url = f"s3://{bucket}/news"
    copydesk.run([inbox], url, settings)
    assert copydesk.check_dataset(url).ok
    key = next(key for key in server.keys(bucket, "news/data/") if "articles-" in key)
    server.put(bucket, key, b"torn")
    found = copydesk.check_dataset(url).findings
    assert any(finding.level == "damage" and key.split("/")[2] in finding.where for finding in found)
