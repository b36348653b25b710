"""Find the fsspec file system of a URL, and decide which protocols may hold inputs and datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from copydesk.errors import SettingsError
from copydesk.storage.object_errors import translated
from copydesk.text.strings import inert

S3 = ("s3", "s3a")
"""Protocols that s3fs serves."""
EXCLUSIVE = frozenset({*S3, "gs", "gcs", "az", "abfs", "abfss", "memory"})
"""Protocols whose fsspec implementation can create an object on condition that no object has its name."""
WEB = frozenset({"http", "https", "ftp", "ftps", "data", "github", "gist"})
"""Protocols of fsspec that fetch from servers which are not object stores."""
_NO_RETRIES = {"max_attempts": 0, "mode": "standard"}
"""Setting of botocore that turns its own retries off: `copydesk.storage.retry` makes and logs every attempt."""
_S3FS_ATTEMPTS = 1
"""Attempts that s3fs makes at a request, for the same reason."""
Options = Mapping[str, Any]
"""Arguments for an fsspec file system, such as ``endpoint_url``."""


def protocol_of(url: str) -> str:
    """Return the protocol of a URL in lower case.

    >>> protocol_of("s3://bucket/news")
    's3'
    """
    return url.partition("://")[0].lower()


def check_store(url: str) -> None:
    """Check that a URL's protocol can hold a dataset. The check sends no request.

    Raises:
        SettingsError: the protocol cannot hold a dataset.
    """
    protocol = protocol_of(url)
    if protocol not in EXCLUSIVE:
        known = ", ".join(sorted(EXCLUSIVE))
        raise SettingsError(f"{inert(url)} can hold no dataset: commits need a store that is known to create an object only where there is "
                            f"none ({known}), and {inert(protocol)}:// is none; name a folder, or a prefix in such a store")


def check_input(url: str) -> None:
    """Check that a URL's protocol can hold pages. The check sends no request.

    Raises:
        SettingsError: the protocol belongs to the web (see `WEB`).
    """
    if WEB & set(protocol_of(url).split("::")):
        raise SettingsError(f"{inert(url)} is no input: copydesk does not fetch pages; download them first, then name their files, "
                            "folders, or a prefix in an object store")


def filesystem(url: str, options: Options | None = None) -> tuple[Any, str]:
    """Return the fsspec file system of a URL, and the path of the URL in that file system.

    The retries of botocore and s3fs are turned off, unless ``options`` or fsspec's configuration mention retries.

    Args:
        url: the URL of an object, a prefix or a bucket.
        options: arguments for the file system; they override fsspec's configuration.

    Raises:
        SettingsError: the protocol is unknown, belongs to the web, or needs a package that is not installed.
        OSError: the file system cannot be set up, for example because credentials are missing.
    """
    check_input(url)
    import fsspec.config
    import fsspec.core

    protocol, url = protocol_of(url), f"{protocol_of(url)}{url[len(protocol_of(url)):]}"
    given = dict(options or {})
    quiet = protocol in S3 and "retries" not in str({**fsspec.config.conf.get(protocol, {}), **given}.get("config_kwargs", ""))
    if quiet:
        known = {**fsspec.config.conf.get(protocol, {}).get("config_kwargs", {}), **given.get("config_kwargs", {})}
        given["config_kwargs"] = {**known, "retries": dict(_NO_RETRIES)}
    try:
        with translated(url):
            found, path = _opened(fsspec.core.url_to_fs, url, given)
    except ImportError as error:
        needed = "needs s3fs: pip install 'copydesk[s3]'" if protocol in S3 else f"cannot be used: {error}"
        raise SettingsError(f"{protocol}:// {needed}") from error
    if quiet:
        found.retries = _S3FS_ATTEMPTS
    return found, path


def _opened(open_url: Callable[..., tuple[Any, str]], url: str, given: dict[str, Any]) -> tuple[Any, str]:
    try:
        return open_url(url, **{"use_listings_cache": False, **given})
    except ValueError as error:
        if "rotocol not known" in str(error):
            raise SettingsError(f"{protocol_of(url)}:// is no protocol that fsspec knows") from error
        raise
