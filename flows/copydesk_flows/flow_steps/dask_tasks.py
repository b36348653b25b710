"""The tasks of a flow on Dask: the same shards, on workers that are running already, their parts in order.

Each worker gets what it needs once, as a plugin of Dask's that says no when its copydesk is not the run's. One that is fit gets a resource
of the run's name, without which Dask gives it no shard: a worker that comes later and is not fit gets none. A shard whose worker dies is
worked on again by another one, in another place: only what its task returned is committed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from copydesk import CopydeskError, SettingsError, inert
from copydesk.operations import Job, KnownDigests, RunSpec, Shard, StagedPart
from copydesk_flows.flow_steps.dask_workers import Parcel, as_worker_plugin, check_cluster, shard_worker, worker_fault
from copydesk_flows.flow_steps.shard_tasks import POLL_SECONDS, is_worth_another_try, log_quarantined

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

# Dask's client and prefect-dask's futures are typed in part only, so they are Any here.
AHEAD = 2
"""Shards under way for each thread of a worker: one that is worked on, one that waits."""
START_SECONDS = 60
LOOK_SECONDS = 10.0
"""How often a run looks which workers it has; after ``START_SECONDS`` without one that is fit it ends."""


@task(name="keys", task_run_name="keys-{number}", retries=2, retry_delay_seconds=[1, 10], retry_condition_fn=is_worth_another_try,
      cache_policy=NO_CACHE, persist_result=False)
def shard_keys(parcel: Parcel, number: int) -> tuple[Any, ...]:
    """The records of a shard, for the ledger to say which are known."""
    return tuple(shard_worker(parcel.name).keys(parcel.shard))


@task(name="shard", task_run_name="shard-{number}", retries=2, retry_delay_seconds=[1, 10], retry_condition_fn=is_worth_another_try,
      cache_policy=NO_CACHE, persist_result=False)
def shard_elsewhere(parcel: Parcel, number: int) -> tuple[StagedPart, ...]:
    """Process one shard; its rows are staged in the output's staging folder or store."""
    return tuple(shard_worker(parcel.name).process(parcel.shard, parcel.known))


@dataclass(slots=True)
class _Sent:
    """A shard under way: first its records, then its rows."""

    shard: Shard
    keys: Any = None
    rows: Any = None


class Cluster:
    """The workers of a running scheduler, made ready for one run."""

    def __init__(self, job: Job, runner: DaskTaskRunner, name: str, spec: RunSpec) -> None:
        self._job = job
        self._runner = runner
        self._name = name
        self._spec = spec
        self._pending: deque[_Sent] = deque()
        self._refused: set[str] = set()
        self._width = 1
        self._looked = self._fit = time.monotonic()
        self._look(self._looked)

    @property
    def _client(self) -> Any:
        return self._runner.client

    def in_order(self, meanwhile: Callable[[], None]) -> Generator[StagedPart]:
        """The staged parts in order."""
        shards = iter(self._job.shards)
        try:
            self._fill(shards)
            while self._pending:
                head = self._pending[0]
                while head.rows is None or not head.rows.wrapped_future.done():
                    self._advance()
                    meanwhile()
                    _wait(head.rows or head.keys)
                    if time.monotonic() - self._looked > LOOK_SECONDS:
                        self._look(time.monotonic())
                yield from map(self._job.fetched, self._result(head.rows))
                self._pending.popleft()
                self._fill(shards)
        finally:
            self._client.cancel([future.wrapped_future for sent in self._pending for future in (sent.keys, sent.rows) if future])

    def _fill(self, shards: Iterator[Shard]) -> None:
        while len(self._pending) < self._width and (shard := next(shards, None)) is not None:
            sent = _Sent(shard)
            self._pending.append(sent)
            if self._job.knows_nothing:
                sent.rows = self._submit(shard_elsewhere, shard)
            else:
                sent.keys = self._submit(shard_keys, shard)
        self._advance()

    def _advance(self) -> None:
        """Send on the shards whose records are known here."""
        for sent in self._pending:
            if sent.rows is None and sent.keys is not None and sent.keys.wrapped_future.done():
                sent.rows = self._submit(shard_elsewhere, sent.shard, self._job.known(self._result(sent.keys)))
                sent.keys = None

    def _look(self, now: float) -> None:
        """Take note of workers that came or went, and tell of those that are not fit.

        Raises:
            CopydeskError: there was none that is fit for long.
        """
        self._looked = now
        workers = self._client.scheduler_info()["workers"]
        fit = {address: each["nthreads"] for address, each in workers.items() if each["resources"].get(self._name)}
        self._width = max(1, AHEAD * sum(fit.values()))
        if others := sorted(workers.keys() - fit.keys() - self._refused):
            faults = self._client.run(worker_fault, self._spec, workers=others, on_error="ignore")
            for address, fault in faults.items():
                if fault:  # else it is about to be fit
                    self._refused.add(address)
                    get_run_logger().warning("worker %s gets no shard of this run: %s", address, inert(fault))
        if fit:
            self._fit = now
        elif now - self._fit > START_SECONDS:
            raise CopydeskError(f"no worker that is fit for the run for {START_SECONDS} s: {len(workers)} are at the scheduler")

    def _submit(self, work: Any, shard: Shard, known: KnownDigests = frozenset()) -> Any:
        from dask.base import annotate

        with annotate(resources={self._name: 1}):
            return self._runner.submit(work, parameters={"parcel": Parcel(self._name, shard, known), "number": shard.number})

    def _result(self, future: Any) -> Any:
        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker as error:
            raise CopydeskError(f"a shard was given up: {inert(str(error))[:300]}") from error


def _wait(future: Any) -> None:
    """Wait for a future, but not for long."""
    from distributed import TimeoutError as NotYet

    if future is not None:
        with suppress(NotYet):
            future.wrapped_future.exception(timeout=POLL_SECONDS)  # what it is, its result will tell


def address_of(workers: str) -> str:
    """The address of Dask's scheduler, as Dask writes it.

    >>> address_of("dask://127.0.0.1:8786"), address_of("dask+tls://desk:8786")
    ('tcp://127.0.0.1:8786', 'tls://desk:8786')
    """
    scheme, _, rest = workers.partition("://")
    return f"{'tls' if scheme.endswith('tls') else 'tcp'}://{rest}"


@contextmanager
def cluster(job: Job, workers: str, inputs: list[str]) -> Iterator[Cluster]:
    """The workers of a running scheduler, each of which was seen to have the run's plugins, inputs and output.

    Raises:
        SettingsError: prefect-dask is not installed, the scheduler does not answer or has no workers, or a worker is not fit.
    """
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise SettingsError(f"[run] workers = {workers!r} needs prefect-dask: pip install 'copydesk[dask]'") from error
    spec = job.run_spec(inputs)
    name = f"copydesk-{sha256(spec.output.encode()).hexdigest()[:16]}"
    with DaskTaskRunner(address=address_of(workers), client_kwargs={"timeout": 20}) as runner:
        try:
            client = runner.client
            client.wait_for_workers(1, timeout=START_SECONDS)
        except (OSError, TimeoutError) as error:
            raise SettingsError(f"{workers}: no scheduler answers there, or it has no workers ({inert(str(error))[:200]})") from error
        check_cluster(client, spec)
        client.register_plugin(as_worker_plugin(name, spec))
        get_run_logger().info("%d workers with %d threads at %s", len(client.nthreads()), sum(client.nthreads().values()), workers)
        try:
            yield Cluster(job, runner, name, spec)
        finally:
            client.unregister_worker_plugin(name)


def show_part(part: StagedPart) -> StagedPart:
    """Log what a part quarantined, in the flow: the workers' logs may be anywhere."""
    log_quarantined(Path(part.folder))
    return part
