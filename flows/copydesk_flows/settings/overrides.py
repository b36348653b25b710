"""The settings of a command or a flow run: those of the settings file, and what the command line sets over them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from copydesk import Settings, WantedTypes, Workers, is_remote
from copydesk.operations import check_inputs, check_settings, load_settings, open_store

DEFAULT_CONFIG = "copydesk.toml"
"""The settings file that is used when it is in the current folder and no other is named."""


class Overrides(BaseModel):
    """What a run may set over its settings file; what is None stays as the file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page_types: WantedTypes | None = Field(None, description="types of page to keep, or all")
    workers: Workers | None = Field(None, description="page processes; 0 works in the flow's own; or dask://host:8786")
    settle_seconds: Annotated[float, Field(ge=0)] | None = Field(None, description="leave younger files to the next run")


def overrides(page_types: Iterable[str] | None = None, workers: int | str | None = None, settle_seconds: float | None = None) -> Overrides:
    """Make overrides of values that are not checked yet.

    Raises:
        SettingsError: a value is invalid.
    """
    types = None if page_types is None else tuple(page_types)
    return check_settings(Overrides, {"page_types": types, "workers": workers, "settle_seconds": settle_seconds}, "command line")


def absolute(given: str) -> str:
    """Return an input or output as an absolute path, so that a flow may run in any folder. A URL stays as it is."""
    return given if is_remote(given) else str(Path(given).absolute())


def check_places(inputs: Iterable[str], output: str) -> None:
    """Check inputs and output before anything is started.

    Raises:
        SettingsError: an input does not exist or has an unsupported URL, or the output cannot be a dataset.
    """
    if output:
        check_inputs(list(inputs), open_store(output).url)


def config_path(given: str | None) -> str | None:
    """Return the absolute path of the settings file: the given one, else ``copydesk.toml`` in the current folder; None when neither is."""
    if given is None:
        return str(Path(DEFAULT_CONFIG).resolve()) if Path(DEFAULT_CONFIG).is_file() else None
    return str(Path(given).resolve())


def resolve(config: str | None, over: Overrides | None = None) -> Settings:
    """Return the settings of a run: those of the file, or the defaults, with the overrides set over them.

    Raises:
        SettingsError: the file cannot be read, or a setting is invalid.
    """
    settings = load_settings(config)
    if over is None:
        return settings
    tree = settings.model_dump()
    for part, key, value in (("content", "page_types", over.page_types), ("run", "workers", over.workers),
                             ("source", "settle_seconds", over.settle_seconds)):
        if value is not None:
            tree[part][key] = value
    return check_settings(Settings, tree, "command line")
