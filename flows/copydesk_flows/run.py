"""``copydesk run``: directly or as a Prefect flow, with progress on the terminal and a closing summary."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from types import FrameType

from copydesk import RunReport, Settings
from copydesk_flows import options, servers
from copydesk_flows.exits import Exit, emit, say
from copydesk_flows.live import Listener, listening
from copydesk_flows.report import as_json, exit_code, show_summary
from copydesk_flows.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for. ``prefect`` None: as a flow when a server is configured."""

    inputs: list[str]
    output: str
    config: str | None = None
    prefect: bool | None = None
    page_types: tuple[str, ...] | None = None
    workers: int | None = None
    refresh: bool = False
    retry: bool = False
    quiet: bool = False
    as_json: bool = False
    debug: bool = False


def execute(request: Request) -> Exit:
    """Run, report, and say how it ended."""
    signal.signal(signal.SIGTERM, _terminated)
    over = options.overrides(request.page_types, request.workers)
    config = options.config_path(request.config)
    settings = options.resolve(config, over)
    options.check_places(request.inputs, request.output)
    with listening(request.quiet) as listener:
        report = _by_flow(request, config, over, listener) if _wants_flow(request) else _directly(request, settings, listener)
    if request.as_json:
        emit(as_json(report))
    elif not request.quiet:
        show_summary(Terminal(), report)
    return exit_code(report)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise SystemExit(Exit.TERMINATED)  # so that the job's own ending runs: lock, workers, staging


def _wants_flow(request: Request) -> bool:
    if request.prefect is not None:
        return request.prefect
    server = servers.configured_server()
    if not request.quiet:
        say(f"running as a flow at {server}" if server else "no Prefect server is configured: running directly")
    return server is not None


def _directly(request: Request, settings: Settings, listener: Listener | None) -> RunReport:
    from copydesk import engine

    return engine.run(request.inputs, request.output, settings, refresh=request.refresh, retry=request.retry, on_progress=listener)


def _by_flow(request: Request, config: str | None, over: options.Overrides, listener: Listener | None) -> RunReport:
    with servers.server(temporary=True, announce=not request.quiet, silent=not request.debug):
        from copydesk_flows.process import run_flow

        inputs = [options.absolute(name) for name in request.inputs]
        return run_flow(inputs, options.absolute(request.output), config, over, request.refresh, listener, retry=request.retry)
