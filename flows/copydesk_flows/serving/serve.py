"""``copydesk serve``: run flows on their schedules from this process, until it is ended. The ledger finds out which inputs are new."""

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
"""After the signal, each of the two requests to the server may take this long."""
STOP_SECONDS = 20
"""After the signal, the end of the current runs may take this long."""
LOOP_SECONDS = 2
"""How long to wait for the runner's own end, after the runs have ended."""
END_SECONDS = 40
"""All of the end may take this long; then the process is ended by force."""
TOLD_SECONDS = 3
"""The process of a run ends at most this long after it told the server of the end of the run."""
TOLD_POLL_SECONDS = 0.5
"""The time between two requests that ask for such runs."""
CRON_SECONDS = 60.0
"""The shortest time between two runs of a cron line."""
LEAST_QUERY_SECONDS, MOST_QUERY_SECONDS = 1.0, 10.0
"""The runner asks the server for due runs twice per interval of the shortest schedule, within these bounds."""


def serve(watches: tuple[WatchedInbox, ...]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Args:
        watches: what to run when.

    Raises:
        SettingsError: Prefect does not accept a schedule.
        CopydeskError: there is no server, or it was gone for too long.
    """
    early = threading.Event()

    def too_early(number: int, frame: FrameType | None) -> None:
        early.set()  # read when serving begins, if something swallows the exit, such as the callback of a weak reference
        raise SystemExit(Exit.DONE)  # no run has started; a server that this process started ends with the block below

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
    shortest = min(watch.timing.every.total_seconds() if watch.timing.every else CRON_SECONDS for watch in watches)
    runner = Runner(pause_on_shutdown=False, query_seconds=max(LEAST_QUERY_SECONDS, min(MOST_QUERY_SECONDS, shortest / 2)))
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
    """Describe the first error in a group that may hold other groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


async def _until_asked(runner: Runner, served: Sequence[UUID], early: threading.Event) -> None:
    """Serve until a signal asks for the end.

    Then the schedules are paused, and the current runs are ended: each gets SIGTERM and becomes Cancelled at the server. If that takes too
    long, the runner is cancelled, which kills the runs. A cancellation may wait for the server, too, or be swallowed. So a timer ends the
    process by force after `END_SECONDS`.
    """
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def ask(*_: object) -> None:
        with suppress(RuntimeError):  # the loop is closed, so the process is ending already
            loop.call_soon_threadsafe(asked.set)

    runner.handle_sigterm = ask  # type: ignore[method-assign]  # prefect's own handler exits inside a callback of its loop
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)  # the runner sets its handlers only when it has started
    if early.is_set():
        asked.set()
    work, asking = asyncio.ensure_future(runner.start()), asyncio.ensure_future(asked.wait())
    await asyncio.wait({work, asking}, return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    force = threading.Timer(END_SECONDS, _by_force)
    force.daemon = True  # it also covers the end of the loop, and ends with the process
    force.start()
    if not work.done():
        await _within(PAUSE_SECONDS, _pause(served))
        await _within(PAUSE_SECONDS, _told(served))
        await _within(STOP_SECONDS, runner.astop())
        await asyncio.wait({work}, timeout=LOOP_SECONDS)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def _within(seconds: float, work: Awaitable[None]) -> None:
    """Do a step of the end. If it fails or takes longer than ``seconds``, say so and continue."""
    try:
        await asyncio.wait_for(work, seconds)
    except Exception as error:  # noqa: BLE001  # no error may prevent the end
        say(f"while ending: {type(error).__name__} {error}".rstrip())


async def _pause(served: Sequence[UUID]) -> None:
    """Pause the schedules, since no process would do their runs. The next start resumes them."""
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        for deployment in served:
            await client.pause_deployment(deployment)


async def _told(served: Sequence[UUID]) -> None:
    """Wait until no run has just told the server of its end. Prefect would mark such a run as cancelled while its process still exists."""
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
            await asyncio.sleep(TOLD_POLL_SECONDS)


def _by_force() -> None:
    """End this process and all of its children. Later runs on the same outputs mark its runs as lost; the next start resumes schedules."""
    say(f"not at its end {END_SECONDS} s after the signal: ended by force")
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(Exit.DONE)
