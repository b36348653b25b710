"""``copydesk serve``: flows on their schedules, in this process, until it is ended. What is new is the ledger's business."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from copydesk_flows import servers
from copydesk_flows.exits import Exit, say
from copydesk_flows.inboxes import Watch

if TYPE_CHECKING:
    from prefect.runner import Runner


def serve(watches: tuple[Watch, ...]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        SettingsError: Prefect does not take a schedule.
        CopydeskError: there is no server.
    """
    with servers.server(temporary=False) as url:
        _serve(watches, url)


def _serve(watches: tuple[Watch, ...], url: str) -> None:
    from prefect.runner import Runner

    from copydesk_flows import lost
    from copydesk_flows.deployments import deployment_of

    for told in lost.end_before_start(watch.parameters["output"] for watch in watches):
        say(f"ended the lost run {told}")
    made = [deployment_of(watch) for watch in watches]
    shortest = min(watch.timing.every.total_seconds() if watch.timing.every else 60.0 for watch in watches)
    runner = Runner(pause_on_shutdown=True, query_seconds=max(1.0, min(10.0, shortest / 2)))
    for watch, deployment in zip(watches, made, strict=True):
        runner.add_deployment(deployment)
        say(f"serving {watch.told}")
    say(f"at {url}; Ctrl-C ends it")
    asyncio.run(_until_asked(runner))
    say("ended")


async def _until_asked(runner: Runner) -> None:
    """Serve until a signal asks for the end. Then the runner is cancelled, which ends its runs and pauses its schedules. It waits for the
    server meanwhile, and a cancellation may be swallowed where it strikes: what is not at its end in time is ended by force."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def ask(*_: object) -> None:
        loop.call_soon_threadsafe(asked.set)

    runner.handle_sigterm = ask  # type: ignore[method-assign]  # prefect's own exits inside a callback of its loop
    signal.signal(signal.SIGINT, ask)
    work, asking = asyncio.ensure_future(runner.start()), asyncio.ensure_future(asked.wait())
    await asyncio.wait({work, asking}, return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    force = threading.Timer(END_SECONDS, _by_force)
    force.daemon = True  # it watches over the end of the loop, too, and dies with the process
    force.start()
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


def _by_force() -> None:
    """End this process and all below it. Its runs are found as lost by the next ones on their outputs, its schedules by the next start."""
    say(f"not at its end {END_SECONDS} s after the signal: ended by force")
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(Exit.DONE)


END_SECONDS = 40
