"""From inputs to shards: which files, read how, in which portions. All of it a function of the inputs and the settings alone."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from copydesk import borders, sources_index
from copydesk.errors import PluginError, SettingsError
from copydesk.listing import Found, Listed, shown, walk
from copydesk.model import Ignored, SourceRange
from copydesk.plugins import Plugins
from copydesk.settings import Settings
from copydesk.sources_index import Beside
from copydesk.values import Reject, Status


@dataclass(frozen=True, slots=True)
class Refused:
    """A reject on its way into a shard, with its number among the inputs of its source path."""

    reject: Reject
    twin: int


Item = SourceRange | Refused | Ignored


@dataclass(frozen=True, slots=True)
class Shard:
    """A list of input ranges of bounded size; its boundaries are a function of the input alone.

    ``rejects`` are inputs that cannot even be opened, ``ignored`` a number of things that are no inputs by nature. ``twins`` has a
    number for each of ``rejects``: 1, or more where inputs before it have the same source path.
    """

    number: int
    ranges: tuple[SourceRange, ...]
    rejects: tuple[Reject, ...] = ()
    ignored: int = 0
    twins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run was given: everything listed, what is known about it from beside, and how many files are left to settle."""

    listed: list[Listed]
    beside: Beside
    settling: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a run, how many inputs are known, and a digest of what the plan was made from."""

    shards: tuple[Shard, ...]
    planned: int
    digest: str
    twins: dict[str, int] = field(default_factory=dict)
    """Path -> number, for files whose source path another file before them has too."""


def list_inputs(inputs: Sequence[str | Path], output: str | Path, settings: Settings) -> Inputs:
    """Everything in the inputs that is old enough, and what is known about it from beside.

    Raises:
        SettingsError: an input does not exist, or is the output folder, or lies in it.
    """
    _check_apart(inputs, output)
    beside = sources_index.read(settings.source, inputs, settings.base)
    skip = {os.path.realpath(output), *beside.files}
    now = time.time_ns()
    newest = now - int(settings.source.settle_seconds * 1e9)
    listed: list[Listed] = [*beside.rejects]
    settling = 0
    for item in walk(inputs, skip):
        if isinstance(item, Found) and newest < item.mtime_ns <= now:  # a time to come says nothing: such a file would never settle
            settling += 1
        else:
            listed.append(item)
    return Inputs(listed, beside, settling)


def _check_apart(inputs: Sequence[str | Path], output: str | Path) -> None:
    root = os.path.realpath(output)
    for given in inputs:
        if not os.fspath(given):
            raise SettingsError("an input is an empty string; name a file or a folder")
        path = os.path.realpath(given)
        if path == root or Path(root) in Path(path).parents:
            raise SettingsError(f"input {shown(os.fspath(given))} is the output folder {shown(root)} or lies in it; "
                                "the output may lie in an input, not the other way round")


def plan(listed: Iterable[Listed], beside: Beside, plugins: Plugins, settings: Settings) -> Plan:
    """Shards of at most ``batch_files`` ranges and about ``batch_bytes`` bytes."""
    digest = hashlib.sha256(f"{settings.dataset.batch_files} {settings.dataset.batch_bytes}\n".encode())
    seen: dict[tuple[str, str], int] = {}
    twins: dict[str, int] = {}
    items: list[Item] = []
    for each in listed:
        digest.update(_line(each).encode("utf-8", "backslashreplace"))
        if isinstance(each, Ignored):
            items.append(each)
            continue
        place = (each.location.source_path, "") if isinstance(each, Found) else (each.source_path, each.source_record)
        seen[place] = twin = seen.get(place, 0) + 1
        if isinstance(each, Found):
            if twin > 1:
                twins[each.location.path] = twin
            items += [Refused(item, twin) if isinstance(item, Reject) else item for item in _ranges(each, beside, plugins)]
        else:
            items.append(Refused(each, twin))
    shards = tuple(_shards(items, settings))
    return Plan(shards, len(items), digest.hexdigest()[:32], twins)


def _line(item: Listed) -> str:
    if isinstance(item, Found):
        return f"{item.location.source_path}\0{item.location.size}\0{item.mtime_ns}\n"
    return f"{item.source_path}\0{item.code if isinstance(item, Reject) else ''}\n"


def _ranges(found: Found, beside: Beside, plugins: Plugins) -> list[SourceRange | Reject]:
    location = found.location
    facts = beside.facts(location)
    try:
        ranges = borders.ranges(plugins, location)
        if ranges is None:
            return [Reject(stage="plan_source", code="unsupported_format", message="no plugin reads files of this kind",
                           status=Status.REJECTED, source_path=location.source_path, url=facts.url)]
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
    refused = [item for item in items if isinstance(item, Refused)]
    return Shard(number, tuple(item for item in items if isinstance(item, SourceRange)), tuple(item.reject for item in refused),
                 sum(isinstance(item, Ignored) for item in items), tuple(item.twin for item in refused))
