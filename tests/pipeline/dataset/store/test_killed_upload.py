"""A run whose upload is killed: at each object that a replacing commit writes."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest

import copydesk
from support.object_server import S3, Request
from support.tiny_desk import desk, fill, put, run_desk, story

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")


def killed(s3: S3, at: int, folder: Path, inbox: Path, url: str) -> list[str]:
    """A run that is killed when the store is asked to write an object for the ``at``-th time; the objects that it wrote."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([
        "copydesk.engine.run", "copydesk.engine.committer", "copydesk.dataset.store.object_store", "copydesk.pipeline", "s3fs"])
    process = context.Process(target=run_desk, args=(str(folder), str(inbox), url))
    written: list[str] = []

    def decide(request: Request) -> str | None:
        if request.method != "PUT":
            return None
        written.append(request.path)
        if len(written) < at:
            return None
        os.kill(process.pid or 0, signal.SIGKILL)
        return "drop"

    s3.faults.reset(decide)
    process.start()
    process.join()
    s3.faults.reset()
    assert process.exitcode in (-signal.SIGKILL, 0)
    return written if process.exitcode else []


def told(content: bytes) -> dict[str, object]:
    """What a commit says, without its clock, and without what depends on whether a file was looked into or known by its state."""
    return {name: value for name, value in json.loads(content).items() if name not in ("run", "inputs", "counts")}


def test_a_killed_upload_leaves_whole_commits_and_the_next_run_completes_it(
        server: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    inbox, bucket = fill(tmp_path / "in", 2), server.bucket()
    for output in (tmp_path / "out", f"s3://{bucket}/base"):
        copydesk.run([inbox], output, desk(tmp_path))
    old = copydesk.open_dataset(tmp_path / "out")
    before = {key.removeprefix("base/"): server.get(bucket, key) for key in server.keys(bucket, "base/")}
    put(inbox, "00/story-001.txt", story(1, "A new ending."))
    copydesk.run([inbox], tmp_path / "out", desk(tmp_path))
    new = copydesk.open_dataset(tmp_path / "out")
    articles = {1: old.table("articles"), 2: new.table("articles")}
    seen: list[str] = []
    for at in range(1, 60):
        url = f"s3://{bucket}/at-{at}"
        for key, content in before.items():
            server.put(bucket, f"at-{at}/{key}", content)
        written = killed(server, at, tmp_path, inbox, url)
        if not written:
            break
        seen.append(written[-1])
        left = copydesk.open_dataset(url)
        assert left.commit == (2 if any("000002.json" in path for path in written[:-1]) else 1)
        assert left.table("articles").equals(articles[left.commit])
        assert copydesk.run([inbox], url, desk(tmp_path)).commits == (() if left.commit == 2 else (2,))
        assert told(server.get(bucket, f"at-{at}/_commits/000002.json")) == told((tmp_path / "out/_commits/000002.json").read_bytes())
        whole = copydesk.open_dataset(url)
        parts = [part.removeprefix(f"s3://{bucket}/") for table in new.tables for part in whole.files(table)]
        hashes = [hashlib.sha256(server.get(bucket, part)).hexdigest() for part in parts]
        assert hashes == [hashlib.sha256(Path(path).read_bytes()).hexdigest() for table in new.tables for path in new.files(table)]
        assert b"Commit 2, schema " in server.get(bucket, f"at-{at}/README.md")
        shutil.rmtree(tmp_path / "cache")
    assert len(seen) == len(set(seen)) > 10
    assert [path.rpartition("/")[2] for path in seen[-2:]] == ["000002.json", "README.md"]
