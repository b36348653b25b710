"""Settings: one validated tree, read from ``copydesk.toml``. Unknown keys are errors that list the known ones."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from copydesk.errors import SettingsError
from copydesk.settings.plugin_files import SettingsFile, SettingsFiles

T = TypeVar("T", bound=BaseModel)
PageTypes = Literal["article", "live_blog", "index", "gallery", "video", "stub", "error", "other", "all"]
WantedTypes = Annotated[tuple[PageTypes, ...], Field(min_length=1)]
INTERNAL = ("base", "plugin_settings", "kept_files")
"""Fields of `Settings` that are no keys of a file."""


class PluginSettings(BaseModel):
    """A part of the settings: frozen, unknown keys are refused. A plugin's nested ``Settings`` derives from it.

    In ``Field(default=...)`` the default has its name: type checkers without pydantic's plugin take a field for required else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSettings(PluginSettings):
    """``[source]``: what is known about the files from beside them."""

    index: str | None = Field(default=None, description="CSV or JSONL beside the files: columns file, url, fetched_at, site")
    pattern: str | None = Field(default=None, description="regular expression over the relative path; named groups url, site, fetched_at")
    settle_seconds: float = Field(default=0.0, ge=0, description="leave files younger than this to the next run: they may still be written")


class LimitSettings(PluginSettings):
    """``[limits]``: what a page may cost. A page beyond a limit is quarantined with a code that names the limit.

    By default a page may have 20 MB, take 20 s of CPU time and 1 GB of memory.
    """

    page_bytes: int = Field(default=20_000_000, gt=0, description="bytes of a page, expanded: 20 MB")
    compressed_bytes: int = Field(default=20_000_000, gt=0, description="bytes of a page as stored, where it is compressed: 20 MB")
    tags: int = Field(default=150_000, gt=0, description="tags of a page")
    depth: int = Field(default=400, gt=0, description="elements inside each other")
    attributes_per_tag: int = Field(default=500, gt=0, description="attributes of one tag")
    json_ld_bytes: int = Field(default=2_000_000, gt=0, description="bytes of all JSON-LD of a page: 2 MB")
    json_ld_depth: int = Field(default=60, gt=0, description="objects and lists of JSON-LD inside each other")
    blocks: int = Field(default=50_000, gt=0, description="blocks of text of a page")
    cpu_seconds: float = Field(default=20.0, gt=0, description="CPU time of a page, in seconds: 20 s")
    page_seconds: float = Field(default=60.0, gt=0, description="time of a page by the clock, in seconds: 60 s; also how long a source may "
                                                                "take to give its next page")
    memory_bytes: int = Field(default=1_000_000_000, gt=0, description="resident memory of a page process: 1 GB; a process that reads "
                                                                       "sources may take twice as much")


def _workers(given: Any) -> Any:
    known = re.fullmatch(r"dask(?:\+tls)?://[A-Za-z0-9.:\[\]_-]{1,300}:[0-9]{1,5}", given) if isinstance(given, str) else (
        isinstance(given, int) and given >= 0)
    if not known:
        raise ValueError("say a number, 0 or more, or the address of Dask's scheduler: dask://host:8786 (dask+tls:// with certificates)")
    return given


Workers = Annotated[Annotated[int, Field(ge=0)] | str, BeforeValidator(_workers)]
"""A number of page processes, or the address of Dask's scheduler."""


class RunSettings(PluginSettings):
    """``[run]``: how the work is done. Nothing here changes a row."""

    workers: Workers = Field(
        default_factory=lambda: os.cpu_count() or 1,
        description="page processes; 0 works in this process, without limits of time and memory; dask://host:8786 works on the "
                    "workers of that scheduler")
    on_plugin_error: Literal["quarantine", "skip-plugin"] = "quarantine"


class ContentSettings(PluginSettings):
    """``[content]``: what becomes a row."""

    page_types: WantedTypes = ("article", "live_blog", "gallery", "video", "stub")
    indirect_quotes: bool = False
    min_words: Annotated[int, Field(ge=0)] = Field(default=15, description="fewer words of body, and neither date nor byline: no article")


class DatasetSettings(PluginSettings):
    """``[dataset]``: batches. The boundaries are a function of the input alone."""

    batch_files: Annotated[int, Field(gt=0)] = 1_000
    batch_bytes: Annotated[int, Field(gt=0)] = 256_000_000
    keep_commits: Annotated[int, Field(ge=1)] = 10


class Settings(PluginSettings):
    """All settings. ``base`` is the folder that relative paths in them are relative to (the file's own); ``kept_files`` are the files
    that plugins' settings name, by their paths as given, once a `Pipeline` has read them: its processes take them from here."""

    plugins: tuple[str, ...] = Field(default=(), description="plugin files (relative to the settings file) or importable modules")
    disable: tuple[str, ...] = Field(default=(), description="names of plugins to leave out")
    order: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="for firstresult hooks: plugin names, first asked first")
    source: SourceSettings = SourceSettings()
    limits: LimitSettings = LimitSettings()
    run: RunSettings = Field(default_factory=RunSettings)
    content: ContentSettings = ContentSettings()
    dataset: DatasetSettings = DatasetSettings()
    plugin_settings: dict[str, dict[str, Any]] = Field(default_factory=dict, description="filled from [plugins.<name>]")
    inboxes: dict[str, dict[str, Any]] = Field(default_factory=dict, description="what runs when: for copydesk serve and copydesk deploy")
    base: str = ""
    kept_files: dict[str, SettingsFile] = Field(default_factory=dict, repr=False)


def load(path: str | Path | None = None) -> Settings:
    """Read settings from a TOML file; the defaults without one.

    In the file ``plugins`` is either the list of plugin paths, or a table: its ``load`` key the list and each
    sub-table ``[plugins.<name>]`` the settings of that plugin.

    Raises:
        SettingsError: the file is missing, is not TOML, or has unknown or wrong keys.
    """
    if path is None:
        return Settings()
    file = Path(path)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read settings {file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from error
    return from_mapping(data, base=str(file.resolve().parent), origin=str(file))


def from_mapping(data: dict[str, Any], base: str = "", origin: str = "settings") -> Settings:
    """Settings from a mapping of the same form as the TOML file.

    >>> from_mapping({"content": {"min_words": 5}}).content.min_words
    5
    """
    data = dict(data)
    internal = next((key for key in INTERNAL if key in data), None)
    if internal is not None:
        raise SettingsError(f"{origin}: {_unknown(Settings, internal)}")
    plugins = data.pop("plugins", [])
    if isinstance(plugins, dict):
        tables = dict(plugins)
        data["plugins"] = tables.pop("load", [])
        data["plugin_settings"] = tables
    else:
        data["plugins"] = plugins
    return check(Settings, {**data, "base": base}, origin)


def check(model: type[T], data: dict[str, Any], origin: str, files: SettingsFiles | None = None) -> T:
    """Validate a mapping against a model, with errors that people can act on. ``files`` reads the files that it names.

    Raises:
        SettingsError: naming each wrong key, and the known ones for an unknown key.
    """
    try:
        return model.model_validate(data, context=files)
    except ValidationError as error:
        found = error.errors()
        below = {item["loc"][:-1] for item in found}  # a list with a wrong entry also counts as too short
        lines = [_explain(model, item) for item in found if item["type"] != "too_short" or item["loc"] not in below]
        raise SettingsError(f"{origin}: " + "; ".join(lines)) from error


def _explain(model: type[BaseModel], found: ErrorDetails) -> str:
    where = found["loc"]
    name = ".".join(str(part) for part in where if not isinstance(part, int))
    if found["type"] == "literal_error":
        return f"{name}: {found['input']!r} is not {found['ctx']['expected'].replace(chr(39), '')}"
    if found["type"] == "too_short":
        return f"{name}: name at least {found['ctx']['min_length']}"
    if found["type"] != "extra_forbidden":
        return f"{'.'.join(map(str, where))}: {found['msg']}"
    for part in where[:-1]:
        inner = model.model_fields[str(part)].annotation if str(part) in model.model_fields else None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return _unknown(model, name)


def _unknown(model: type[BaseModel], name: str) -> str:
    known = ", ".join(key for key in model.model_fields if key not in INTERNAL)
    return f"unknown key {name!r} (known: {known})"
