"""Read the files that the settings of plugins name: once, with a limit of size, and with the same content for all processes of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from copydesk.storage.files import open_regular
from copydesk.storage.locations import is_remote, without_file_scheme

MOST_BYTES = 5_000_000
"""The largest size of a file that settings name, in bytes: 5 MB."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A file that a plugin's settings name: a type for fields of the plugin's ``Settings``.

    In TOML the value is a path, relative to the settings file. The file is read once, when the settings are checked. All processes of a
    run use the content that it had then, and its hash is part of the run's fingerprint. A file that is missing, too large or not a
    regular file is an error of the settings.

    Attributes:
        path: the absolute path or the URL that the file was read from.
        content: its bytes, 5 MB at most.

    >>> SettingsFile("/etc/words.txt", b"quay\\n").digest[:8]
    'f21c41c2'
    """

    path: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda file: file.path, when_used="json")
        return core_schema.with_info_plain_validator_function(_validated, serialization=written)


class SettingsFiles:
    """Reads the files that settings name.

    Attributes:
        found: the files that were asked for, by their paths as given.
    """

    def __init__(self, base: str = "", kept: Mapping[str, SettingsFile] | None = None) -> None:
        """Prepare to read files.

        Args:
            base: the folder that relative paths are relative to.
            kept: files that were read before, by their paths as given. They are not read again.
        """
        self.found: dict[str, SettingsFile] = {}
        self._base = base
        self._kept = kept or {}

    def read(self, given: str) -> SettingsFile:
        """The file at a path as the settings give it.

        Raises:
            OSError, ValueError: it cannot be read, or is too large.
        """
        file = self.found.get(given) or self._kept.get(given) or _read(given, self._base)
        self.found[given] = file
        return file


def _read(given: str, base: str) -> SettingsFile:
    place = without_file_scheme(given)
    place = place if is_remote(place) else str(Path(base, place).resolve())
    pieces, size = [], 0
    with open_regular(place) as handle:
        while size <= MOST_BYTES and (piece := handle.read(MOST_BYTES + 1 - size)):
            pieces.append(piece)
            size += len(piece)
    if size > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
    return SettingsFile(place, b"".join(pieces))


def _validated(value: object, info: core_schema.ValidationInfo) -> SettingsFile:
    if not isinstance(value, str | SettingsFile) or not value:
        raise PydanticCustomError("settings_file", "Input should be the path of a file")
    files = info.context if isinstance(info.context, SettingsFiles) else SettingsFiles()
    if isinstance(value, SettingsFile):
        files.found[value.path] = value
        return value
    try:
        return files.read(value)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise PydanticCustomError("settings_file", "cannot read {file}: {why}", {"file": repr(value), "why": why}) from error
