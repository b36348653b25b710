"""List all inputs of a run in order, local ones and those in object stores."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from copydesk.sources.found import Listed
from copydesk.sources.local_listing import EarlierInputs, walk_input
from copydesk.sources.object_listing import walk_remote
from copydesk.storage.locations import is_remote


def walk(inputs: Sequence[str | Path], skip: Collection[str] = ()) -> Iterator[Listed]:
    """Yield everything in the inputs, in order. A file that lies in two inputs comes once.

    Args:
        inputs: files, folders, and URLs of objects and prefixes.
        skip: real paths and URLs that are not inputs, such as the output folder and index files.

    Raises:
        SettingsError: an input does not exist.
        DatasetError: an input in an object store cannot be listed.
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
