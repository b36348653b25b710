"""Settings as a command or a flow run gets them: the file, and what the command line says over it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from copydesk import Settings, WantedTypes, Workers, is_remote
from copydesk.operations import check_inputs, check_settings, load_settings, open_store

DEFAULT_CONFIG = "copydesk.toml"


class Overrides(BaseModel):
    """What a run may set over its settings file; what is None stays as the file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page_types: WantedTypes | None = Field(None, description="types of page to keep, or all")
    workers: Workers | None = Field(None, description="page processes; 0 works in the flow's own; or dask://host:8786")
    settle_seconds: Annotated[float, Field(ge=0)] | None = Field(None, description="leave younger files to the next run")


def overrides(page_types: Iterable[str] | None = None, workers: int | str | None = None, settle_seconds: float | None = None) -> Overrides:
    """Overrides from unchecked values.

    Raises:
        SettingsError: one of them is impossible.
    """
    types = None if page_types is None else tuple(page_types)
    return check_settings(Overrides, {"page_types": types, "workers": workers, "settle_seconds": settle_seconds}, "command line")


def absolute(given: str) -> str:
    """An input or output as it stands wherever a flow runs; the URL of an object store as it is."""
    return given if is_remote(given) else str(Path(given).absolute())


def check_places(inputs: Iterable[str], output: str) -> None:
    """See that inputs and output can be, before anything is started or asked for them.

    Raises:
        SettingsError: an input is not there, or is a URL that pages cannot come from; or no dataset can lie at the output.
    """
    if output:
        check_inputs(list(inputs), open_store(output).url)


def config_path(given: str | None) -> str | None:
    """The settings file: the given one, else ``copydesk.toml`` of the current folder when it is there; absolute."""
    if given is None:
        return str(Path(DEFAULT_CONFIG).resolve()) if Path(DEFAULT_CONFIG).is_file() else None
    return str(Path(given).resolve())


def resolve(config: str | None, over: Overrides | None = None) -> Settings:
    """The settings of a run: the file's (the defaults without one), and the overrides over them.

    Raises:
        SettingsError: the file cannot be read, or says something impossible.
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
