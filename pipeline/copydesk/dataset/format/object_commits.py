"""Commit records of a dataset in an object store, and where its local mirror lies."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from copydesk.dataset.format import commits
from copydesk.errors import DatasetError
from copydesk.storage.objects import Objects

CACHE = "COPYDESK_CACHE_DIR"
AT_ONCE = 8
COMMITS = "_commits"


def folder_of(url: str) -> Path:
    """Where the mirror of a dataset lies: below the folder that the environment names (COPYDESK_CACHE_DIR), or the user's cache."""
    from platformdirs import user_cache_path

    base = os.environ.get(CACHE)
    below = Path(base) if base else user_cache_path("copydesk")
    return below / "datasets" / hashlib.sha256(url.encode()).hexdigest()[:32]


def numbers(objects: Objects) -> list[int]:
    """The numbers of all commits in the store, in order."""
    names = (entry.path.rpartition("/")[2].removesuffix(".json") for entry in objects.entries(COMMITS))
    return sorted(int(name) for name in names if name.isdecimal())


def commit_name(number: int) -> str:
    """The name of a commit object."""
    return f"{COMMITS}/{number:06}.json"


def read_commit(objects: Objects, number: int) -> bytes:
    """A commit object.

    Raises:
        DatasetError: there is none, or it is damaged.
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
