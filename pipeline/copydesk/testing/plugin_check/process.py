"""The process that checks a plugin: whatever the plugin does, it happens here and not to who asked."""

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
PAGE_HOOKS = ("extract", "label_blocks", "propose_metadata", "choose_metadata", "propose_quotes")
SOURCE_HOOKS = ("plan_source", "open_source")


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check: a plugin's name, module or file; its settings; files of its own format; an empty folder; whether this is the
    second process, which calls each hook once."""

    plugin: str
    base: str
    settings: Mapping[str, Any]
    limits: LimitSettings
    files: tuple[str, ...]
    folder: str
    again: bool = False


def main() -> None:
    """Check one plugin and tell the parent."""
    line = ParentPipe()
    request = line.receive()
    assert isinstance(request, CheckRequest)  # noqa: S101  # from our own parent
    os_limits.leave_no_core()
    os_limits.plain_allocator()
    sys.dont_write_bytecode = True
    guard = Guard()
    guard.install()
    line.ready()
    os_limits.allow_memory(request.limits.memory_bytes)
    line.send(_checked(request, guard, line))
    line.receive()  # until the parent is done with us


def _checked(request: CheckRequest, guard: Guard, line: ParentPipe) -> Told:
    line.send(At("", "its import"))
    found = _found(request, line)
    if found is None:
        return Told(request.plugin, (), {}, (), {})
    static = [] if request.again else list(static_findings(found.module))
    for finding in static:
        line.send(finding)
    line.send(At("", "its start"))
    pair = None if any(each.check == Check.SIGNATURE for each in static) else _started(found, request, guard, line)
    if pair is None:
        return Told(found.name, (), {}, (), {})
    return _probed(request, found.name, Probe(*pair, guard, line.send))


def _found(request: CheckRequest, line: ParentPipe) -> FoundPlugin | None:
    try:
        return find(request.plugin, request.base)
    except CopydeskError as error:
        line.send(Finding(Check.LOAD, one_line(error.detail if isinstance(error, PluginError) else str(error))))
        return None


def _started(found: FoundPlugin, request: CheckRequest, guard: Guard, line: ParentPipe) -> tuple[Plugins, Plugins] | None:
    """The plugin, and a fresh instance of it; None when it does not start, which is told."""
    values = {found.name: dict(request.settings)} if request.settings else {}
    settings = Settings(plugin_settings=values, base=request.base, limits=request.limits)
    try:
        with guard.watching():
            pair = registered([found], settings), registered([find(request.plugin, request.base)], settings)
    except CopydeskError as error:
        pair, failure = None, one_line(error.detail if isinstance(error, PluginError) else str(error))
    tried = guard.taken()
    for check, words in tried:
        line.send(Finding(check, f"{words} (at its start)"))
    if pair is None and not tried:
        line.send(Finding(Check.LOAD, failure))
    return pair


def _probed(request: CheckRequest, name: str, probe: Probe) -> Told:
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
