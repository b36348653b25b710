"""Kill runs with signal 9 at random moments, again and again, and look at what is left after each.

A campaign goes in rounds. Each changes the inbox and then runs over it: killed some times, at last undisturbed. The same rounds are
run without kills on a second output: after every round its part files must be the same, byte by byte.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from support import dataset_oracle, dataset_readers
from support.fault_runs import call, environment, kill_group, quoting, run_code, speaking
from support.tiny_desk import parts, put

SETTINGS = {"dataset": {"batch_files": 6, "keep_commits": 60}}
"""Kept commits: more than a round makes, so that no reader is overtaken by the retention."""
NEW_PAGES = 4
SETTLED_SECONDS = 2.5
"""Files younger than about two seconds are always read again, older ones are left out of a plan when they are known: so the moment of a
run has a say in which pages share a batch. Here both outputs meet settled files only."""
EVENTS = ("_staging/commit-{:06}", "data/batch={:06}-*", "_commits/{:06}.json")
"""What a kill may wait for: the making of a commit, its rename, its commit file."""


@dataclass(slots=True)
class Campaign:
    """A campaign and what it counted."""

    folder: Path
    seed: int
    pages: int = 48
    kills: int = 0
    rounds: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _random: random.Random = field(init=False)
    _versions: dict[int, int] = field(default_factory=dict)
    _seconds: float = 1.0
    _checks: bool = False

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        for name in ("in", "killed", "whole"):
            (self.folder / name).mkdir(parents=True)
        speaking(self.folder)
        self._checks = call("dataset", "check", "--help").returncode == 0

    def work(self, times: int, in_a_round: tuple[int, int] = (3, 6)) -> None:
        """Kill so many runs, with readers beside them."""
        output = self.folder / "killed"
        readers = [dataset_readers.start(kind, output, self.folder / f"{kind}.json") for kind in dataset_readers.READERS]
        try:
            while self.kills < times:
                self._round(min(times - self.kills, self._random.randint(*in_a_round)))
        finally:
            for reader in readers:
                count, faults = reader.end()
                self.reads[reader.kind] += count
                self.faults += faults

    def _round(self, kills: int) -> None:
        """Change the inbox, run over it with some kills, and compare with a run that nobody disturbed."""
        self._change()
        workers = self._random.choice((0, 0, 1, 2))
        whole = self._run("whole", workers)
        started = time.monotonic()
        self._finished(whole)
        self._seconds = time.monotonic() - started
        for _ in range(kills):
            self._kill(workers)
        self._finished(self._run("killed", workers))
        self.rounds += 1
        self._check(f"round {self.rounds} (workers={workers})")

    def _change(self) -> None:
        """New pages, and changed ones, so that commits replace rows."""
        count = len(self._versions)
        changed = self._random.sample(sorted(self._versions), count // 3)
        for number in (*changed, *range(count, count + (NEW_PAGES if count else self.pages))):
            self._versions[number] = self._versions.get(number, -1) + 1
            put(self.folder / "in", f"{number // 10:02}/story-{number:04}.txt", quoting(number, self._versions[number]))
        time.sleep(SETTLED_SECONDS)

    def _run(self, output: str, workers: int) -> subprocess.Popen[bytes]:
        code = run_code(self.folder, self.folder / "in", self.folder / output, {**SETTINGS, "run": {"workers": workers}})
        with (self.folder / "errors.txt").open("wb") as errors:
            return subprocess.Popen([sys.executable, "-B", "-c", code], env=environment(), stderr=errors, start_new_session=True)

    def _finished(self, process: subprocess.Popen[bytes]) -> None:
        if process.wait(timeout=300) != 0:
            said = (self.folder / "errors.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            self.faults.append(f"run: {said[-1] if said else process.returncode}")

    def _kill(self, workers: int) -> None:
        """Start a run and kill it: after a random time, or a little after a step of a commit."""
        output = self.folder / "killed"
        process = self._run("killed", workers)
        if self._random.random() < 0.3:
            _wait(process, self._random.uniform(0, self._seconds))
        else:
            event = self._random.choice(EVENTS).format(_newest(output) + self._random.randint(1, 3))
            while process.poll() is None and not any(output.glob(event)):
                time.sleep(0.0005)
            _wait(process, self._random.choice((0, 0.001, 0.005, self._random.uniform(0, 0.04))))
        ended = process.poll() is not None
        kill_group(process)
        if ended:
            self.hits["(ended before its kill)"] += 1
            return
        self.kills += 1
        self.hits[where(output)] += 1
        self.faults += [f"after kill {self.kills}: {fault}" for fault in (*dataset_oracle.glob_faults(output), *self._exact(output))]
        if self._random.random() < 0.5:
            self._recover()

    def _exact(self, output: Path) -> list[str]:
        return dataset_oracle.commit_faults(output) if (output / "_commits").is_dir() else []

    def _recover(self) -> None:
        """What the next run does first, and nothing else."""
        from copydesk.engine.opening import open_job

        try:
            with open_job([self.folder / "in"], self.folder / "killed", speaking(self.folder, **SETTINGS)):
                pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
            self.faults.append(f"recovery: {type(error).__name__}: {error}")
        self._whole(f"recovery after kill {self.kills}")

    def _whole(self, when: str) -> None:
        self.faults += [f"{when}: {fault}" for fault in dataset_oracle.problems(self.folder / "killed")]

    def _check(self, when: str) -> None:
        import copydesk

        output = self.folder / "killed"
        self._whole(when)
        if parts(output) != parts(self.folder / "whole"):
            self.faults.append(f"{when}: the part files are not those of an undisturbed run")
        for name in ("killed", "whole"):
            again = copydesk.run([self.folder / "in"], self.folder / name, speaking(self.folder, **SETTINGS))
            if again.commits or again.counts["unchanged"] != len(self._versions):
                self.faults.append(f"{when}: a rerun is not unchanged ({name}): {again.counts}, commits {again.commits}")
        if self._checks and (done := call("dataset", "check", str(output))).returncode != 0:
            self.faults.append(f"{when}: copydesk dataset check: {done.returncode}: {done.stdout} {done.stderr}")

    def lines(self) -> Iterator[str]:
        """What was counted, as lines of a table."""
        yield f"kills              {self.kills} in {self.rounds} rounds (seed {self.seed})"
        for place, count in sorted(self.hits.items(), key=lambda item: -item[1]):
            yield f"  {place:40} {count}"
        for kind, count in self.reads.items():
            yield f"reads by {kind:10} {count}"
        yield f"copydesk dataset check: {'asked after each round' if self._checks else 'not there; own check only'}"
        yield f"faults             {len(self.faults)}"
        for kind, count in Counter(fault.partition(":")[0] for fault in self.faults).most_common():
            yield f"  {kind:40} {count}"


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)


def _newest(output: Path) -> int:
    return max((int(path.stem) for path in output.glob("_commits/*.json")), default=0)


def where(output: Path) -> str:
    """Where in its work a run was killed, as the files show it."""
    if not (output / "data").is_dir():
        return "before the folders were made"
    commits = dataset_oracle.commits_of(output)
    batches = {path.name for path in output.glob("data/batch=*")}
    live = set(dataset_oracle.live_batches(commits))
    if any(dataset_oracle._number(name) not in commits for name in batches):
        return "renamed, not committed"
    if batches - live:
        return "committed, replaced batches not retired"
    if commits and _applied(output) < max(commits):
        return "committed, ledger not written"
    if commits and f"Commit {max(commits)}," not in _text(output / "README.md"):
        return "committed, card not written"
    staged = {path.name.partition("-")[0] for path in output.glob("_staging/*")}
    return "staging a commit" if "commit" in staged else "staging pages" if staged else "nothing staged"


def _applied(output: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{output}/_ledger/ledger.sqlite?mode=ro", uri=True)) as base:
            return int(base.execute("SELECT value FROM meta WHERE name = 'applied'").fetchone()[0])
    except (sqlite3.Error, TypeError):
        return 0


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
