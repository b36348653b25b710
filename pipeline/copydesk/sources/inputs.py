"""Check the inputs of a run and list them in order, with the facts that index files hold about them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from copydesk.errors import SettingsError
from copydesk.settings.schema import Settings
from copydesk.sources import index
from copydesk.sources.found import FoundFile, Listed
from copydesk.sources.index import SourceIndex
from copydesk.sources.listing import walk
from copydesk.storage.filesystems import check_input
from copydesk.storage.locations import display_path, is_remote, url_form, without_file_scheme


@dataclass(slots=True)
class Inputs:
    """The inputs of a run.

    Attributes:
        listed: all entries in order. They are found while the iterator runs, so it can be used once.
        index: facts from index files and the path pattern.
        settling: how many files ``listed`` has left out so far, because they were changed less than ``settle_seconds`` ago.
    """

    listed: Iterator[Listed]
    index: SourceIndex
    settling: int = 0


def list_inputs(inputs: Sequence[str | Path], output: str | Path, settings: Settings) -> Inputs:
    """Check the inputs, read their index files, and list the files that are old enough.

    Args:
        inputs: files, folders, and URLs of objects and prefixes.
        output: the folder or URL of the dataset; its files are not listed.
        settings: the section ``[source]`` says how old a file must be, and names the index.

    Raises:
        SettingsError: an input does not exist, is the output, or lies in the output; or the index or the pattern is wrong.
    """
    inputs = check_given(inputs, output)
    found = index.read(settings.source, inputs, settings.base)
    given = Inputs(iter(()), found)
    given.listed = chain(found.rejects, _old_enough(inputs, {_real(output), *found.files}, settings, given))
    return given


def _old_enough(inputs: Sequence[str | Path], skip: set[str], settings: Settings, given: Inputs) -> Iterator[Listed]:
    now = time.time_ns()
    newest = now - int(settings.source.settle_seconds * 1e9)
    for item in walk(inputs, skip):
        if isinstance(item, FoundFile) and newest < item.mtime_ns <= now:  # a file from the future counts as old: it would never settle
            given.settling += 1
        else:
            yield item


def check_given(inputs: Sequence[str | Path], output: str | Path) -> list[str]:
    """Check that the inputs of a run are possible. The check sends no request to an object store.

    Args:
        inputs: files, folders, and URLs of objects and prefixes.
        output: the folder or URL of the dataset.

    Returns:
        The inputs as local paths and URLs of object stores; ``file://`` is removed.

    Raises:
        SettingsError: an input is an empty string, does not exist on disk, has a protocol that cannot hold pages, is the output, or lies
            in the output.
    """
    found = [without_file_scheme(os.fspath(given)) for given in inputs]
    _check_apart(found, output)
    for given in found:
        if is_remote(given):
            check_input(given)
        elif not os.path.lexists(given):
            raise SettingsError(f"input {display_path(given)} does not exist")
    return found


def _check_apart(inputs: Sequence[str], output: str | Path) -> None:
    root = _real(output)
    for given in inputs:
        if not given:
            raise SettingsError("an input is an empty string; name a file or a folder")
        path = _real(given)
        if path == root or Path(root) in Path(path).parents:
            raise SettingsError(f"input {display_path(given)} is the output folder {display_path(root)} or lies in it; "
                                "the output may lie in an input, not the other way round")


def _real(path: str | Path) -> str:
    """Return a path without symbolic links, or a URL in the form of `url_form`."""
    text = without_file_scheme(os.fspath(path))
    return url_form(text) if is_remote(text) else os.path.realpath(text)
