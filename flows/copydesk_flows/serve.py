"""``copydesk serve``: flows on their schedules, in this process, until it is ended. What is new is the ledger's business."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from copydesk_flows import servers
from copydesk_flows.exits import say
from copydesk_flows.inboxes import Watch


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
    runner.handle_sigterm = _as_interrupt  # type: ignore[method-assign]  # prefect's own exits inside a callback of its loop
    for watch, deployment in zip(watches, made, strict=True):
        runner.add_deployment(deployment)
        say(f"serving {watch.told}")
    say(f"at {url}; Ctrl-C ends it")
    with suppress(KeyboardInterrupt):
        asyncio.run(runner.start())
    say("ended")


def _as_interrupt(*_: object) -> None:
    """End as Ctrl-C does: asyncio cancels the runner, which ends its runs and pauses its schedules."""
    signal.raise_signal(signal.SIGINT)
