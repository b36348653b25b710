"""``copydesk serve``: the flow on a schedule over an inbox folder. What is new is the ledger's business."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from copydesk import SettingsError
from copydesk.files import is_remote
from copydesk_flows import options, servers
from copydesk_flows.cron import cron_fault
from copydesk_flows.exits import say

_DURATION = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")


@dataclass(frozen=True, slots=True)
class Timing:
    """When to run: a cron line (UTC) or an interval; one of the two."""

    cron: str | None
    every: timedelta | None


@dataclass(frozen=True, slots=True)
class Watch:
    """What the command line asked for."""

    inbox: str
    output: str
    timing: Timing
    name: str
    config: str | None
    settings: options.Overrides


def duration(option: str, text: str) -> float:
    """Seconds from ``30s``, ``15m``, ``2h``, ``1d`` or a row of them (``1h30m``).

    >>> duration("--every", "1h30m")
    5400.0

    Raises:
        SettingsError: it is no such time.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()):
        raise SettingsError(f"{option} {text!r} is no time: write 30s, 15m, 2h, 1d or 1h30m")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds()


def timing(cron: str | None, every: str | None) -> Timing:
    """The schedule from the options.

    Raises:
        SettingsError: none or both are given, or one says nothing possible.
    """
    if (cron is None) == (every is None):
        raise SettingsError('say when to run: either --cron "0 * * * *" or --every 15m')
    if cron is not None:
        wrong = cron_fault(cron)
        if wrong:
            raise SettingsError(f"{cron!r} is no cron line: {wrong}; write minute, hour, day, month and weekday, as in '0 6 * * mon-fri'")
        return Timing(cron.strip(), None)
    seconds = duration("--every", every or "")
    if seconds <= 0:
        raise SettingsError("--every needs a time above zero")
    return Timing(None, timedelta(seconds=seconds))


def watch(request: Watch) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        SettingsError: the inbox is no folder, or the settings say something impossible.
    """
    if not is_remote(request.inbox) and not Path(request.inbox).is_dir():
        raise SettingsError(f"the inbox {request.inbox} is no folder")
    options.check_places([request.inbox], request.output)
    config = options.config_path(request.config)
    options.resolve(config, request.settings)
    with servers.server(temporary=False) as url:
        parameters = {"inputs": [options.absolute(request.inbox)], "output": options.absolute(request.output),
                      "config": config, "settings": request.settings.model_dump(mode="json", exclude_none=True)}
        _serve(request, parameters, url)


def _serve(request: Watch, parameters: dict[str, Any], url: str) -> None:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner
    from prefect.types.entrypoint import EntrypointType

    from copydesk_flows.process import process

    every = request.timing.every
    try:
        deployment = RunnerDeployment.from_flow(
            process, request.name, parameters=parameters, cron=request.timing.cron, interval=every, paused=False, tags=["copydesk"],
            concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
            entrypoint_type=EntrypointType.MODULE_PATH)
    except ValidationError as error:
        raise SettingsError(f"{request.timing.cron!r} is no cron line: {error.errors()[0]['msg']}") from error
    say(f"serving process/{request.name} at {url}: {request.inbox} every {every or request.timing.cron}, Ctrl-C ends it")
    seconds = every.total_seconds() if every else 60.0
    runner = Runner(pause_on_shutdown=True, query_seconds=max(1.0, min(10.0, seconds / 2)))
    runner.handle_sigterm = _as_interrupt  # type: ignore[method-assign]  # prefect's own exits inside a callback of its loop
    runner.add_deployment(deployment)
    with suppress(KeyboardInterrupt):
        asyncio.run(runner.start())
    say("ended")


def _as_interrupt(*_: object) -> None:
    """End as Ctrl-C does: asyncio cancels the runner, which ends its runs and pauses its schedule."""
    signal.raise_signal(signal.SIGINT)
