"""From inputs to shards: which files, read how, in which portions. All of it a function of the inputs and the settings alone."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from copydesk import sources_index
from copydesk.errors import PluginError
from copydesk.listing import Found, Ignored, Listed, walk
from copydesk.model import SourceRange
from copydesk.plugins import Plugins
from copydesk.settings import Settings
from copydesk.sources_index import Beside
from copydesk.values import Reject, Status

Item = SourceRange | Reject | Ignored


@dataclass(frozen=True, slots=True)
class Shard:
    """A list of input ranges of bounded size; its boundaries are a function of the input alone.

    ``rejects`` are inputs that cannot even be opened, ``ignored`` a number of things that are no inputs by nature.
    """

    number: int
    ranges: tuple[SourceRange, ...]
    rejects: tuple[Reject, ...] = ()
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a run, how many inputs are known, and a digest of what the plan was made from."""

    shards: tuple[Shard, ...]
    planned: int
    digest: str
    twins: dict[str, int] = field(default_factory=dict)
    """Path -> number, for files whose source path another file before them has too."""


def list_inputs(inputs: Sequence[str | Path], output: str, settings: Settings) -> tuple[list[Listed], Beside]:
    """Everything in the inputs that is old enough, and what is known about it from beside."""
    beside = sources_index.read(settings.source, inputs, settings.base)
    newest = (time.time() - settings.source.settle_seconds) * 1e9 if settings.source.settle_seconds else float("inf")
    skip = {os.path.realpath(output), *beside.files}
    listed = [item for item in walk(inputs, skip) if not (isinstance(item, Found) and item.mtime_ns > newest)]
    return [*beside.rejects, *listed], beside


def plan(listed: Iterable[Listed], beside: Beside, plugins: Plugins, settings: Settings) -> Plan:
    """Shards of at most ``batch_files`` ranges and about ``batch_bytes`` bytes."""
    digest = hashlib.sha256(f"{settings.dataset.batch_files} {settings.dataset.batch_bytes}\n".encode())
    seen: dict[str, int] = {}
    twins: dict[str, int] = {}
    items: list[Item] = []
    for each in listed:
        digest.update(_line(each).encode("utf-8", "backslashreplace"))
        if isinstance(each, Found):
            location = each.location
            seen[location.source_path] = number = seen.get(location.source_path, 0) + 1
            if number > 1:
                twins[location.path] = number
            items += _ranges(each, beside, plugins)
        else:
            items.append(each)
    shards = tuple(_shards(items, settings))
    return Plan(shards, len(items), digest.hexdigest()[:32], twins)


def _line(item: Listed) -> str:
    if isinstance(item, Found):
        return f"{item.location.source_path}\0{item.location.size}\0{item.mtime_ns}\n"
    return f"{item.source_path}\0{item.code if isinstance(item, Reject) else ''}\n"


def _ranges(found: Found, beside: Beside, plugins: Plugins) -> list[Item]:
    location = found.location
    facts = beside.facts(location)
    try:
        planned = plugins.first("plan_source", location=location)
        if planned is None:
            return [Reject(stage="plan_source", code="unsupported_format", message="no plugin reads files of this kind",
                           status=Status.REJECTED, source_path=location.source_path, url=facts.url)]
        name, result = planned
        ranges = list(result)
        wrong = next((each for each in ranges if not isinstance(each, SourceRange)), None)
        if wrong is not None:
            raise PluginError(name, "plan_source", f"gave {type(wrong).__name__}, not SourceRange")
    except PluginError as error:
        return [Reject(stage="plan_source", code="plugin_error", message=str(error), status=Status.QUARANTINED, plugin=error.plugin,
                       source_path=location.source_path, url=facts.url)]
    return [replace(each, url=each.url or facts.url, date_captured=each.date_captured or facts.date_captured,
                    site=each.site or facts.site) for each in ranges]


def _shards(items: Iterable[Item], settings: Settings) -> Iterator[Shard]:
    limits = settings.dataset
    number, held, size = 0, list[Item](), 0
    for item in items:
        weight = _size(item)
        if held and (len(held) >= limits.batch_files or size + weight > limits.batch_bytes):
            yield _shard(number, held)
            number, held, size = number + 1, [], 0
        held.append(item)
        size += weight
    if held:
        yield _shard(number, held)


def _size(item: Item) -> int:
    if not isinstance(item, SourceRange):
        return 0
    return (item.location.size if item.end is None else item.end) - item.start


def _shard(number: int, items: Sequence[Item]) -> Shard:
    return Shard(number, tuple(item for item in items if isinstance(item, SourceRange)),
                 tuple(item for item in items if isinstance(item, Reject)), sum(isinstance(item, Ignored) for item in items))
