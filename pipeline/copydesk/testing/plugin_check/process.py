"""The child process that checks a plugin, so that nothing the plugin does can affect the parent."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copydesk.engine.workers import os_limits
from copydesk.engine.workers.parent_pipe import ParentPipe
from copydesk.errors import CopydeskError, PluginError
from copydesk.plugins.discovery import FoundPlugin, find
from copydesk.plugins.manager import Plugins, registered
from copydesk.settings.schema import LimitSettings, Settings
from copydesk.testing.plugin_check.cases import Case, TableCalls, finished_case, page_cases
from copydesk.testing.plugin_check.contract import static_findings
from copydesk.testing.plugin_check.findings import Check, Finding
from copydesk.testing.plugin_check.guard import Guard
from copydesk.testing.plugin_check.probe import At, Probe, Told, one_line
from copydesk.testing.plugin_check.samples import materials, sample_pages
from copydesk.testing.plugin_check.source_cases import SourceCalls

NAME = __name__
"""The module that the parent tells a child to run."""
PAGE_HOOKS = ("extract", "label_blocks", "propose_metadata", "choose_metadata", "propose_quotes")
"""The hooks that work on pages, in the order of the stages."""
SOURCE_HOOKS = ("plan_source", "open_source")
"""The hooks that read sources."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a process is to check.

    Attributes:
        plugin: the name, module or file of the plugin.
        base: the folder that relative paths in the settings are relative to.
        settings: the settings of the plugin.
        limits: the limits of each call.
        files: files of the format that a source plugin reads.
        folder: an empty folder for files that source plugins are called on.
        again: whether this is the second process, which makes each call only once.
    """

    plugin: str
    base: str
    settings: Mapping[str, Any]
    limits: LimitSettings
    files: tuple[str, ...]
    folder: str
    again: bool = False


def main() -> None:
    """Check one plugin, and send the parent what is found."""
    pipe = ParentPipe()
    request = pipe.receive()
    assert isinstance(request, CheckRequest)  # noqa: S101  # the parent sends nothing else
    os_limits.leave_no_core()
    os_limits.plain_allocator()
    sys.dont_write_bytecode = True
    guard = Guard()
    guard.install()
    pipe.ready()
    os_limits.allow_memory(request.limits.memory_bytes)
    pipe.send(_checked(request, guard, pipe))
    pipe.receive()  # waits until the parent ends this process


def _checked(request: CheckRequest, guard: Guard, pipe: ParentPipe) -> Told:
    """Check the plugin; return the final message."""
    pipe.send(At("", "its import"))
    found = _found(request, pipe)
    if found is None:
        return Told(request.plugin, (), {}, (), {})
    static = [] if request.again else list(static_findings(found.module))
    for finding in static:
        pipe.send(finding)
    pipe.send(At("", "its start"))
    pair = None if any(each.check == Check.SIGNATURE for each in static) else _started(found, request, guard, pipe)
    if pair is None:
        return Told(found.name, (), {}, (), {})
    return _probed(request, found.name, Probe(*pair, guard, pipe.send))


def _found(request: CheckRequest, pipe: ParentPipe) -> FoundPlugin | None:
    """Import the plugin. After a failure, send a finding and return None."""
    try:
        return find(request.plugin, request.base)
    except CopydeskError as error:
        pipe.send(Finding(Check.LOAD, one_line(error.detail if isinstance(error, PluginError) else str(error))))
        return None


def _started(found: FoundPlugin, request: CheckRequest, guard: Guard, pipe: ParentPipe) -> tuple[Plugins, Plugins] | None:
    """Start the plugin, and a second instance of it. After a failure, send a finding and return None."""
    values = {found.name: dict(request.settings)} if request.settings else {}
    settings = Settings(plugin_settings=values, base=request.base, limits=request.limits)
    try:
        with guard.watching():
            pair = registered([found], settings), registered([find(request.plugin, request.base)], settings)
    except CopydeskError as error:
        pair, failure = None, one_line(error.detail if isinstance(error, PluginError) else str(error))
    tried = guard.taken()
    for check, words in tried:
        pipe.send(Finding(check, f"{words} (at its start)"))
    if pair is None and not tried:
        pipe.send(Finding(Check.LOAD, failure))
    return pair


def _probed(request: CheckRequest, name: str, probe: Probe) -> Told:
    """Call the plugin's hooks on all samples; return the final message."""
    hooks = probe.plugins.infos[0].hooks
    probe.tell(At("", "the reading of the samples"))
    sources = SourceCalls(hooks, Path(request.folder))
    cases = list(_cases(request, hooks, sources))
    if request.again:
        probe.once(cases)
    else:
        probe.all(cases)
        if "run_finished" in hooks:
            probe.unguarded(finished_case(name))
    milliseconds = {hook: 1000 * sum(took) / len(took) for hook, took in probe.seconds.items()}
    return Told(name, hooks, milliseconds, tuple(_notes(hooks, sources)), probe.digests)


def _cases(request: CheckRequest, hooks: tuple[str, ...], sources: SourceCalls) -> Iterator[Case]:
    samples = list(sample_pages())
    if set(hooks) & set(SOURCE_HOOKS):
        yield from sources.cases(samples, request.files)
    if not set(hooks) & {*PAGE_HOOKS, "tables"}:
        return
    read, twins = materials(samples), materials(samples)
    for hook in PAGE_HOOKS:
        if hook in hooks:
            yield from page_cases(hook, read, twins)
    if "tables" in hooks:
        yield from TableCalls().cases(read, twins)


def _notes(hooks: tuple[str, ...], sources: SourceCalls) -> Iterator[str]:
    if "open_source" in hooks and not sources.pages:
        yield "open_source gave no page: name files of its format with samples=[...]"
