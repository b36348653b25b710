"""The inputs of a run: checked, listed in order, with what an index file says about them."""

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
    """What a run was given: everything listed, in order, once, as it is found; what is known about it from beside; and how many files
    were left to settle so far."""

    listed: Iterator[Listed]
    index: SourceIndex
    settling: int = 0


def list_inputs(inputs: Sequence[str | Path], output: str | Path, settings: Settings) -> Inputs:
    """Everything in the inputs that is old enough, and what is known about it from beside.

    Raises:
        SettingsError: an input does not exist, or is the output folder, or lies in it.
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
        if isinstance(item, FoundFile) and newest < item.mtime_ns <= now:  # a time to come says nothing: such a file would never settle
            given.settling += 1
        else:
            yield item


def check_given(inputs: Sequence[str | Path], output: str | Path) -> list[str]:
    """See that inputs can be, without asking any store; they come back as paths and URLs.

    Raises:
        SettingsError: an input is no local file or folder, is a URL that pages cannot come from, or is the output folder or lies in it.
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
    """A path without links; a URL in the form for comparison."""
    text = without_file_scheme(os.fspath(path))
    return url_form(text) if is_remote(text) else os.path.realpath(text)
