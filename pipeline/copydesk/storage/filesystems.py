"""The fsspec file system of a URL, and which protocols may hold inputs and datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from copydesk.errors import SettingsError
from copydesk.storage.object_errors import translated
from copydesk.text.strings import inert

S3 = ("s3", "s3a")
EXCLUSIVE = frozenset({*S3, "gs", "gcs", "az", "abfs", "abfss", "memory"})
"""Protocols whose fsspec implementation creates an object only where there is none."""
WEB = frozenset({"http", "https", "ftp", "ftps", "data", "github", "gist"})
"""Protocols of fsspec that fetch from servers which are no stores."""
Options = Mapping[str, Any]


def protocol_of(url: str) -> str:
    """The protocol of a URL.

    >>> protocol_of("s3://bucket/news")
    's3'
    """
    return url.partition("://")[0].lower()


def check_store(url: str) -> None:
    """See that a dataset may lie at a URL, by its protocol alone.

    Raises:
        SettingsError: it may not.
    """
    protocol = protocol_of(url)
    if protocol not in EXCLUSIVE:
        known = ", ".join(sorted(EXCLUSIVE))
        raise SettingsError(f"{inert(url)} can hold no dataset: commits need a store that is known to create an object only where there is "
                            f"none ({known}), and {inert(protocol)}:// is none; name a folder, or a prefix in such a store")


def check_input(url: str) -> None:
    """See that pages may come from a URL, by its protocol alone.

    Raises:
        SettingsError: it is one of the web.
    """
    if WEB & set(protocol_of(url).split("::")):
        raise SettingsError(f"{inert(url)} is no input: copydesk does not fetch pages; download them first, then name their files, "
                            "folders, or a prefix in an object store")


def filesystem(url: str, options: Options | None = None) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the URL's path in it. ``options`` are passed to it.

    Raises:
        SettingsError: its protocol is unknown, one of the web, or needs a package that is not installed.
        OSError: it cannot be set up (credentials are missing).
    """
    check_input(url)
    import fsspec.config
    import fsspec.core

    protocol, url = protocol_of(url), f"{protocol_of(url)}{url[len(protocol_of(url)):]}"
    given = dict(options or {})
    quiet = protocol in S3 and "retries" not in str({**fsspec.config.conf.get(protocol, {}), **given}.get("config_kwargs", ""))
    if quiet:
        known = {**fsspec.config.conf.get(protocol, {}).get("config_kwargs", {}), **given.get("config_kwargs", {})}
        given["config_kwargs"] = {**known, "retries": {"max_attempts": 0, "mode": "standard"}}
    try:
        with translated(url):
            found, path = _opened(fsspec.core.url_to_fs, url, given)
    except ImportError as error:
        needed = "needs s3fs: pip install 'copydesk[s3]'" if protocol in S3 else f"cannot be used: {error}"
        raise SettingsError(f"{protocol}:// {needed}") from error
    if quiet:
        found.retries = 1
    return found, path


def _opened(open_url: Callable[..., tuple[Any, str]], url: str, given: dict[str, Any]) -> tuple[Any, str]:
    try:
        return open_url(url, **{"use_listings_cache": False, **given})
    except ValueError as error:
        if "rotocol not known" in str(error):
            raise SettingsError(f"{protocol_of(url)}:// is no protocol that fsspec knows") from error
        raise
