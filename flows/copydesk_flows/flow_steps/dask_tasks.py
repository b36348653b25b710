"""The tasks of a flow on Dask: process shards on workers that are running already, and yield their parts in order.

Each worker gets what it needs once, as a worker plugin of Dask. That plugin fails when the worker's copydesk differs from the run's. A
worker on which it succeeds gets a resource with the name of the run. Dask gives shards only to workers with that resource, so that unfit
workers, also ones that join later, get none. If a worker dies, another one processes its shard and stages it in another place. Only what
a task returned is committed.
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
from copydesk_flows.flow_steps.shard_tasks import POLL_SECONDS, RETRIES, RETRY_SECONDS, is_worth_another_try, log_quarantined

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

# Dask's client and prefect-dask's futures are only partly typed, so they are Any here.
AHEAD = 2
"""Shards in progress for each thread of a worker: one that is processed, one that waits."""
CONNECT_SECONDS = 20
"""How long to wait for an answer of the scheduler."""
START_SECONDS = 60
"""How long to wait for the first worker. A run that has no fit worker for this long ends."""
LOOK_SECONDS = 10.0
"""The time between two checks of which workers there are."""
LONGEST_MESSAGE = 300
"""An error shows this many characters of Dask's message when a shard was given up."""
LONGEST_ANSWER = 200
"""An error shows this many characters of Dask's message when no scheduler answers."""
NAME_DIGITS = 16
"""Hexadecimal digits of the output's hash in the name of a run's resource."""


@task(name="keys", task_run_name="keys-{number}", retries=RETRIES, retry_delay_seconds=RETRY_SECONDS,
      retry_condition_fn=is_worth_another_try, cache_policy=NO_CACHE, persist_result=False)
def shard_keys(parcel: Parcel, number: int) -> tuple[Any, ...]:
    """Return the records of a shard, so that the ledger can tell which of them are known."""
    return tuple(shard_worker(parcel.name).keys(parcel.shard))


@task(name="shard", task_run_name="shard-{number}", retries=RETRIES, retry_delay_seconds=RETRY_SECONDS,
      retry_condition_fn=is_worth_another_try, cache_policy=NO_CACHE, persist_result=False)
def shard_elsewhere(parcel: Parcel, number: int) -> tuple[StagedPart, ...]:
    """Process one shard, and stage its rows in the output's staging folder or object store."""
    return tuple(shard_worker(parcel.name).process(parcel.shard, parcel.known))


@dataclass(slots=True)
class _Sent:
    """A shard in progress, with the futures of its records and then of its rows."""

    shard: Shard
    keys: Any = None
    rows: Any = None


class Cluster:
    """The workers of a running scheduler, for one run.

    Args:
        job: the run.
        runner: the connection to the scheduler.
        name: the name of the run's resource and worker plugin.
        spec: what the workers need.
    """

    def __init__(self, job: Job, runner: DaskTaskRunner, name: str, spec: RunSpec) -> None:
        self._job = job
        self._runner = runner
        self._name = name
        self._spec = spec
        self._pending: deque[_Sent] = deque()
        self._refused: set[str] = set()
        self._width = 1
        self._checked = self._fit = time.monotonic()
        self._check_workers(self._checked)

    @property
    def _client(self) -> Any:
        return self._runner.client

    def in_order(self, meanwhile: Callable[[], None]) -> Generator[StagedPart]:
        """Yield the staged parts in order.

        Args:
            meanwhile: called now and then while a part is waited for.

        Raises:
            CopydeskError: a shard was given up, or there was no fit worker for long.
        """
        shards = iter(self._job.shards)
        try:
            self._fill(shards)
            while self._pending:
                head = self._pending[0]
                while head.rows is None or not head.rows.wrapped_future.done():
                    self._advance()
                    meanwhile()
                    _wait(head.rows or head.keys)
                    if time.monotonic() - self._checked > LOOK_SECONDS:
                        self._check_workers(time.monotonic())
                yield from map(self._job.fetched, self._result(head.rows))
                self._pending.popleft()
                self._fill(shards)
        finally:
            self._client.cancel([future.wrapped_future for sent in self._pending for future in (sent.keys, sent.rows) if future])

    def _fill(self, shards: Iterator[Shard]) -> None:
        """Submit shards until as many are in progress as the workers can take."""
        while len(self._pending) < self._width and (shard := next(shards, None)) is not None:
            sent = _Sent(shard)
            self._pending.append(sent)
            if self._job.knows_nothing:
                sent.rows = self._submit(shard_elsewhere, shard)
            else:
                sent.keys = self._submit(shard_keys, shard)
        self._advance()

    def _advance(self) -> None:
        """Submit the processing of each shard whose records have arrived."""
        for sent in self._pending:
            if sent.rows is None and sent.keys is not None and sent.keys.wrapped_future.done():
                sent.rows = self._submit(shard_elsewhere, sent.shard, self._job.known(self._result(sent.keys)))
                sent.keys = None

    def _check_workers(self, now: float) -> None:
        """Note which workers have joined or left, and log those that are not fit.

        Raises:
            CopydeskError: there was no fit worker for long.
        """
        self._checked = now
        workers = self._client.scheduler_info()["workers"]
        fit = {address: each["nthreads"] for address, each in workers.items() if each["resources"].get(self._name)}
        self._width = max(1, AHEAD * sum(fit.values()))
        if others := sorted(workers.keys() - fit.keys() - self._refused):
            faults = self._client.run(worker_fault, self._spec, workers=others, on_error="ignore")
            for address, fault in faults.items():
                if fault:  # a worker without a fault will have the resource soon
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
            raise CopydeskError(f"a shard was given up: {inert(str(error))[:LONGEST_MESSAGE]}") from error


def _wait(future: Any) -> None:
    """Wait for a future, but only for a moment."""
    from distributed import TimeoutError as NotYet

    if future is not None:
        with suppress(NotYet):
            future.wrapped_future.exception(timeout=POLL_SECONDS)  # `_result` raises it


def address_of(workers: str) -> str:
    """Return the address of a scheduler as Dask writes it.

    >>> address_of("dask://127.0.0.1:8786"), address_of("dask+tls://desk:8786")
    ('tcp://127.0.0.1:8786', 'tls://desk:8786')
    """
    scheme, _, rest = workers.partition("://")
    return f"{'tls' if scheme.endswith('tls') else 'tcp'}://{rest}"


@contextmanager
def cluster(job: Job, workers: str, inputs: list[str]) -> Iterator[Cluster]:
    """Connect to a running scheduler, and check that each of its workers has the run's plugins, inputs and output.

    Args:
        job: the run.
        workers: the address of the scheduler, as in the setting ``[run] workers``.
        inputs: the inputs as they were given to the run.

    Raises:
        SettingsError: prefect-dask is not installed, the scheduler does not answer or has no workers, or a worker is not fit.
    """
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise SettingsError(f"[run] workers = {workers!r} needs prefect-dask: pip install 'copydesk[dask]'") from error
    spec = job.run_spec(inputs)
    name = f"copydesk-{sha256(spec.output.encode()).hexdigest()[:NAME_DIGITS]}"
    with DaskTaskRunner(address=address_of(workers), client_kwargs={"timeout": CONNECT_SECONDS}) as runner:
        try:
            client = runner.client
            client.wait_for_workers(1, timeout=START_SECONDS)
        except (OSError, TimeoutError) as error:
            told = inert(str(error))[:LONGEST_ANSWER]
            raise SettingsError(f"{workers}: no scheduler answers there, or it has no workers ({told})") from error
        check_cluster(client, spec)
        client.register_plugin(as_worker_plugin(name, spec))
        get_run_logger().info("%d workers with %d threads at %s", len(client.nthreads()), sum(client.nthreads().values()), workers)
        try:
            yield Cluster(job, runner, name, spec)
        finally:
            client.unregister_worker_plugin(name)


def show_part(part: StagedPart) -> StagedPart:
    """Log the quarantined pages of a part in the flow's log, since the logs of workers may be on other machines. Return the part."""
    log_quarantined(Path(part.folder))
    return part
