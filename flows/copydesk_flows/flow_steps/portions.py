"""Find the portions of a backfill: the files and folders at the top of its inputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from copydesk import SettingsError, is_remote
from copydesk.operations import Objects, display_path, is_hidden

SHOWN = 10
"""An error names this many of the portions."""


def portions(inputs: list[str], first: str | None, last: str | None, newest_first: bool) -> list[str]:
    """Return the names at the top of the inputs, each once, in order.

    Args:
        inputs: files, folders and URLs of object stores.
        first: the first name; None for no limit.
        last: the last name; None for no limit.
        newest_first: whether to go from the last name to the first.

    Raises:
        SettingsError: there is no name from ``first`` to ``last``.
    """
    names = sorted({name for given in inputs for name in _top(given)})
    chosen = [name for name in names if (first is None or name >= first) and (last is None or name <= last)]
    if not chosen:
        raise SettingsError(f"no portion: the inputs hold {', '.join(names[:SHOWN]) or 'nothing'}{' …' if names[SHOWN:] else ''}"
                            + (f", and none of it is from {first or 'the start'} to {last or 'the end'}" if names else ""))
    return chosen[::-1] if newest_first else chosen


def _top(given: str) -> Iterator[str]:
    """Yield the names of the files and folders directly in an input, or the name of an input that is a file."""
    if is_remote(given):
        objects = Objects(given)
        yield from objects.folders("")
        yield from (entry.path.rpartition("/")[2] for entry in objects.entries(""))
    elif Path(given).is_dir():
        yield from (display_path(name) for name in os.listdir(given) if not is_hidden(name))  # noqa: PTH208  # pathlib fails on names that are not UTF-8
    else:
        yield display_path(Path(given).name)
