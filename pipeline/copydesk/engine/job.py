"""An open run. Its shards may be processed in any order; their parts are committed in the order of shards and parts."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from copydesk.dataset.format.commits import Commit
from copydesk.dataset.ledger import by_source
from copydesk.dataset.ledger.by_source import OutdatedRow
from copydesk.dataset.ledger.file_states import FileStates, FileTally
from copydesk.dataset.store.local import Store
from copydesk.dataset.store.object_store import RemoteStore
from copydesk.dataset.store.staged_part import StagedPart
from copydesk.dataset.store.staged_shards import fetch_staged, remove_staged
from copydesk.engine import staging
from copydesk.engine.committer import Committer, PartPlace
from copydesk.engine.distributed import Keys, KnownDigests, RunSpec, digest
from copydesk.engine.planning import Plan
from copydesk.engine.progress import Progress
from copydesk.engine.shard_work import ShardWork
from copydesk.engine.shards import Shard
from copydesk.engine.staging import StagedRows
from copydesk.errors import CopydeskError, PluginError
from copydesk.model.status import Status
from copydesk.pipeline import Pipeline
from copydesk.report import RunReport, merge
from copydesk.storage.retry import dataset_errors, retry


class Job:
    """One run on one output. Several threads may call `process`; one thread calls everything else."""

    def __init__(self, store: Store, pipeline: Pipeline, plan: Plan, work: ShardWork, committer: Committer, states: FileStates,
                 ending: ExitStack) -> None:
        self.shards: Sequence[Shard] = plan.shards
        self._store = store
        self._pipeline = pipeline
        self._work = work
        self._committer = committer
        self._states = states
        self._ending = ending
        self._started = time.monotonic()
        self._report = RunReport(output=store.url, fingerprint=pipeline.fingerprint, inputs=plan.unchanged + plan.ignored,
                                 counts={**{str(status): 0 for status in Status}, str(Status.UNCHANGED): plan.unchanged,
                                         str(Status.IGNORED): plan.ignored}, settling=plan.settling)
        self._planned = plan.planned + self._report.inputs
        self._next = (0, 0)

    def __enter__(self) -> Job:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ending.close()

    def process(self, shard: Shard) -> Iterator[StagedPart]:
        """Process the pages of a shard and stage their rows, part by part.

        After a failure the shard may be processed again from its start: `commit` passes over the parts that are committed already.

        Raises:
            DatasetError: the output folder cannot be written.
            OSError: the storage failed; another attempt may succeed.
        """
        with dataset_errors(self._store.url):
            folder = Path(tempfile.mkdtemp(prefix=f"shard-{shard.number:06}-", dir=self._store.layout.staging))
            for part in self._work.run(shard, folder):
                yield StagedPart(shard.number, part.number, str(part.folder), part.last)

    def commit(self, part: StagedPart) -> None:
        """Commit a part of a shard to the dataset. A part that holds nothing new makes no commit.

        Raises:
            CopydeskError: another part is next.
            DatasetError: the output folder cannot be written.
            AccountingError: the outcomes do not add up to the inputs; the part is not committed.
        """
        if part.shard == self._next[0] and part.number < self._next[1]:
            return  # committed already, before the shard failed and was processed again
        if (part.shard, part.number) != self._next:
            raise CopydeskError(f"part {part.number} of shard {part.shard} cannot be committed: part {self._next[1]} of shard "
                                f"{self._next[0]} is next")
        with dataset_errors(self._store.url):
            staged = retry(lambda: staging.read(Path(part.folder)))
            self._states.forget({page.source.partition("\t")[0] for page in staged.pages})
            made = self._committer.commit(staged, PartPlace(part.shard, part.number, part.last and part.shard + 1 == len(self.shards)))
            staged.remove()
            if part.last:
                shutil.rmtree(Path(part.folder).parent, ignore_errors=True)
        self._states.note(FileTally(*tally) for tally in staged.account.files)
        self._add(staged, made)
        self._next = (part.shard + 1, 0) if part.last else (part.shard, part.number + 1)

    def run_spec(self, inputs: Sequence[str]) -> RunSpec:
        """Return what workers on other machines need to process the shards (`copydesk.engine.distributed`).

        Args:
            inputs: the inputs as they were given to the run.
        """
        work = self._work
        return RunSpec(self._pipeline.settings, work.fingerprint, work.base, work.reprocessing, work.copy_numbers, tuple(inputs),
                       self._store.url)

    @property
    def knows_nothing(self) -> bool:
        """Whether the dataset has no commit, so that the ledger need not be asked about any record."""
        return self._committer.state.number == 0

    def known(self, keys: Keys) -> KnownDigests:
        """Return the digests of those records that need no work.

        Args:
            keys: records of a shard, as `copydesk.engine.distributed.ShardWorker.keys` returns them.
        """
        return frozenset(digest(key, source) for key, source in keys if self._work.is_known(key, source))

    def fetched(self, part: StagedPart) -> StagedPart:
        """Bring a part that another machine staged to a place where `commit` can read it.

        A part in an object store is downloaded and then deleted there. If this run ends before the commit, the shard is processed again.

        Raises:
            DatasetError: the part cannot be read.
        """
        if not isinstance(self._store, RemoteStore):
            return part
        with dataset_errors(self._store.url):
            found = fetch_staged(part, self._store.objects, self._store.layout.staging)
            remove_staged(part, self._store.objects)
        return found

    @property
    def progress(self) -> Progress:
        """The progress of the run, counting only what is committed."""
        return Progress(self._report.inputs, max(self._report.inputs, self._planned), dict(self._report.counts))

    @property
    def is_interruptible(self) -> bool:
        """Whether `stop` can end work in other threads, which it can when pages are processed in child processes."""
        return self._work.pages.size > 0

    def stop(self) -> None:
        """Stop the work in other threads. A thread that waits for a part gets a `CopydeskError`."""
        self._work.stop()

    def outdated(self) -> Iterator[OutdatedRow]:
        """Yield the rows that still have another fingerprint than this run after its commits.

        Their sources were not among the inputs of the run, or hold other bytes now.
        """
        return by_source.outdated(self._committer.ledger, self._pipeline.fingerprint)

    def finish(self) -> RunReport:
        """Finish the run after all its commits, and pass its report to the plugins.

        Returns:
            The report of the run.

        Raises:
            AccountingError: the outcomes do not add up to the inputs.
            CopydeskError: not all shards are committed.
        """
        if self._next != (len(self.shards), 0):
            raise CopydeskError(f"the run is not done: {self._next[0]} of {len(self.shards)} shards are committed")
        report = replace(self._report, elapsed=time.monotonic() - self._started)
        report.check()
        self._committer.finish()
        newest = self._committer.state.commit
        self._states.keep(newest.number if newest else 0, newest.batch if newest else "")
        for name in self._pipeline.plugins.order("run_finished"):
            self._tell_plugin(name, report)
        return report

    def _tell_plugin(self, name: str, report: RunReport) -> None:
        try:
            self._pipeline.plugins.call(name, "run_finished", report=report)
        except PluginError as error:
            logging.getLogger("copydesk").error("%s (the commits stand)", error)

    def _add(self, staged: StagedRows, made: Commit | None) -> None:
        report, account = self._report, staged.account
        counts = made.counts if made else {Status.UNCHANGED: account.unchanged, Status.IGNORED: account.ignored}
        seconds = {name: report.seconds.get(name, 0.0) + account.seconds.get(name, 0.0) for name in {*report.seconds, *account.seconds}}
        report = replace(report, inputs=report.inputs + account.inputs, seconds=dict(sorted(seconds.items())),
                         skipped=merge(report.skipped, account.skipped),
                         counts=merge(report.counts, {str(key): value for key, value in counts.items()}))
        if made is not None:
            report = replace(report, rows=merge(report.rows, made.rows), codes=merge(report.codes, made.codes),
                             removals=merge(report.removals, made.removals), commits=(*report.commits, made.number))
        self._report = report
