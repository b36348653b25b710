"""What runs on a worker of Dask: the worker plugin that each worker gets once, the check of a worker, and the argument of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copydesk import CopydeskError, SettingsError
from copydesk.operations import KnownDigests, RunSpec, Shard, ShardWorker, check_here

if TYPE_CHECKING:
    from distributed import Worker


class Parcel:
    """The argument of a task on a worker. Prefect does not look into it.

    Attributes:
        name: the name of the run's worker plugin.
        shard: the shard.
        known: the digests of the records that need no work.
    """

    __slots__ = ("known", "name", "shard")

    def __init__(self, name: str, shard: Shard, known: KnownDigests = frozenset()) -> None:
        self.name = name
        self.shard = shard
        self.known = known

    def __reduce__(self) -> tuple[Any, ...]:
        return Parcel, (self.name, self.shard, self.known)


class ShardWorkerPlugin:
    """The worker plugin of Dask that holds the `ShardWorker` of a run. It starts no process before there is a shard.

    Attributes:
        name: the name of the plugin, and of the resource that a fit worker gets.
        spec: what the worker needs.
        shards: processes shards; None before `setup` and after `teardown`.
    """

    def __init__(self, name: str, spec: RunSpec) -> None:
        self.name = name
        self.spec = spec
        self.shards: ShardWorker | None = None

    async def setup(self, worker: Worker) -> None:
        """Prepare a worker. Dask calls this on each worker, also on ones that join later. A worker on which it fails gets no resource."""
        self.shards = ShardWorker(self.spec, worker.state.nthreads)
        await worker.set_resources(**{self.name: worker.state.nthreads})

    def teardown(self, worker: Worker) -> None:
        """End the work. Dask calls this when the run is over, or when another run on the same output begins."""
        shards, self.shards = self.shards, None
        if shards is not None:
            shards.close()


def shard_worker(name: str) -> ShardWorker:
    """Return what processes a run's shards on this worker of Dask.

    Raises:
        CopydeskError: the run is over.
    """
    from distributed import get_worker

    plugin = get_worker().plugins.get(name)
    if not isinstance(plugin, ShardWorkerPlugin) or plugin.shards is None:
        raise CopydeskError("the run is over")
    return plugin.shards


def check_cluster(client: Any, spec: RunSpec) -> None:
    """Check that all workers of a cluster are fit for a run.

    Raises:
        SettingsError: a worker is not fit; the message names it.
    """
    for worker, fault in sorted(client.run(worker_fault, spec).items()):
        if fault:
            raise SettingsError(f"worker {worker}: {fault}")


def worker_fault(spec: RunSpec) -> str:
    """Return what makes this worker unfit for a run, or an empty string."""
    try:
        check_here(spec)
    except CopydeskError as error:
        return str(error)
    return ""


def as_worker_plugin(name: str, spec: RunSpec) -> Any:
    """Return a worker plugin of a class that Dask accepts. The class is made here, so that Dask is imported only when it is used."""
    from distributed import WorkerPlugin

    return type("CopydeskPlugin", (ShardWorkerPlugin, WorkerPlugin), {"idempotent": False})(name, spec)
