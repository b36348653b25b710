"""Whatever is done to a dataset in whatever order: it stays whole, and holds what a simple model of it holds."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import copydesk
from copydesk.engine.opening import open_job
from support.tiny_desk import desk, put, story

PAGES = st.integers(0, 5)
STEP = st.one_of(
    st.tuples(st.just("put"), PAGES, st.integers(0, 3)), st.tuples(st.just("move"), PAGES, st.integers(0, 2)),
    st.tuples(st.just("drop"), PAGES), st.tuples(st.just("run"), st.sampled_from(["", "refresh", "retry"])),
    st.tuples(st.just("stop"), st.integers(0, 3)), st.tuples(st.just("compact"), st.sampled_from([128.0, 0.05])),
    st.tuples(st.just("erase"), PAGES), st.tuples(st.just("forget")))


class Model:
    """A dataset, and beside it the simplest thing that says what should be in it: URL -> version, and what was erased.

    Each URL has one file at a time, so a run's outcome depends on nothing but what lies in the inbox.
    """

    def __init__(self, folder: Path) -> None:
        self.inbox, self.output = folder / "in", folder / "out"
        self.inbox.mkdir()
        self.settings = desk(folder, dataset={"batch_files": 2, "keep_commits": 3})
        self.files: dict[int, tuple[str, int]] = {}
        self.held: dict[int, int] = {}
        self.erased: set[int] = set()

    def put(self, page: int, version: int) -> None:
        name = self.files.get(page, (f"p{page}.txt", 0))[0]
        put(self.inbox, name, story(page, f"Version {version}."))
        self.files[page] = name, version

    def move(self, page: int, place: int) -> None:
        if page in self.files:
            old, version = self.files[page]
            new = f"{place}/p{page}.txt"
            (self.inbox / str(place)).mkdir(exist_ok=True)
            (self.inbox / old).rename(self.inbox / new)
            self.files[page] = new, version

    def drop(self, page: int) -> None:
        if page in self.files:
            (self.inbox / self.files.pop(page)[0]).unlink()

    def run(self, again: str) -> None:
        report = copydesk.run([self.inbox], self.output, self.settings, refresh=again == "refresh", retry=again == "retry")
        report.check()
        assert report.inputs == len(self.files)
        self.held |= {page: version for page, (_, version) in self.files.items() if page not in self.erased}

    def stop(self, shards: int) -> None:
        """A run that ends after some of its shards; the next one with the same inputs goes on."""
        with open_job([self.inbox], self.output, self.settings) as job:
            for shard in job.shards[:shards]:
                for part in job.process(shard):
                    job.commit(part)
        self.run("")

    def compact(self, target: float) -> None:
        if self.has_commits():
            before = sorted(copydesk.open_dataset(self.output).table("articles").to_pylist(), key=str)
            copydesk.compact(self.output, target_mb=target, keep_commits=3)
            assert sorted(copydesk.open_dataset(self.output).table("articles").to_pylist(), key=str) == before

    def erase(self, page: int) -> None:
        if page in self.held:
            copydesk.erase(self.output, f"https://news.example.com/{page}", keep_commits=3)
            del self.held[page]
            self.erased.add(page)

    def forget(self) -> None:
        shutil.rmtree(self.output / "_ledger", ignore_errors=True)

    def has_commits(self) -> bool:
        return (self.output / "_commits").is_dir() and copydesk.open_dataset(self.output).commit > 0

    def agree(self) -> None:
        if not self.has_commits():
            assert self.held == {}
            return
        report = copydesk.check_dataset(self.output, keep_commits=3)
        assert [finding for finding in report.findings if "there is no ledger" not in finding.what] == []
        rows = copydesk.open_dataset(self.output).table("articles").to_pylist()
        found = {int(row["canonical_url"].rpartition("/")[2]): int(row["article_body"].rpartition("Version ")[2].rstrip("."))
                 for row in rows}
        assert len(found) == len(rows)
        assert found == self.held


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEP, min_size=3, max_size=14))
def test_any_sequence_of_work_keeps_the_dataset_whole(steps: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as folder:
        model = Model(Path(folder))
        for page in random.Random(len(steps)).sample(range(6), 4):
            model.put(page, 0)
        model.run("")
        for name, *values in steps:
            getattr(model, str(name))(*values)
            model.agree()
