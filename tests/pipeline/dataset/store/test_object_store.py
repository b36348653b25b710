"""A dataset in an object store: written, read back, written again; against a real S3 server with a faulty network before it."""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
import threading
from fnmatch import fnmatch
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

import copydesk
from copydesk import DatasetError, LockedError, SettingsError
from copydesk.dataset.store.opening import open_store
from copydesk.engine.opening import open_job
from support.object_server import S3, Request, first
from support.tiny_desk import desk, fill, put, story

SMALL = {"dataset": {"batch_files": 2}}


def same_as(url: str, folder: Path) -> None:
    """The datasets have the same rows, and part files of the same bytes under the same names."""
    here, there = copydesk.open_dataset(folder), copydesk.open_dataset(url)
    assert (there.commit, there.tables) == (here.commit, here.tables)
    for table in here.tables:
        assert there.table(table).equals(here.table(table))
        names = [Path(path).relative_to(folder).as_posix() for path in here.files(table)]
        assert there.files(table) == [f"{url}/{name}" for name in names]


def stored(s3: S3, bucket: str, prefix: str) -> dict[str, str]:
    """Part files in the store, with the hash of their bytes."""
    keys = [key for key in s3.keys(bucket, f"{prefix}/data/") if key.endswith(".parquet")]
    return {key: hashlib.sha256(s3.get(bucket, key)).hexdigest() for key in keys}


def test_a_run_gives_what_a_local_run_gives(s3: S3, tmp_path: Path) -> None:
    inbox, bucket = fill(tmp_path / "in", 5), s3.bucket()
    put(inbox, "bad.txt", story(9, "RAISE"))
    url = f"s3://{bucket}/news"
    here, there = copydesk.run([inbox], tmp_path / "out", desk(tmp_path, **SMALL)), copydesk.run([inbox], url, desk(tmp_path, **SMALL))
    assert (there.counts, there.rows, there.commits, there.output) == (here.counts, here.rows, here.commits, url)
    same_as(url, tmp_path / "out")
    assert set(stored(s3, bucket, "news").values()) == {hashlib.sha256(path.read_bytes()).hexdigest()
                                                       for path in (tmp_path / "out").glob("data/*/*.parquet")}
    assert b"Commit 3, schema " in s3.get(bucket, "news/README.md")
    assert {key.split("/")[1] for key in s3.keys(bucket)} == {"README.md", "_commits", "data"}
    path = copydesk.open_dataset(url).files("articles")[0].removeprefix(f"s3://{bucket}/")
    assert pq.read_table(io.BytesIO(s3.get(bucket, path))).num_rows == 2
    assert copydesk.open_dataset(url, storage_options={"endpoint_url": s3.endpoint}).commits == (1, 2, 3)
    mirror = open_store(url).layout
    assert list(mirror.data.iterdir()) == []
    assert copydesk.run([inbox], url, desk(tmp_path, **SMALL)).commits == ()


def test_the_card_names_the_live_batches_for_hugging_face(s3: S3, tmp_path: Path) -> None:
    bucket = s3.bucket()
    inbox, url = fill(tmp_path / "in", 4), f"s3://{bucket}"
    settings = desk(tmp_path, dataset={"batch_files": 2})
    copydesk.run([inbox], url, settings)
    put(inbox, "00/story-001.txt", story(1, "A new ending."))
    copydesk.run([inbox], url, settings)
    front = yaml.safe_load(s3.get(bucket, "README.md").decode().split("---\n")[1])
    dataset = copydesk.open_dataset(url)
    keys = [key for key in s3.keys(bucket) if key.endswith(".parquet")]
    for config in front["configs"]:
        wanted = [file.removeprefix(f"{url}/") for file in dataset.files(config["config_name"])]
        assert [key for pattern in config["data_files"] for key in keys if fnmatch(key, pattern)] == wanted
    assert [config["config_name"] for config in front["configs"] if config.get("default")] == ["articles"]
    assert len([key for key in keys if "/articles-" in key]) > len(dataset.files("articles"))


def test_a_changed_page_replaces_the_older_one_and_readers_see_old_or_new(s3: S3, tmp_path: Path) -> None:
    inbox, url = fill(tmp_path / "in", 4), f"s3://{s3.bucket()}"
    settings = desk(tmp_path, dataset={"batch_files": 2, "keep_commits": 2})
    for output in (url, tmp_path / "out"):
        copydesk.run([inbox], output, settings)
    before, held = copydesk.open_dataset(url), copydesk.open_dataset(url)
    old = before.table("articles")
    put(inbox, "00/story-001.txt", story(1, "A new ending."))
    for output in (url, tmp_path / "out"):
        assert copydesk.run([inbox], output, settings).counts["written"] == 1
    same_as(url, tmp_path / "out")
    assert held.table("articles").equals(old)
    assert copydesk.open_dataset(url, 2).table("articles").equals(old)
    for number in (2, 3):
        put(inbox, f"00/story-00{number}.txt", story(number, "Another new ending."))
        for output in (url, tmp_path / "out"):
            copydesk.run([inbox], output, settings)
    same_as(url, tmp_path / "out")
    with pytest.raises(DatasetError, match="keep_commits"):
        held.table("articles")
    kept = {key.split("/")[1] for key in s3.keys(url.removeprefix("s3://"), "data/")}
    assert kept == {path.name for path in [*(tmp_path / "out").glob("data/*"), *(tmp_path / "out").glob("_retired/*/*")]}
    assert set(open_store(url).replaced()) == set(open_store(tmp_path / "out").replaced())


FAULTS = [("PUT|GET|HEAD", "slow"), ("PUT|GET", "drop"), ("PUT", "lose"), ("GET", "cut")]
ASKED = {"drop": 2, "lose": 2}
"""A request on a connection that was kept open and turns out to be closed is sent again by aiohttp, once and unseen."""


@pytest.mark.parametrize(("methods", "fault"), FAULTS)
def test_faults_that_pass_are_tried_again_and_told(
        s3: S3, tmp_path: Path, caplog: pytest.LogCaptureFixture, methods: str, fault: str) -> None:
    inbox, url = fill(tmp_path / "in", 2), f"s3://{s3.bucket()}/a"
    copydesk.run([inbox], tmp_path / "out", desk(tmp_path))
    with caplog.at_level(logging.WARNING, "copydesk"):
        s3.faults.reset(first(methods, "", fault, ASKED.get(fault, 1)))
        copydesk.run([inbox], url, desk(tmp_path))
        put(inbox, "00/story-001.txt", story(1, "A new ending."))
        copydesk.run([inbox], url, desk(tmp_path))
        copydesk.run([inbox], tmp_path / "out", desk(tmp_path))
        same_as(url, tmp_path / "out")
    assert len(s3.faults.done) > 2
    told = [record for record in caplog.records if record.levelno == logging.WARNING and url in record.getMessage()]
    assert len(told) >= len(s3.faults.done) / ASKED.get(fault, 1)


def test_a_lost_answer_to_the_commit_makes_one_commit(s3: S3, tmp_path: Path) -> None:
    inbox, bucket = fill(tmp_path / "in", 2), s3.bucket()
    s3.faults.reset(first("PUT", r"_commits/0", "lose"))
    assert copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path)).commits == (1,)
    assert [request.path for _, request in s3.faults.done] == [f"/{bucket}/a/_commits/000001.json"]
    assert [request.path for request in s3.faults.seen if "/_commits/0" in request.path and request.method == "PUT"] == [
        f"/{bucket}/a/_commits/000001.json"] * 2
    assert s3.keys(bucket, "a/_commits/0") == ["a/_commits/000001.json"]
    assert copydesk.open_dataset(f"s3://{bucket}/a").table("articles").num_rows == 2


@pytest.mark.parametrize("state", ["gone", "behind", "other"])
def test_a_mirror_is_made_anew_and_nothing_changes(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    inbox, bucket = fill(tmp_path / "in", 6), s3.bucket()
    url = f"s3://{bucket}/a"
    copydesk.run([inbox], url, desk(tmp_path, **SMALL))
    if state == "behind":
        monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "elsewhere"))
    put(inbox, "00/story-001.txt", story(1, "A new ending."))
    copydesk.run([inbox], url, desk(tmp_path, **SMALL))
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    if state == "gone":
        shutil.rmtree(tmp_path / "cache")
    elif state == "other":
        mirror = open_store(url).layout
        (mirror.commits / "000004.json").write_bytes((mirror.commits / "000004.json").read_bytes().replace(b'"id": "', b'"id": "0'))
    before = {key: s3.get(bucket, key) for key in s3.keys(bucket)}
    s3.faults.reset()
    report = copydesk.run([inbox], url, desk(tmp_path, **SMALL))
    assert (report.commits, report.counts["unchanged"]) == ((), 6)
    assert {key: s3.get(bucket, key) for key in s3.keys(bucket)} == before
    fetched = [request.path for request in s3.faults.seen if request.method == "GET" and request.path.endswith(".parquet")]
    assert [Path(path).name for path in fetched] == ["lengths-00000.parquet"]  # the columns of the plugin's table are looked at
    put(inbox, "00/story-002.txt", story(2, "A new ending."))
    assert copydesk.run([inbox], url, desk(tmp_path, **SMALL)).counts["written"] == 1
    assert copydesk.open_dataset(url).table("articles").num_rows == 6


def test_of_two_writers_one_makes_the_commit(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"s3://{s3.bucket()}/a"
    inboxes = [fill(tmp_path / name, 2, more) for name, more in (("one", ""), ("two", "Other words."))]
    jobs = []
    for number, inbox in enumerate(inboxes):
        monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / f"machine-{number}"))
        jobs.append(open_job([inbox], url, desk(tmp_path)))
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "machine-0"))
    with pytest.raises(LockedError, match=url):
        open_job([inboxes[0]], url, desk(tmp_path))
    staged = [list(job.process(job.shards[0])) for job in jobs]
    start, outcomes = threading.Barrier(2), dict[int, str]()

    def commit(number: int) -> None:
        start.wait()
        try:
            for part in staged[number]:
                jobs[number].commit(part)
            outcomes[number] = "made"
        except DatasetError as error:
            outcomes[number] = str(error)

    threads = [threading.Thread(target=commit, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in jobs:
        with job:
            pass
    winner = next(number for number, outcome in outcomes.items() if outcome == "made")
    assert "was made by another run" in outcomes[1 - winner]
    found = copydesk.open_dataset(url)
    assert (found.commit, found.table("articles").num_rows) == (1, 2)
    assert all(("Other words." in body) == (winner == 1) for body in found.table("articles")["article_body"].to_pylist())
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / f"machine-{1 - winner}"))
    assert copydesk.run([inboxes[1 - winner]], url, desk(tmp_path)).commits == (2,)
    assert copydesk.open_dataset(url).table("articles").num_rows == 2


def test_what_does_not_pass_is_told_and_not_tried_again(s3: S3, tmp_path: Path) -> None:
    inbox, bucket = fill(tmp_path / "in", 1), s3.bucket()
    with pytest.raises(SettingsError, match=r"s3://no-such-bucket-here/a.*bucket"):
        copydesk.run([inbox], "s3://no-such-bucket-here/a", desk(tmp_path))
    with pytest.raises(DatasetError, match="bucket"):
        copydesk.open_dataset("s3://no-such-bucket-here/a")
    with pytest.raises(DatasetError, match="no dataset"):
        copydesk.open_dataset(f"s3://{bucket}/a")
    s3.faults.reset(lambda request: "denied" if request.method == "PUT" and "articles" in request.path else None)
    with pytest.raises(DatasetError, match=rf"s3://{bucket}/a/data/.*articles-00000.parquet: Access Denied"):
        copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path))
    assert len(s3.faults.done) == 1
    s3.faults.reset(lambda request: "slow" if request.method == "PUT" and "articles" in request.path else None)
    with pytest.raises(DatasetError, match="tried several times"):
        copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path))
    assert len(s3.faults.done) == 4
    s3.faults.reset()
    assert copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path)).commits == (1,)


def test_a_store_that_ignores_the_condition_is_refused(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.s3.responses import S3Response

    real = S3Response.put_object

    def careless(self: S3Response) -> object:
        self.headers = {name: value for name, value in self.headers.items() if name.lower() != "if-none-match"}
        return real(self)

    monkeypatch.setattr(S3Response, "put_object", careless)
    bucket = s3.bucket()
    with pytest.raises(SettingsError, match="ignores"):
        copydesk.run([fill(tmp_path / "in", 1)], f"s3://{bucket}/a", desk(tmp_path))


def test_batches_that_can_never_be_committed_are_swept_when_they_are_old(
        s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from copydesk.dataset.store import object_store

    inbox, bucket = fill(tmp_path / "in", 2), s3.bucket()
    copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path))
    for name in ("batch=000001-aaaaaa", "batch=000002-bbbbbb"):
        s3.put(bucket, f"a/data/{name}/articles-00000.parquet", b"half")
    before = set(s3.keys(bucket))
    copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path))
    assert set(s3.keys(bucket)) == before
    monkeypatch.setattr(object_store, "ORPHAN_HOURS", -1)
    copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path))
    assert before - set(s3.keys(bucket)) == {"a/data/batch=000001-aaaaaa/articles-00000.parquet"}


def test_a_damaged_part_file_is_never_read(s3: S3, tmp_path: Path) -> None:
    inbox, bucket = fill(tmp_path / "in", 2), s3.bucket()
    copydesk.run([inbox], f"s3://{bucket}/a", desk(tmp_path))
    dataset = copydesk.open_dataset(f"s3://{bucket}/a")
    key = dataset.files("articles")[0].removeprefix(f"s3://{bucket}/")
    whole = s3.get(bucket, key)
    s3.put(bucket, key, whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(DatasetError, match="SHA-256"):
        dataset.table("articles")
    s3.client.delete_object(Bucket=bucket, Key=key)
    with pytest.raises(DatasetError, match="gone"):
        dataset.table("articles")


def test_a_request_is_one_attempt(s3: S3, tmp_path: Path) -> None:
    """The libraries below do not try again by themselves: what we log is all."""
    bucket = s3.bucket()
    s3.faults.reset(lambda request: "slow" if request == Request("GET", f"/{bucket}/a/_commits/000001.json") else None)
    s3.put(bucket, "a/_commits/000001.json", b"{}")
    with pytest.raises(DatasetError, match="tried several times"):
        copydesk.open_dataset(f"s3://{bucket}/a")
    assert len(s3.faults.done) == 4


def test_batches_are_merged_and_articles_erased_as_in_a_folder(s3: S3, tmp_path: Path) -> None:
    from copydesk.dataset.maintenance import compaction, erasure

    inbox, bucket = fill(tmp_path / "in", 6), s3.bucket()
    url = f"s3://{bucket}/a"
    for output in (url, str(tmp_path / "out")):
        copydesk.run([inbox], output, desk(tmp_path, **SMALL))
        compaction.compact(output, 100.0, 2, 10)
    same_as(url, tmp_path / "out")
    assert len(copydesk.open_dataset(url).files("articles")) == 1
    name = copydesk.open_dataset(url).table("articles")["article_id"][0].as_py()
    for output in (url, str(tmp_path / "out")):
        erasure.erase(output, name, 10)
    same_as(url, tmp_path / "out")
    assert name not in copydesk.open_dataset(url).table("articles")["article_id"].to_pylist()
    left = [pq.read_table(io.BytesIO(s3.get(bucket, key))) for key in s3.keys(bucket, "a/data/") if "articles-" in key]
    assert not any(name in rows["article_id"].to_pylist() for rows in left)
    assert list(open_store(url).layout.root.rglob("*.parquet")) == []
