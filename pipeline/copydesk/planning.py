"""From inputs to shards: which files, read how, in which portions. All of it a function of the inputs and the settings alone."""

from __future__ import annotations

import hashlib
import os
import posixpath
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from copydesk import borders, sources_index
from copydesk.again import Wanted
from copydesk.errors import PluginError, SettingsError
from copydesk.files import is_remote, local, url_form
from copydesk.listing import Found, Listed, shown, walk
from copydesk.model import Ignored, Location, SourceRange
from copydesk.plugins import Plugins
from copydesk.settings import Settings
from copydesk.shards import Item, Refused, Shard, ShardFile, cut, size_of
from copydesk.sources_index import Beside, Facts
from copydesk.values import Reject, Status


@dataclass(slots=True)
class Inputs:
    """What a run was given: everything listed, in order, once, as it is found; what is known about it from beside; and how many files
    were left to settle so far."""

    listed: Iterator[Listed]
    beside: Beside
    settling: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a run, how many things are in them, of how many bytes, and a digest of what the plan was made from."""

    shards: Sequence[Shard]
    planned: int
    size: int
    digest: str
    twins: dict[str, int] = field(default_factory=dict)
    """Path -> number, for files whose source path another file before them has too."""
    unchanged: int = 0
    """Inputs in files that are left out, since they are in the state in which they were read before."""
    ignored: int = 0
    """Ignored things in such files."""
    settling: int = 0


def list_inputs(inputs: Sequence[str | Path], output: str | Path, settings: Settings) -> Inputs:
    """Everything in the inputs that is old enough, and what is known about it from beside.

    Raises:
        SettingsError: an input does not exist, or is the output folder, or lies in it.
    """
    inputs = check_given(inputs, output)
    beside = sources_index.read(settings.source, inputs, settings.base)
    given = Inputs(iter(()), beside)
    given.listed = chain(beside.rejects, _old_enough(inputs, {_real(output), *beside.files}, settings, given))
    return given


def _old_enough(inputs: Sequence[str | Path], skip: set[str], settings: Settings, given: Inputs) -> Iterator[Listed]:
    now = time.time_ns()
    newest = now - int(settings.source.settle_seconds * 1e9)
    for item in walk(inputs, skip):
        if isinstance(item, Found) and newest < item.mtime_ns <= now:  # a time to come says nothing: such a file would never settle
            given.settling += 1
        else:
            yield item


def check_given(inputs: Sequence[str | Path], output: str | Path) -> list[str]:
    """See that inputs can be, without asking any store; they come back as paths and URLs.

    Raises:
        SettingsError: an input is no local file or folder, is a URL that pages cannot come from, or is the output folder or lies in it.
    """
    found = [local(os.fspath(given)) for given in inputs]
    _check_apart(found, output)
    for given in found:
        if is_remote(given):
            from copydesk.remote_objects import check_input

            check_input(given)
        elif not os.path.lexists(given):
            raise SettingsError(f"input {shown(given)} does not exist")
    return found


def _check_apart(inputs: Sequence[str], output: str | Path) -> None:
    root = _real(output)
    for given in inputs:
        if not given:
            raise SettingsError("an input is an empty string; name a file or a folder")
        path = _real(given)
        if path == root or Path(root) in Path(path).parents:
            raise SettingsError(f"input {shown(given)} is the output folder {shown(root)} or lies in it; "
                                "the output may lie in an input, not the other way round")


def _real(path: str | Path) -> str:
    """A path without links; a URL in the form for comparison."""
    text = local(os.fspath(path))
    return url_form(text) if is_remote(text) else os.path.realpath(text)


Known = Callable[[str, str], tuple[int, int] | None]
"""Path and state of a file -> its inputs, and those of them that are ignored, when it need not be read again."""


class Planner:
    """Makes a plan from what is listed. ``several`` inputs may have files of one source path; one input has not.
    Of what is listed, only that is planned whose source path is ``wanted``."""

    def __init__(self, beside: Beside, plugins: Plugins, settings: Settings, several: bool, known: Known,
                 wanted: Wanted | None = None) -> None:
        self._beside = beside
        self._plugins = plugins
        self._settings = settings
        self._several = several
        self._known = known
        self._wanted = wanted
        self._digest = hashlib.sha256(f"{settings.dataset.batch_files} {settings.dataset.batch_bytes}\n".encode())
        self._seen: dict[tuple[str, str], int] = {}
        self._twins: dict[str, int] = {}
        self._planned = self._size = self._unchanged = self._ignored = 0

    def plan(self, given: Inputs, shards: ShardFile) -> Plan:
        """All shards, written to a file."""
        for shard in cut(self._items(given.listed), self._settings.dataset):
            shards.add(shard)
        return Plan(shards, self._planned, self._size, self._digest.hexdigest()[:32], self._twins, self._unchanged, self._ignored,
                    given.settling)

    def _items(self, listed: Iterable[Listed]) -> Iterator[Item]:
        for each in listed:
            self._digest.update(_line(each).encode("utf-8", "backslashreplace"))
            if self._wanted is not None and not self._wanted(source_path_of(each)):
                continue
            if isinstance(each, Found):
                found = self._found(each)
            else:
                found = [each if isinstance(each, Ignored) else Refused(each, self._twin(each.source_path, each.source_record))]
            self._planned += len(found)
            self._size += sum(map(size_of, found))
            yield from found

    def _found(self, found: Found) -> list[Item]:
        """A file's ranges; none when it is known in the state it is in."""
        location = found.location
        facts = self._beside.facts(location)
        twin = self._twin(location.source_path, "")
        if twin > 1:
            self._twins[location.path] = twin
        if location.signature:
            beside = (location.source_path, twin, facts.url, facts.date_captured, facts.site)
            location = replace(location, signature=_storable("\t".join(map(str, (location.signature, *beside)))))
            known = self._known(location.path, location.signature)
            if known is not None:
                self._unchanged += known[0] - known[1]
                self._ignored += known[1]
                return []
        return [Refused(item, twin) if isinstance(item, Reject) else item for item in _ranges(location, facts, self._plugins)]

    def _twin(self, source_path: str, record: str) -> int:
        if not self._several:
            return 1
        self._seen[source_path, record] = twin = self._seen.get((source_path, record), 0) + 1
        return twin


def source_path_of(item: Listed) -> str:
    """The source path of what is listed, as rows and the ledger hold it."""
    return item.location.source_path if isinstance(item, Found) else item.source_path


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _line(item: Listed) -> str:
    if isinstance(item, Found):
        return f"{item.location.source_path}\0{item.location.size}\0{item.mtime_ns}\n"
    return f"{item.source_path}\0{item.code if isinstance(item, Reject) else ''}\n"


def _unread(source_path: str, plugins: Plugins) -> str:
    """Why no plugin reads a file: its ending, and who reads what, as each plugin's own hook says."""
    ending = posixpath.splitext(source_path)[1][:20]
    what = f"no plugin reads files that end in {ending!r}" if ending else "no plugin reads this file: its name has no ending"
    readers = "; ".join(f"{name}: {text}" if text else name for name, text in plugins.described("plan_source").items())
    return f"{what}; there is {readers or 'no plugin that reads files'}"


def _ranges(location: Location, facts: Facts, plugins: Plugins) -> list[SourceRange | Reject]:
    try:
        ranges = borders.ranges(plugins, location)
        if ranges is None:
            return [Reject(stage="plan_source", code="unsupported_format", message=_unread(location.source_path, plugins),
                           status=Status.REJECTED, source_path=location.source_path, url=facts.url)]
    except PluginError as error:
        return [Reject(stage="plan_source", code="plugin_error", message=str(error), status=Status.QUARANTINED, plugin=error.plugin,
                       source_path=location.source_path, url=facts.url)]
    return [replace(each, url=each.url or facts.url, date_captured=each.date_captured or facts.date_captured,
                    site=each.site or facts.site) for each in ranges]
