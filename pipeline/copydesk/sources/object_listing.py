"""List an input in an object store: its objects in the byte order of their keys. From S3, the listing is read page by page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from copydesk.errors import SettingsError
from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored, Location
from copydesk.model.status import Status
from copydesk.sources.found import STAGE, FoundFile, Listed
from copydesk.storage.filesystems import filesystem, protocol_of
from copydesk.storage.locations import display_path, is_hidden, is_remote, url_form
from copydesk.storage.object_errors import NoContainerError, refused, translated
from copydesk.storage.object_listing import StoredObject, below, entry
from copydesk.storage.retry import retry


def walk_remote(url: str, skip: Collection[str] = ()) -> Iterator[Listed]:
    """Yield the object at a URL, and all objects below it.

    The paths in dataset rows are relative to the URL. An object is `Ignored` when a part of its key begins with one dot, or when it is
    the empty object that stands for a folder. It has a `Location.signature` when the store gives its content a tag.

    Args:
        url: the input.
        skip: URLs of objects and prefixes that are not inputs, such as the output. Local paths in it have no effect.

    Raises:
        SettingsError: there is no object at or below the URL, or its protocol cannot hold pages.
        DatasetError: the store cannot be listed.
    """
    fs, root = filesystem(url)
    protocol = protocol_of(url)
    found, others = False, {url_form(other) for other in skip if is_remote(other)}
    for each in _all(fs, root, url):
        found = True
        where = f"{protocol}://{each.path}" if "://" not in each.path else each.path
        plain = url_form(where)
        if not any(plain == other or plain.startswith(f"{other}/") for other in others):
            yield _listed(each, where, root)
    if not found:
        raise SettingsError(f"input {display_path(url)} does not exist: there is no such object, and none below it")


def _all(fs: Any, root: str, url: str) -> Iterator[StoredObject]:
    """Yield the object itself, if there is one, then the objects below it."""
    def call(request: Callable[[], Any]) -> Any:
        try:
            return retry(lambda: _read(request, url))
        except NoContainerError as error:
            raise SettingsError(f"input {display_path(url)} does not exist: there is no such bucket ({error.strerror})") from error
        except OSError as error:
            raise refused(url, "listed", error) from error

    if not url.endswith("/") and "/" in root.strip("/"):
        info = call(lambda: _info(fs, root))
        if info["type"] == "file":
            yield entry(root, info)
    yield from below(fs, root, call)


def _info(fs: Any, path: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = fs.info(path)
    except FileNotFoundError:
        return {"type": "none"}
    return found


def _read(request: Callable[[], Any], url: str) -> Any:
    with translated(url):
        return request()


def _listed(each: StoredObject, where: str, root: str) -> Listed:
    name = display_path(each.path.removeprefix(root).removeprefix("/") or each.path.rpartition("/")[2])
    if any(map(is_hidden, name.split("/"))) or (name.endswith("/") and each.size == 0):
        return Ignored(name)
    if name.endswith("/"):
        return Reject(stage=STAGE, code="not_regular", message="an object whose key ends with a slash cannot be told from a folder",
                      status=Status.REJECTED, source_path=name)
    signature = f"{each.size} {each.mtime_ns} {each.tag}" if each.tag else ""
    return FoundFile(Location(where, name, each.size, signature), each.mtime_ns)
