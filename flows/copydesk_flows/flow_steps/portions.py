"""The portions of a backfill: what lies at the top of its inputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from copydesk import SettingsError, is_remote
from copydesk.operations import Objects, display_path, is_hidden


def portions(inputs: list[str], first: str | None, last: str | None, newest_first: bool) -> list[str]:
    """The names at the top of the inputs, once, in order.

    Raises:
        SettingsError: there is none, or none in the range.
    """
    names = sorted({name for given in inputs for name in _top(given)})
    chosen = [name for name in names if (first is None or name >= first) and (last is None or name <= last)]
    if not chosen:
        raise SettingsError(f"no portion: the inputs hold {', '.join(names[:10]) or 'nothing'}{' …' if names[10:] else ''}"
                            + (f", and none of it is from {first or 'the start'} to {last or 'the end'}" if names else ""))
    return chosen[::-1] if newest_first else chosen


def _top(given: str) -> Iterator[str]:
    """The names of what is right below an input; a file's own."""
    if is_remote(given):
        objects = Objects(given)
        yield from objects.folders("")
        yield from (entry.path.rpartition("/")[2] for entry in objects.entries(""))
    elif Path(given).is_dir():
        yield from (display_path(name) for name in os.listdir(given) if not is_hidden(name))  # noqa: PTH208  # names that are no UTF-8, too
    else:
        yield display_path(Path(given).name)
