"""``copydesk serve``: flows on their schedules, in this process, until it is ended. What is new is the ledger's business."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING
from uuid import UUID

import psutil

from copydesk import CopydeskError
from copydesk_flows.console.exits import Exit, say
from copydesk_flows.serving import server
from copydesk_flows.settings.inboxes import WatchedInbox

if TYPE_CHECKING:
    from prefect.runner import Runner

PAUSE_SECONDS = 5
STOP_SECONDS = 20
END_SECONDS = 40
"""After the signal: so long may take the two questions to the server, the end of the runs under way, and all of it before force."""
TOLD_SECONDS = 3
"""A run's process ends so long after it told the server of its end, at most."""


def serve(watches: tuple[WatchedInbox, ...]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        SettingsError: Prefect does not take a schedule.
        CopydeskError: there is no server, or it was gone for too long.
    """
    early = threading.Event()

    def too_early(number: int, frame: FrameType | None) -> None:
        early.set()  # where the exit is swallowed, as in a weak reference's callback, this is seen when serving begins
        raise SystemExit(Exit.DONE)  # nothing runs yet but perhaps a server of our own, which ends on the way out

    signal.signal(signal.SIGTERM, too_early)
    with server.server(temporary=False) as url:
        _serve(watches, url, early)


def _serve(watches: tuple[WatchedInbox, ...], url: str, early: threading.Event) -> None:
    from prefect.runner import Runner

    from copydesk_flows.flow_steps import lost_runs
    from copydesk_flows.serving.deployments import deployment_of

    for told in lost_runs.end_before_start(watch.parameters["output"] for watch in watches):
        say(f"ended the lost run {told}")
    made = [deployment_of(watch) for watch in watches]
    shortest = min(watch.timing.every.total_seconds() if watch.timing.every else 60.0 for watch in watches)
    runner = Runner(pause_on_shutdown=False, query_seconds=max(1.0, min(10.0, shortest / 2)))
    served = []
    for watch, deployment in zip(watches, made, strict=True):
        served.append(UUID(str(runner.add_deployment(deployment))))
        say(f"serving {watch.told}")
    say(f"at {url}; Ctrl-C ends it")
    try:
        asyncio.run(_until_asked(runner, served, early))
    except ExceptionGroup as group:
        raise CopydeskError(f"serving ended by itself: {_first(group)}; its runs are ended, and the next start goes on") from group
    say("ended")


def _first(error: BaseException) -> str:
    """The first error in a group, and in the groups in it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


async def _until_asked(runner: Runner, served: Sequence[UUID], early: threading.Event) -> None:
    """Serve until a signal asks for the end. Then the schedules are paused, and the runs under way are ended: each gets SIGTERM and is
    Cancelled at the server. What does not come to its end in time is cancelled here, which kills the runs; and since a cancellation
    waits for the server too, and may be swallowed where it strikes, in the end there is force."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def ask(*_: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: we are at the end already
            loop.call_soon_threadsafe(asked.set)

    runner.handle_sigterm = ask  # type: ignore[method-assign]  # prefect's own exits inside a callback of its loop
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)  # the runner sets its own only when it has started
    if early.is_set():
        asked.set()
    work, asking = asyncio.ensure_future(runner.start()), asyncio.ensure_future(asked.wait())
    await asyncio.wait({work, asking}, return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    force = threading.Timer(END_SECONDS, _by_force)
    force.daemon = True  # it watches over the end of the loop, too, and dies with the process
    force.start()
    if not work.done():
        await _within(PAUSE_SECONDS, _pause(served))
        await _within(PAUSE_SECONDS, _told(served))
        await _within(STOP_SECONDS, runner.astop())
        await asyncio.wait({work}, timeout=2)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def _within(seconds: float, work: Awaitable[None]) -> None:
    """Something on the way to the end; when it takes too long, or fails, the end goes on without it."""
    try:
        await asyncio.wait_for(work, seconds)
    except Exception as error:  # noqa: BLE001  # whatever it is, the end must come
        say(f"while ending: {type(error).__name__} {error}".rstrip())


async def _pause(served: Sequence[UUID]) -> None:
    """Pause the schedules: nobody would do their runs. The next start goes on with them."""
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        for deployment in served:
            await client.pause_deployment(deployment)


async def _told(served: Sequence[UUID]) -> None:
    """Wait while a run has just told the server of its end: prefect would cancel it over that as long as its process is there."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType

    done = filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=[StateType.COMPLETED, StateType.FAILED]))
    ours = filters.DeploymentFilter(id=filters.DeploymentFilterId(any_=list(served)))
    async with get_client() as client:
        while True:
            just_now = filters.FlowRunFilterEndTime(after_=datetime.now(UTC) - timedelta(seconds=TOLD_SECONDS))
            runs = filters.FlowRunFilter(state=done, end_time=just_now)
            if not await client.read_flow_runs(deployment_filter=ours, flow_run_filter=runs, limit=1):
                return
            await asyncio.sleep(0.5)


def _by_force() -> None:
    """End this process and all below it. Its runs are found as lost by the next ones on their outputs, its schedules by the next start."""
    say(f"not at its end {END_SECONDS} s after the signal: ended by force")
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(Exit.DONE)
