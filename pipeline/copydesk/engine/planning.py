"""From inputs to shards: which files, read how, in which portions. All of it a function of the inputs and the settings alone."""

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
    """The shards of a run, how many things are in them, of how many bytes, and a digest of what the plan was made from."""

    shards: Sequence[Shard]
    planned: int
    size: int
    digest: str
    copy_numbers: dict[str, int] = field(default_factory=dict)
    """Path -> number, for files whose source path another file before them has too."""
    unchanged: int = 0
    """Inputs in files that are left out, since they are in the state in which they were read before."""
    ignored: int = 0
    """Ignored things in such files."""
    settling: int = 0


FileLookup = Callable[[str, str], tuple[int, int] | None]
"""Path and state of a file -> its inputs, and those of them that are ignored, when it need not be read again."""


class Planner:
    """Makes a plan from what is listed. ``several`` inputs may have files of one source path; one input has not.
    Of what is listed, only that is planned whose source path is ``wanted``."""

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
        """All shards, written to a file."""
        for shard in cut(self._items(given.listed), self._settings.dataset):
            shards.add(shard)
        return Plan(shards, self._planned, self._size, self._digest.hexdigest()[:32], self._copy_numbers, self._unchanged, self._ignored,
                    given.settling)

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
        """A file's ranges; none when it is known in the state it is in."""
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
    """The source path of what is listed, as rows and the ledger hold it."""
    return item.location.source_path if isinstance(item, FoundFile) else item.source_path


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _line(item: Listed) -> str:
    if isinstance(item, FoundFile):
        return f"{item.location.source_path}\0{item.location.size}\0{item.mtime_ns}\n"
    return f"{item.source_path}\0{item.code if isinstance(item, Reject) else ''}\n"


def _unread(source_path: str, plugins: Plugins) -> str:
    """Why no plugin reads a file: its ending, and who reads what, as each plugin's own hook says."""
    ending = posixpath.splitext(source_path)[1][:20]
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
