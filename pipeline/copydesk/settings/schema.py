"""The settings: one validated tree, read from ``copydesk.toml``. An unknown key is an error that lists the known ones."""

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
"""A page type; ``all`` stands for every type."""
WantedTypes = Annotated[tuple[PageTypes, ...], Field(min_length=1)]
"""One page type or more."""
INTERNAL = ("base", "plugin_settings", "kept_files")
"""Fields of `Settings` that are no keys of a settings file."""


class PluginSettings(BaseModel):
    """A part of the settings. It is frozen and refuses unknown keys. The nested class ``Settings`` of a plugin derives from it.

    Write defaults as ``Field(default=...)``, with the keyword. Otherwise type checkers without pydantic's plugin think that the field is
    required.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSettings(PluginSettings):
    """``[source]``: facts about the input files that the files themselves do not hold."""

    index: str | None = Field(default=None, description="CSV or JSONL beside the files: columns file, url, fetched_at, site")
    pattern: str | None = Field(default=None, description="regular expression over the relative path; named groups url, site, fetched_at")
    settle_seconds: float = Field(default=0.0, ge=0, description="leave files younger than this to the next run: they may still be written")


class LimitSettings(PluginSettings):
    """``[limits]``: what a page may cost. A page beyond a limit is quarantined, with a code that names the limit."""

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
    """``[run]``: how a run does its work.

    Attributes:
        workers: where pages are processed. It changes no row.
        on_plugin_error: what happens when a plugin raises: the page is quarantined, or it is processed without that plugin.
    """

    workers: Workers = Field(
        default_factory=lambda: os.cpu_count() or 1,
        description="page processes; 0 works in this process, without limits of time and memory; dask://host:8786 works on the "
                    "workers of that scheduler")
    on_plugin_error: Literal["quarantine", "skip-plugin"] = "quarantine"


class ContentSettings(PluginSettings):
    """``[content]``: which pages become articles, and which quotes become rows.

    Attributes:
        page_types: the page types that become articles; ``all`` takes every page.
        indirect_quotes: whether reported speech without quotation marks becomes rows too.
        min_words: a page with fewer words of body, and with neither date nor byline, is no article.
    """

    page_types: WantedTypes = ("article", "live_blog", "gallery", "video", "stub")
    indirect_quotes: bool = False
    min_words: Annotated[int, Field(ge=0)] = Field(default=15, description="fewer words of body, and neither date nor byline: no article")


class DatasetSettings(PluginSettings):
    """``[dataset]``: the size of batches, and how long commits stay readable. The input alone decides where a batch ends.

    Attributes:
        batch_files: the most inputs in a batch. Ignored inputs do not count.
        batch_bytes: about how many bytes of pages a batch holds.
        keep_commits: how many of the newest commits stay readable.
    """

    batch_files: Annotated[int, Field(gt=0)] = 1_000
    batch_bytes: Annotated[int, Field(gt=0)] = 256_000_000
    keep_commits: Annotated[int, Field(ge=1)] = 10


class Settings(PluginSettings):
    """All settings.

    Attributes:
        plugins: plugin files, relative to the settings file, or importable modules.
        disable: the names of plugins that are left out.
        order: for hooks that one plugin answers: the names of plugins, the first one is asked first.
        source: facts about the input files.
        limits: what a page may cost.
        run: how a run does its work.
        content: what becomes a row.
        dataset: the size of batches, and how long commits stay readable.
        plugin_settings: the tables ``[plugins.<name>]``, by the plugin's name.
        inboxes: which inputs ``copydesk serve`` and ``copydesk deploy`` process, and when.
        base: the folder that relative paths are relative to: the folder of the settings file.
        kept_files: the files that plugins' settings name, by their paths as given. `Pipeline` fills it in, so that the processes of a run
            do not read them again.
    """

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
    """Read settings from a TOML file.

    In the file ``plugins`` is either the list of plugin paths, or a table. The key ``load`` of that table is the list, and each sub-table
    ``[plugins.<name>]`` has the settings of one plugin.

    Args:
        path: the file; None for the default settings.

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
    """Make settings from a mapping of the same form as the TOML file.

    Args:
        data: the mapping.
        base: the folder that relative paths are relative to.
        origin: what error messages call the mapping.

    Raises:
        SettingsError: the mapping has unknown or wrong keys.

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
    """Validate a mapping against a model.

    Args:
        model: the class to make an instance of.
        data: the mapping.
        origin: what error messages call the mapping.
        files: reads the files that the mapping names; None reads them relative to the working directory.

    Raises:
        SettingsError: a key or a value is wrong. The message names each of them, and the known keys for an unknown one.
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
