"""Walk all inputs of a run in order, on disk and in object stores."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from copydesk.sources.found import Listed
from copydesk.sources.local_listing import EarlierInputs, walk_input
from copydesk.sources.object_listing import walk_remote
from copydesk.storage.locations import is_remote


def walk(inputs: Sequence[str | Path], skip: Collection[str] = ()) -> Iterator[Listed]:
    """Everything in the inputs, in order; a file that two inputs hold comes once.

    ``skip`` are real paths, or URLs, of what is no input (the output folder, an index file).

    Raises:
        SettingsError: an input does not exist.
    """
    before = EarlierInputs()
    for given in [os.fspath(given) for given in inputs]:
        if is_remote(given):

            yield from walk_remote(given, {*skip, *before.urls})
            before.urls.add(given)
            continue
        root = os.path.realpath(given)
        yield from walk_input(given, root, skip, before)
        before.done(root)
