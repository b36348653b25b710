"""List the objects of a store in the byte order of their keys. From S3, listings are read page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Call = Callable[[Callable[[], Any]], Any]
"""A function that makes one request and returns its result; callers retry and translate errors in it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES = ("LastModified", "last_modified", "updated", "mtime", "created")
"""Names under which fsspec's file systems give the time of the last write; the first one that has a value counts."""
_TAGS = ("ETag", "etag", "md5Hash", "generation")
"""Names under which they give a tag of the content; the first one that has a value counts."""


def below(fs: Any, path: str, call: Call) -> Iterator[StoredObject]:
    """Yield all objects below a path, in the byte order of their keys. Stores other than S3 are listed completely first.

    Args:
        fs: the fsspec file system.
        path: bucket and prefix, as ``fs`` takes them.
        call: makes each request.
    """
    if hasattr(fs, "call_s3"):
        for page in _pages(fs, path, "", call):
            yield from _of_page(fs, path, page)
        return
    found = call(lambda: fs.find(path, detail=True))
    for name in sorted(found, key=lambda name: name.encode("utf-8", "surrogateescape")):
        if name != path:
            yield entry(name, found[name])


def level(fs: Any, path: str) -> Iterator[StoredObject | str]:
    """Yield what lies directly below a path: objects, and as strings the names of prefixes ("folders").

    Raises:
        Exception: any error of the file system, untranslated.
    """
    if hasattr(fs, "call_s3"):
        for page in _pages(fs, path, "/", _plainly):
            yield from (common["Prefix"].rstrip("/").rpartition("/")[2] for common in page.get("CommonPrefixes", ()))
            yield from _of_page(fs, path, page)
        return
    try:
        found = fs.ls(path, detail=True)
    except FileNotFoundError:
        return
    for info in found:
        if info["type"] == "directory":
            yield info["name"].rstrip("/").rpartition("/")[2]
        elif info["name"] != path:
            yield entry(info["name"], info)


def entry(path: str, info: dict[str, Any]) -> StoredObject:
    """Make a `StoredObject` from the information that fsspec gives about an object."""
    moment = next((info[name] for name in _TIMES if info.get(name)), None)
    tag = next((str(info[name]) for name in _TAGS if info.get(name)), "")
    return StoredObject(path, int(info.get("size", info.get("Size")) or 0), _nanoseconds(moment), tag)


def _nanoseconds(moment: object) -> int:
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return 0
    if isinstance(moment, datetime):
        since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000
    return int(moment * 1e9) if isinstance(moment, int | float) else 0


def _plainly(request: Callable[[], Any]) -> Any:
    return request()


def _pages(fs: Any, path: str, delimiter: str, call: Call) -> Iterator[dict[str, Any]]:
    bucket, _, key = path.partition("/")
    more: dict[str, str] = {"Delimiter": delimiter} if delimiter else {}
    while True:
        page = call(lambda: fs.call_s3("list_objects_v2", Bucket=bucket, Prefix=f"{key}/" if key else "", **more))
        yield page
        if not page.get("IsTruncated"):
            return
        more["ContinuationToken"] = page["NextContinuationToken"]


def _of_page(fs: Any, path: str, page: dict[str, Any]) -> Iterator[StoredObject]:
    bucket = path.partition("/")[0]
    for info in page.get("Contents", ()):
        yield entry(f"{bucket}/{info['Key']}", info)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in a listing.

    Attributes:
        path: bucket and key, as fsspec writes them.
        size: size in bytes.
        mtime_ns: time of the last write in nanoseconds since 1970; 0 when the store does not tell.
        tag: a text that changes with the content, such as an ETag; "" when the store gives none.
    """

    path: str
    size: int
    mtime_ns: int
    tag: str
