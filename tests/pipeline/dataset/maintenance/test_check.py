"""A check of a dataset finds each kind of damage, names it, and finds nothing where nothing is wrong."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import copydesk
from copydesk.dataset.format import part_files
from copydesk.dataset.store.read_only import ReadOnlyStore
from copydesk.engine.opening import open_job
from support.small_dataset import clean, made, said
from support.tiny_desk import put


def one(output: Path, pattern: str) -> Path:
    """The first file that fits."""
    return min(output.glob(pattern))


def forge(output: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a part file's rows, and let all records say it is so."""
    path = one(output, f"data/*/{name}-00000.parquet")
    rows = change(pq.read_table(path, partitioning=None))
    written = part_files.write_part(path, rows.schema, [rows])
    number = int(path.parent.name[6:12])
    for record in (output / f"_commits/{number:06}.json", path.parent / "_commit.json"):
        tree = json.loads(record.read_text())
        tree["files"][path.name] = {"rows": written.rows, "sha256": written.sha256, "bytes": written.bytes}
        record.write_text(json.dumps(tree))


def whats(output: Path, **options: int) -> str:
    """All damage as text."""
    report = copydesk.check_dataset(output, **options)
    assert report.ok == (not any(finding.level == "damage" for finding in report.findings))
    assert all(finding.where and finding.todo for finding in report.findings)
    return "\n".join(f"{finding.level} {finding.where}: {finding.what}" for finding in report.findings)


def test_a_whole_dataset_is_clean_at_each_commit(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    clean(output)
    report = copydesk.check_dataset(output)
    assert (report.rows["articles"], report.rows["quotes"], report.rows["rejects"]) == (7, 7, 2)
    for commit in copydesk.open_dataset(output).commits:
        assert copydesk.check_dataset(output, commit).findings == ()


def test_no_dataset_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(copydesk.DatasetError, match="no dataset"):
        copydesk.check_dataset(tmp_path)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a bit": (lambda out: one(out, "data/*/claims-*.parquet").write_bytes(
        one(out, "data/*/claims-*.parquet").read_bytes().replace(b"PAR1", b"PAR2")), "SHA-256 differs"),
    "a file": (lambda out: one(out, "data/*/quotes-*.parquet").unlink(), "the file is missing"),
    "more": (lambda out: shutil.copy(one(out, "data/*/quotes-*.parquet"), one(out, "data/*") / "quotes-00007.parquet"),
             "knows no such file"),
    "a batch": (lambda out: shutil.rmtree(one(out, "data/*")), "the batch is gone"),
    "a commit": (lambda out: (out / "_commits/000002.json").unlink(), "commits are missing: 2"),
    "half a commit": (lambda out: (out / "_commits/000002.json").write_text("{"), "is damaged"),
    "the record": (lambda out: one(out, "data/*/_commit.json").unlink(), "no readable record"),
    "the entries": (lambda out: one(out, "data/*/_records.arrow").write_bytes(b"no"), "entries of the batch cannot be read"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_lost_and_changed_files_are_named(tmp_path: Path, damage: str) -> None:
    _, output, _ = made(tmp_path)
    do, says = DAMAGE[damage]
    do(output)
    assert says in whats(output)


def edit(record: Path, **values: object) -> None:
    record.write_text(json.dumps({**json.loads(record.read_text()), **values}))


@pytest.mark.parametrize(("values", "says"), [
    ({"inputs": 7}, "outcomes add up to 2"), ({"number": 3}, "says it is commit 3"), ({"removed": ["batch=000001-nothere"]},
                                                                                                            "were not there"),
    ({"totals": {"articles": 3}}, "are not the rows"), ({"codes": {"x": 1}}, "codes"), ({"rows": {"articles": 1}}, "new rows")])
def test_accounts_that_do_not_add_up_are_named(tmp_path: Path, values: dict[str, object], says: str) -> None:
    _, output, _ = made(tmp_path)
    edit(output / "_commits/000002.json", **values)
    assert says in whats(output)


def test_a_record_that_differs_from_the_commit_is_named(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    edit(output / "_commits/000001.json", plan="another")
    assert "carries another record than commit 1 has" in whats(output)


def replaced(rows: pa.Table, name: str, values: list[object]) -> pa.Table:
    return rows.set_column(rows.schema.names.index(name), rows.schema.field(name), pa.array(values, rows.schema.field(name).type))


ROWS: dict[str, tuple[str, Callable[[pa.Table], pa.Table], str]] = {
    "moved quote": ("quotes", lambda rows: replaced(rows, "start", [at.as_py() + 1 for at in rows["start"]]), "does not stand in"),
    "foreign quote": ("quotes", lambda rows: replaced(rows, "article_id", ["f" * 32] * len(rows)), "not in the batch"),
    "foreign row of a plugin": ("lengths", lambda rows: replaced(rows, "article_id", ["f" * 32] * len(rows)), "not in the batch"),
    "count": ("articles", lambda rows: replaced(rows, "quote_count", [7] * len(rows)), "says it has 7 quotes, there are 1"),
    "paragraphs": ("articles", lambda rows: replaced(rows, "paragraphs", [[]] * len(rows)), "paragraphs do not cover"),
    "outcome": ("rejects", lambda rows: replaced(rows, "outcome", ["lost"] * len(rows)), "'lost', which there is not"),
    "reject gone": ("rejects", lambda rows: rows.slice(1), "the commits counted 1"),
    "unknown": ("articles", lambda rows: replaced(rows, "article_id", [f"{at:032}" for at in range(len(rows))]), "has no entry"),
}


@pytest.mark.parametrize("case", ROWS)
def test_rows_that_do_not_fit_each_other_are_named(tmp_path: Path, case: str) -> None:
    _, output, _ = made(tmp_path)
    name, change, says = ROWS[case]
    forge(output, name, change)
    told = whats(output)
    assert says in told
    assert "SHA-256" not in told


def test_an_article_in_two_batches_is_named(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    files = sorted(output.glob("data/*/articles-00000.parquet"))
    ids = [pq.read_table(path, partitioning=None)["article_id"].to_pylist() for path in files]
    assert len(ids[0]) <= len(ids[1])
    forge(output, "articles", lambda rows: replaced(rows, "article_id", ids[1][:len(rows)]))
    assert f"article {ids[1][0]} is there 2 times" in whats(output)


def test_a_ledger_that_disagrees_is_named_and_a_lost_one_is_no_damage(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    path = output / "_ledger/ledger.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("DELETE FROM articles WHERE batch = (SELECT max(batch) FROM articles)")
        base.execute("UPDATE articles SET batch = 77 WHERE batch = (SELECT max(batch) FROM articles)")
    base.close()
    told = whats(output)
    assert "is not in the ledger there" in told
    assert "batch 77, which is not live" in told
    path.unlink()
    assert whats(output) == "warning _ledger: there is no ledger"
    copydesk.run([inbox], output, settings)
    clean(output)


def test_leftovers_are_warnings(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    put(output, "_staging/shard-000001/x", "x")
    (output / "data/batch=000099-abcdef").mkdir()
    report = copydesk.check_dataset(output, keep_commits=1)
    assert report.ok
    assert [finding.where for finding in report.findings] == ["_staging/shard-000001", "data/batch=000099-abcdef", "_retired/000006"]


def test_a_check_beside_a_writer_finds_nothing(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    done, found = threading.Event(), list[str]()

    def look() -> None:
        while not done.is_set():
            found.extend(f"{finding}" for finding in copydesk.check_dataset(output).findings if finding.level == "damage")

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for version in range(3):
            for number in range(7):
                put(inbox, f"story-{number:03}.txt", said(number, f"Version {version}."))
            copydesk.run([inbox], output, settings)
    finally:
        done.set()
        reader.join()
    assert found == []
    clean(output)


def test_a_batch_that_is_retired_while_it_is_looked_for_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, output, _ = made(tmp_path)
    name, real = one(output, "data/*").name, ReadOnlyStore.batch

    @contextmanager
    def moving(self: ReadOnlyStore, wanted: str) -> Iterator[Path | None]:
        with real(self, wanted) as found:
            if wanted == name and found is not None and found.parent.name == "data":
                (output / "_retired/000009").mkdir()
                found.rename(output / "_retired/000009" / name)
            yield found

    monkeypatch.setattr(ReadOnlyStore, "batch", moving)
    assert copydesk.check_dataset(output).ok
    assert not (output / "data" / name).exists()


def test_a_job_that_holds_the_lock_is_no_hindrance(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    put(inbox, "story-002.txt", said(2, "Changed."))
    with open_job([inbox], output, settings) as job:
        for shard in job.shards:
            for part in job.process(shard):
                assert copydesk.check_dataset(output).ok
                job.commit(part)
    clean(output)
