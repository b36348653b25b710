"""Check a plugin in child processes, under the limits that a page has in a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType, ModuleType
from typing import Any

from copydesk.engine.workers.child import LOST, Child
from copydesk.engine.workers.launch import START_SECONDS, start_child
from copydesk.engine.workers.watch import Watch
from copydesk.rows.limit_codes import limit_message
from copydesk.settings.schema import LimitSettings
from copydesk.testing.plugin_check import process
from copydesk.testing.plugin_check.findings import Check, Finding, PluginCheck
from copydesk.testing.plugin_check.probe import At, Told
from copydesk.testing.plugin_check.process import CheckRequest

SEEDS = ("1", "2")
"""PYTHONHASHSEED of the two processes, so that they iterate over sets of strings in different orders."""


def check_plugin(plugin: ModuleType | str | Path, *, settings: Mapping[str, Any] | None = None, samples: Sequence[str | Path] = (),
                 limits: LimitSettings | None = None) -> PluginCheck:
    """Check a plugin against the contract (`Check` lists the checks).

    The plugin runs in child processes. If it hangs, dies or exceeds a limit, that is a finding. It cannot affect this process.

    Args:
        plugin: a module, the path of a ``.py`` file, the name of an installed plugin, or the name of an importable module.
        settings: the settings of the plugin, as in ``[plugins.<name>]``.
        samples: files of the format that a source plugin reads. The check also calls the plugin on damaged copies of them.
        limits: the limits of each call; None for those of a run (60 s by the clock, 20 s of CPU time, 1 GB of memory).

    Returns:
        The findings, and what the check learned about the plugin.

    Raises:
        ValueError: the module has no file, and cannot be imported by its name.
        CopydeskError: no process can be started.

    >>> check_plugin("page_type").ok
    True
    """
    given = _given(plugin)
    allowed = limits or LimitSettings()
    with TemporaryDirectory(prefix="copydesk-check-", ignore_cleanup_errors=True) as folder:
        request = CheckRequest(given, str(Path.cwd()), settings or {}, allowed, tuple(str(Path(file).resolve()) for file in samples),
                               folder)
        first = _answered(request, SEEDS[0])
        if first.told is None or not first.told.hooks:
            return PluginCheck(first.told.plugin if first.told else _short(given), findings=tuple(first.findings))
        second = _answered(replace(request, again=True), SEEDS[1])
    told = first.told
    findings = [*first.findings, *_unlike(told, second, first.findings)]
    return PluginCheck(told.plugin, told.hooks, tuple(findings), MappingProxyType(dict(told.milliseconds)), told.notes)


@dataclass(slots=True)
class _Answer:
    """What a process that checks has sent: findings, and its result. ``told`` is None when it did not get to the end."""

    told: Told | None = None
    findings: list[Finding] = field(default_factory=list)


def _answered(request: CheckRequest, seed: str) -> _Answer:
    """Start a process that checks, and collect what it sends until it is done or dead."""
    answer = _Answer()
    watch = Watch()
    try:
        child = start_child(process.NAME, request, watch, {"PYTHONHASHSEED": seed})
        _listen(child, watch, request.limits, answer)
    finally:
        watch.close()
    return answer


def _listen(child: Child, watch: Watch, limits: LimitSettings, answer: _Answer) -> None:
    at = At("", "its start")
    try:
        while answer.told is None:
            seconds, cpu = (limits.page_seconds, limits.cpu_seconds) if at.hook else (START_SECONDS, START_SECONDS)
            watch.begin(child, seconds, cpu, limits.memory_bytes)
            said = child.receive()
            if isinstance(said, Finding):
                answer.findings.append(said)
            elif isinstance(said, At):
                at = said
            elif isinstance(said, Told):
                answer.told = said
    except LOST:
        check, how = (Check.DIES, f"the process died: {child.ending()}") if not child.killed else (
            Check.LIMITS, limit_message(child.killed, limits if at.hook else limits.model_copy(update={
                "page_seconds": START_SECONDS, "cpu_seconds": START_SECONDS})))
        answer.findings.append(Finding(check, f"{how} (on {at.on}); what comes behind this was not tried", at.hook))
    finally:
        watch.end(child)


def _unlike(told: Told, second: _Answer, known: list[Finding]) -> Iterator[Finding]:
    """Yield what only the second process found, and a finding for each hook whose results differ between the two."""
    seen = {(finding.check, finding.hook) for finding in known}
    yield from (finding for finding in second.findings if (finding.check, finding.hook) not in seen)
    digests = second.told.digests if second.told is not None else {}
    differing = {hook: on for (hook, on), digest in reversed(list(told.digests.items())) if digests.get((hook, on), digest) != digest}
    for hook, on in differing.items():
        if (Check.PURE, hook) not in seen:
            yield Finding(Check.PURE, f"another process, with the pages in another order, gets another result (on {on})", hook)


def _given(plugin: ModuleType | str | Path) -> str:
    if isinstance(plugin, Path):
        return str(plugin.resolve())
    if isinstance(plugin, str):
        return plugin
    file = getattr(plugin, "__file__", None)
    if _is_found(plugin.__name__, file):
        return plugin.__name__
    if file is None or not file.endswith(".py"):
        raise ValueError(f"the module {plugin.__name__} has no file: give the path of one")
    return str(Path(file).resolve())


def _is_found(name: str, file: str | None) -> bool:
    """Tell whether another process can import the same module by its name."""
    parent = sys.modules.get(name.rpartition(".")[0])
    path = getattr(parent, "__path__", None)
    if file is None or ("." in name and path is None):
        return False
    specs = (finder.find_spec(name, path) for finder in sys.meta_path if hasattr(finder, "find_spec"))
    spec = next((each for each in specs if each is not None), None)
    return spec is not None and spec.origin == file


def _short(given: str) -> str:
    return Path(given).stem if given.endswith(".py") else given
