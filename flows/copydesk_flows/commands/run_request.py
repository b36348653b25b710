"""Execute ``copydesk run`` and its siblings: directly or as a Prefect flow, with progress on the terminal and a closing summary."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from types import FrameType
from typing import Literal

from copydesk import RunReport, Settings
from copydesk.operations import InputSelection
from copydesk_flows.console.exits import Exit, emit, say
from copydesk_flows.console.progress_bar import Listener, listening
from copydesk_flows.console.terminal import Terminal
from copydesk_flows.run_summary.outdated_rows import OutdatedRows, outdated_rows
from copydesk_flows.run_summary.summary import as_json, exit_code, show_summary
from copydesk_flows.serving import server as servers
from copydesk_flows.settings import overrides

Kind = Literal["process", "retry", "reprocess", "backfill"]
"""The flow that a command runs, or that does the same as its direct run."""


@dataclass(frozen=True, slots=True)
class Portions:
    """Which portions a backfill takes, by the names at the top of the inputs.

    Attributes:
        first: the first name; None for no limit.
        last: the last name; None for no limit.
        newest_first: whether to go from the last name to the first.
    """

    first: str | None = None
    last: str | None = None
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the command line asked for.

    Attributes:
        inputs: files, folders and URLs of object stores.
        output: the dataset: a folder, or a URL of an object store.
        config: the settings file; None for the one in the current folder, if there is one.
        prefect: whether to run as a flow; None: when a server is configured.
        page_types: the page types to keep; None for those of the settings.
        workers: the number of page processes, 0 for none; None for that of the settings.
        refresh: whether unchanged inputs are processed again.
        retry: whether rejected and quarantined inputs are processed again.
        quiet: whether to print only errors.
        as_json: whether to print the report as JSON.
        debug: whether to show the log of Prefect.
        kind: which flow to run.
        portions: the portions of a backfill.
    """

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
    kind: Kind = "process"
    portions: Portions = Portions()


def execute(request: RunRequest) -> Exit:
    """Execute a request, print its report, and return the exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    over = overrides.overrides(request.page_types, request.workers)
    config = overrides.config_path(request.config)
    settings = overrides.resolve(config, over)
    overrides.check_places(request.inputs, request.output)
    with listening(request.quiet) as listener:
        report, outdated = _by_flow(request, config, over, listener) if _wants_flow(request) else _directly(request, settings, listener)
    if request.as_json:
        emit(as_json(report, outdated))
    elif not request.quiet:
        show_summary(Terminal(), report, outdated)
    return exit_code(report)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise SystemExit(Exit.TERMINATED)  # an exception, so that the job cleans up: lock, workers, staged files


def _wants_flow(request: RunRequest) -> bool:
    """Tell whether to run as a flow. If that depends on the configured server, say which one it is."""
    if request.prefect is not None:
        return request.prefect
    server = servers.configured_server()
    if not request.quiet:
        say(f"running as a flow at {server}" if server else "no Prefect server is configured: running directly")
    return server is not None


Done = tuple[RunReport, OutdatedRows | None]
"""The report of a run, and the rows of an older fingerprint that a reprocessing run left."""


def _directly(request: RunRequest, settings: Settings, listener: Listener | None) -> Done:
    from copydesk.operations import check_workers

    check_workers(settings)
    if request.kind == "backfill":
        return _portions_directly(request, settings, listener), None
    return _one_directly(request, settings, listener, InputSelection(older=request.kind == "reprocess", rejects=request.kind == "retry"))


def _one_directly(request: RunRequest, settings: Settings, listener: Listener | None, selection: InputSelection) -> Done:
    from copydesk.operations import drive, open_job

    with open_job(request.inputs, request.output, settings, refresh=request.refresh, retry=request.retry, on_progress=listener,
                  selection=selection) as job:
        report = drive(job)
        return report, outdated_rows(job) if selection.older else None


def _portions_directly(request: RunRequest, settings: Settings, listener: Listener | None) -> RunReport:
    from copydesk.operations import merged_reports
    from copydesk_flows.flow_steps.portions import portions

    asked, report = request.portions, RunReport(output=request.output)
    for name in portions(request.inputs, asked.first, asked.last, asked.newest_first):
        done, _ = _one_directly(request, settings, listener, InputSelection(below=(name,)))
        report = merged_reports(report, done)
    return report


def _by_flow(request: RunRequest, config: str | None, over: overrides.Overrides, listener: Listener | None) -> Done:
    with servers.server(temporary=True, announce=not request.quiet, silent=not request.debug):
        from copydesk_flows import process, upkeep_flows

        inputs, output = [overrides.absolute(name) for name in request.inputs], overrides.absolute(request.output)
        outdated: list[OutdatedRows] = []

        def work() -> RunReport:
            if request.kind == "process":
                return process.process(inputs, output, config, over, request.refresh, request.retry)
            if request.kind == "backfill":
                asked = request.portions
                return upkeep_flows.backfill(inputs, output, config, over, asked.first, asked.last, asked.newest_first)
            return (process.retry if request.kind == "retry" else process.reprocess)(inputs, output, config, over)

        report = process.run_flow(work, listener, outdated.append)
        return report, outdated[0] if outdated else None
