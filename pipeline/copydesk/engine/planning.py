"""Plan a run: which files to read, in which ranges, and how to divide the ranges into shards.

A plan depends only on the inputs, the settings and what the dataset knows of the inputs.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from copydesk.engine.reprocessing import Wanted
from copydesk.engine.shards import PlannedItem, Refused, Shard, ShardFile, cut, size_of
from copydesk.errors import PluginError
from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored, Location, SourceRange
from copydesk.model.status import Status
from copydesk.plugins.manager import Plugins
from copydesk.settings.schema import Settings
from copydesk.sources.found import FoundFile, Listed
from copydesk.sources.index import FileFacts, SourceIndex
from copydesk.sources.inputs import Inputs
from copydesk.stages import source


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a run.

    Attributes:
        shards: the shards, in order.
        planned: the number of items in them: ranges, rejects and ignored items.
        size: the bytes of their ranges, as stored.
        digest: a digest of the inputs and of the limits of batches, in hexadecimal.
        copy_numbers: by path, the number of a file among the files with its source path, where it is not the first.
        unchanged: the inputs in files that are left out because their state is as it was when they were read.
        ignored: the ignored items in such files.
        settling: the files that are left to a later run because they are too young.
    """

    shards: Sequence[Shard]
    planned: int
    size: int
    digest: str
    copy_numbers: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    ignored: int = 0
    settling: int = 0


DIGEST_DIGITS = 32
"""Hexadecimal digits of a plan's digest, which commit files record."""
LONGEST_ENDING = 20
"""A reject shows this many characters of a file name's ending."""


FileLookup = Callable[[str, str], tuple[int, int] | None]
"""From a file's path and state to the number of its inputs, and how many of them are ignored; None when it must be read."""


class Planner:
    """Makes a plan from the listed inputs.

    Args:
        index: the facts about files that index files and path patterns state.
        plugins: the plugins of the run.
        settings: the settings of the run.
        several: whether the run has several inputs, so that two files may have the same source path.
        known: tells which files need not be read.
        wanted: tells which source paths the plan includes; None for all.
    """

    def __init__(self, index: SourceIndex, plugins: Plugins, settings: Settings, several: bool, known: FileLookup,
                 wanted: Wanted | None = None) -> None:
        self._index = index
        self._plugins = plugins
        self._settings = settings
        self._several = several
        self._known = known
        self._wanted = wanted
        self._digest = hashlib.sha256(f"{settings.dataset.batch_files} {settings.dataset.batch_bytes}\n".encode())
        self._seen: dict[tuple[str, str], int] = {}
        self._copy_numbers: dict[str, int] = {}
        self._planned = self._size = self._unchanged = self._ignored = 0

    def plan(self, given: Inputs, shards: ShardFile) -> Plan:
        """Write all shards to a file, and return the plan."""
        for shard in cut(self._items(given.listed), self._settings.dataset):
            shards.add(shard)
        return Plan(shards, self._planned, self._size, self._digest.hexdigest()[:DIGEST_DIGITS], self._copy_numbers, self._unchanged,
                    self._ignored, given.settling)

    def _items(self, listed: Iterable[Listed]) -> Iterator[PlannedItem]:
        for each in listed:
            self._digest.update(_line(each).encode("utf-8", "backslashreplace"))
            if self._wanted is not None and not self._wanted(source_path_of(each)):
                continue
            if isinstance(each, FoundFile):
                found = self._found(each)
            else:
                found = [each if isinstance(each, Ignored) else Refused(each, self._copy_number(each.source_path, each.source_record))]
            self._planned += len(found)
            self._size += sum(map(size_of, found))
            yield from found

    def _found(self, found: FoundFile) -> list[PlannedItem]:
        """Return the ranges of a file, or an empty list when the file is known in its present state."""
        location = found.location
        facts = self._index.facts(location)
        copy_number = self._copy_number(location.source_path, "")
        if copy_number > 1:
            self._copy_numbers[location.path] = copy_number
        if location.signature:
            beside = (location.source_path, copy_number, facts.url, facts.date_captured, facts.site)
            location = replace(location, signature=_storable("\t".join(map(str, (location.signature, *beside)))))
            known = self._known(location.path, location.signature)
            if known is not None:
                self._unchanged += known[0] - known[1]
                self._ignored += known[1]
                return []
        return [Refused(item, copy_number) if isinstance(item, Reject) else item for item in _ranges(location, facts, self._plugins)]

    def _copy_number(self, source_path: str, record: str) -> int:
        if not self._several:
            return 1
        self._seen[source_path, record] = copy_number = self._seen.get((source_path, record), 0) + 1
        return copy_number


def source_path_of(item: Listed) -> str:
    """Return the source path of a listed item, as rows and the ledger hold it."""
    return item.location.source_path if isinstance(item, FoundFile) else item.source_path


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _line(item: Listed) -> str:
    if isinstance(item, FoundFile):
        return f"{item.location.source_path}\0{item.location.size}\0{item.mtime_ns}\n"
    return f"{item.source_path}\0{item.code if isinstance(item, Reject) else ''}\n"


def _unread(source_path: str, plugins: Plugins) -> str:
    """Say why no plugin reads a file: its ending, and what each plugin reads according to the docstring of its hook."""
    ending = posixpath.splitext(source_path)[1][:LONGEST_ENDING]
    what = f"no plugin reads files that end in {ending!r}" if ending else "no plugin reads this file: its name has no ending"
    readers = "; ".join(f"{name}: {text}" if text else name for name, text in plugins.described("plan_source").items())
    return f"{what}; there is {readers or 'no plugin that reads files'}"


def _ranges(location: Location, facts: FileFacts, plugins: Plugins) -> list[SourceRange | Reject]:
    try:
        ranges = source.ranges(plugins, location)
        if ranges is None:
            return [Reject(stage="plan_source", code="unsupported_format", message=_unread(location.source_path, plugins),
                           status=Status.REJECTED, source_path=location.source_path, url=facts.url)]
    except PluginError as error:
        return [Reject(stage="plan_source", code="plugin_error", message=str(error), status=Status.QUARANTINED, plugin=error.plugin,
                       source_path=location.source_path, url=facts.url)]
    return [replace(each, url=each.url or facts.url, date_captured=each.date_captured or facts.date_captured,
                    site=each.site or facts.site) for each in ranges]
