"""Commit records of a dataset in an object store, and the place of its local mirror."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from copydesk.dataset.format import commits
from copydesk.errors import DatasetError
from copydesk.storage.objects import Objects

CACHE = "COPYDESK_CACHE_DIR"
"""The environment variable that names the folder for mirrors."""
AT_ONCE = 8
"""Threads that read objects at the same time: most of the time they wait for answers."""
COMMITS = "_commits"
"""The folder of the commit objects below a dataset's URL."""
NAME_DIGITS = 32
"""Hex digits of the URL's SHA-256 that name the folder of a mirror."""


def folder_of(url: str) -> Path:
    """Return the folder of a dataset's mirror: below the folder that ``COPYDESK_CACHE_DIR`` names, or below the user's cache folder."""
    from platformdirs import user_cache_path

    base = os.environ.get(CACHE)
    below = Path(base) if base else user_cache_path("copydesk")
    return below / "datasets" / hashlib.sha256(url.encode()).hexdigest()[:NAME_DIGITS]


def commit_object_numbers(objects: Objects) -> list[int]:
    """Return the numbers of all commits in the store, sorted."""
    names = (entry.path.rpartition("/")[2].removesuffix(".json") for entry in objects.entries(COMMITS))
    return sorted(int(name) for name in names if name.isdecimal())


def commit_name(number: int) -> str:
    """Return the name of a commit object, relative to the dataset's URL."""
    return f"{COMMITS}/{number:06}.json"


def read_commit_object(objects: Objects, number: int) -> bytes:
    """Read a commit object, check that it is a commit, and return its bytes.

    Raises:
        DatasetError: the object does not exist, or is damaged.
    """
    name = commit_name(number)
    try:
        content = objects.read(name)
        commits.decode_commit(content)
    except FileNotFoundError as error:
        raise DatasetError(f"there is no commit {number} in {objects.url}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DatasetError(f"commit {objects.where(name)} is damaged: {error}") from error
    return content
