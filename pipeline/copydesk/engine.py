"""A run: plan shards, process them, commit them in order. The same functions run directly, under Prefect and on Dask.

    with open_job(inputs, output, settings) as job:     # recovers the dataset, takes its lock, plans
        for shard in job.shards:                        # any order, any number at once
            result = job.process(shard)                 # stages the shard's rows in files
            job.commit(result)                          # in order of shard.number, by one caller
        report = job.finish()
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from copydesk.model import SourceRange
from copydesk.report import RunReport
from copydesk.settings import Settings


@dataclass(frozen=True, slots=True)
class Shard:
    """A list of input ranges of bounded size; its boundaries are a function of the input alone."""

    number: int
    ranges: tuple[SourceRange, ...]


@dataclass(frozen=True, slots=True)
class ShardResult:
    """Where a processed shard's rows are staged, and its account. Small and picklable: paths travel, never documents."""

    number: int
    folder: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: inputs done, inputs planned, and outcomes so far."""

    done: int
    planned: int
    counts: dict[str, int]


class Job:
    """One run on one output folder."""

    shards: tuple[Shard, ...]

    def __enter__(self) -> Job: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
    def process(self, shard: Shard) -> ShardResult: ...
    def commit(self, result: ShardResult) -> None: ...
    def finish(self) -> RunReport: ...


def open_job(inputs: Sequence[str | Path], output: str | Path, settings: Settings | None = None, *, refresh: bool = False,
             on_progress: Callable[[Progress], None] | None = None) -> Job:
    """Recover the dataset, lock it, load the plugins and plan the shards."""
    raise NotImplementedError


def run(inputs: Sequence[str | Path], output: str | Path, settings: Settings | None = None, *, refresh: bool = False,
        on_progress: Callable[[Progress], None] | None = None) -> RunReport:
    """The direct way: no orchestrator."""
    raise NotImplementedError
