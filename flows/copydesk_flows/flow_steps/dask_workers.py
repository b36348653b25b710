"""A run's place on the workers of Dask: what each of them gets once, whether it is fit, and what a task carries to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copydesk import CopydeskError, SettingsError
from copydesk.operations import KnownDigests, RunSpec, Shard, ShardWorker, check_here

if TYPE_CHECKING:
    from distributed import Worker


class Parcel:
    """What a task elsewhere works on, opaque to Prefect."""

    __slots__ = ("known", "name", "shard")

    def __init__(self, name: str, shard: Shard, known: KnownDigests = frozenset()) -> None:
        self.name = name
        self.shard = shard
        self.known = known

    def __reduce__(self) -> tuple[Any, ...]:
        return Parcel, (self.name, self.shard, self.known)


class ShardWorkerPlugin:
    """A run's `ShardWorker` on a worker of Dask. It starts no process before there is a shard."""

    def __init__(self, name: str, spec: RunSpec) -> None:
        self.name = name
        self.spec = spec
        self.shards: ShardWorker | None = None

    async def setup(self, worker: Worker) -> None:
        """Called by Dask on each worker, on those that come later too. One on which it raises stays there without the resource."""
        self.shards = ShardWorker(self.spec, worker.state.nthreads)
        await worker.set_resources(**{self.name: worker.state.nthreads})

    def teardown(self, worker: Worker) -> None:
        """Called by Dask when the run is over, or another one on the same output begins."""
        shards, self.shards = self.shards, None
        if shards is not None:
            shards.close()


def shard_worker(name: str) -> ShardWorker:
    """What works on a run's shards, on this worker of Dask.

    Raises:
        CopydeskError: the run is over.
    """
    from distributed import get_worker

    plugin = get_worker().plugins.get(name)
    if not isinstance(plugin, ShardWorkerPlugin) or plugin.shards is None:
        raise CopydeskError("the run is over")
    return plugin.shards


def check_cluster(client: Any, spec: RunSpec) -> None:
    """See that all workers of a cluster are fit for a run.

    Raises:
        SettingsError: one is not; it is named.
    """
    for worker, fault in sorted(client.run(worker_fault, spec).items()):
        if fault:
            raise SettingsError(f"worker {worker}: {fault}")


def worker_fault(spec: RunSpec) -> str:
    """What makes this worker unfit for a run."""
    try:
        check_here(spec)
    except CopydeskError as error:
        return str(error)
    return ""


def as_worker_plugin(name: str, spec: RunSpec) -> Any:
    """The plugin in a class that Dask takes; made here, so that nothing of Dask is loaded where it is not used."""
    from distributed import WorkerPlugin

    return type("CopydeskPlugin", (ShardWorkerPlugin, WorkerPlugin), {"idempotent": False})(name, spec)
