"""The form of a rule file. It is checked key by key, and errors name file, line and rule."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from copydesk import PluginSettings, SettingsFile
from copydesk_plugins.shared.phrases.rules import REASON

MOST_TEXT = 2_000
"""Characters of a text rule."""
MOST_TOLD = 5
"""Errors that a message lists."""
HEADER = re.compile(r"[ \t]{0,40}\[\[[ \t]{0,8}rules[ \t]{0,8}\]\]")
"""The line that begins a rule."""
MOST_MAX_WORDS = 1_000
"""The largest ``max_words`` of a rule."""

Filled = Annotated[str, Field(min_length=1)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class RuleEntry(PluginSettings):
    """``[[rules]]`` as written."""

    model_config = ConfigDict(strict=True)

    rule: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]
    reason: Annotated[str, Field(pattern=f"^{REASON.pattern}$")]
    weight: Annotated[float, Field(gt=0, le=1)]
    language: Language | None = None
    site: str | None = None
    text: Annotated[str, Field(max_length=MOST_TEXT)] | None = None
    needs: Annotated[list[Filled], Field(min_length=1)] | None = None
    pattern: Filled | None = None
    hit: str | None = None
    hits: list[str] = Field(default_factory=list)
    miss: str | None = None
    misses: list[str] = Field(default_factory=list)
    whole: bool | None = None
    max_words: Annotated[int, Field(ge=1, le=MOST_MAX_WORDS)] | None = None
    unless: Filled | None = None


class RuleFile(PluginSettings):
    """A rule file as written."""

    model_config = ConfigDict(strict=True)

    language: Language | None = None
    site: str | None = None
    attribution: Filled | None = None
    slots: dict[str, str] = Field(default_factory=dict)
    rules: list[RuleEntry] = Field(default_factory=list)


def parsed(file: SettingsFile) -> tuple[RuleFile, list[str]]:
    """A file's contents, and where each rule stands (", line 7"; empty where that is not sure).

    Raises:
        ValueError: the file is not TOML, or has unknown, wrong or missing keys.
    """
    try:
        text = file.content.decode("utf-8-sig")
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{file.path} is not valid TOML: {error}") from error
    rules = data.get("rules")
    count = len(rules) if isinstance(rules, list) else 0
    starts = [number for number, line in enumerate(text.split("\n"), start=1) if HEADER.match(line)]
    lines = [f", line {number}" for number in starts] if len(starts) == count else [""] * count
    try:
        return RuleFile.model_validate(data), lines
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        told = "; ".join(f"{file.path}{_explained(dict(item), data, lines)}" for item in found[:MOST_TOLD])
        more = f"; and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
        raise ValueError(f"{told}{more}") from error


def _explained(found: Mapping[str, Any], data: Mapping[str, Any], lines: Sequence[str]) -> str:
    """One wrong key in words: ", line 7, rule 'x': unknown key 'wieght' (known: …)"."""
    place, where = list(found["loc"]), ""
    model: type[PluginSettings] = RuleFile
    if len(place) > 1 and place[0] == "rules":
        entry = data["rules"][place[1]]
        name = entry.get("rule") if isinstance(entry, dict) else None
        where = f"{lines[place[1]]}, rule {name!r}" if isinstance(name, str) else f"{lines[place[1]]}, rule number {place[1] + 1}"
        place, model = place[2:], RuleEntry
    key = ".".join(map(str, place))
    if found["type"] == "extra_forbidden":
        return f"{where}: unknown key {key!r} (known: {', '.join(model.model_fields)})"
    return f"{where}: {key}: {found['msg']}"
