"""Files of rules for sites. Their form is checked key by key; `for_page` gives the rules that apply on a page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, model_validator

from copydesk import Document, Page, PluginSettings, SettingsError, SettingsFile, canonicalise, fold_text, parse_html, registrable_domain
from copydesk_plugins.shared.phrases.rules import REASON
from copydesk_plugins.shared.prose.languages import language_by_words
from copydesk_plugins.shared.structured.json_ld_article import site_of_page

EVERYWHERE = "*"
"""The name of rules for all sites."""
MOST_TOLD = 5
"""Errors that a message lists."""
_LANGUAGE = re.compile(r"[a-z]{2}")
"""The name of rules for a language."""
_HEADER = r"[ \t]{0,40}\[[ \t]{0,8}rules\.(?:\"%s\"|'%s'|%s)(?:\.[\w.-]{1,80})?[ \t]{0,8}\]"
"""The header of a table with rules for a name."""
_KEY = re.compile(r"[ \t]{0,40}([\w-]{1,80})[ \t]{0,8}=")
"""A key and its equals sign."""
_STRING_OR_COMMENT = re.compile(r"\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'|#.{0,2000}")
"""Parts of a line in which braces do not count."""
_MOST_SELECTOR, _MOST_PHRASE = 1_000, 500
"""Characters of a selector and of a phrase."""
_RULES_KEY, _ENTRY = 2, 3
"""Where the key, and the number of an entry of ``remove``, stand in the place of an error."""


def _checked(selector: str) -> str:
    check_selector(selector)
    return selector


Selector = Annotated[str, Field(min_length=1, max_length=_MOST_SELECTOR), AfterValidator(_checked)]


class SiteRemoval(PluginSettings):
    """One entry of ``remove``: what elements hold, or the blocks that begin with a phrase."""

    model_config = ConfigDict(strict=True)

    css: Selector | None = None
    phrase: Annotated[str, Field(min_length=1, max_length=_MOST_PHRASE)] | None = None
    reason: Annotated[str, Field(pattern=f"^{REASON.pattern}$")]

    @model_validator(mode="after")
    def _one_of_two(self) -> SiteRemoval:
        if (self.css is None) == (self.phrase is None):
            raise ValueError("it takes either css or phrase")
        if self.css is None and not fold_text(self.phrase or ""):
            raise ValueError("its phrase is empty")
        return self


class SiteRules(PluginSettings):
    """``[rules."example.org"]``: what a site's pages look like."""

    model_config = ConfigDict(strict=True)

    body: Selector | None = None
    headline: Selector | None = None
    byline: Selector | None = None
    date: Selector | None = None
    remove: list[SiteRemoval] = Field(default_factory=list)


class _File(PluginSettings):
    model_config = ConfigDict(strict=True)

    rules: dict[str, SiteRules] = Field(default_factory=dict)


def check_selector(selector: str) -> None:
    """Check that a CSS selector works.

    Raises:
        ValueError: it does not.
    """
    next(parse_html(Page(b"<p>")).css(selector), None)


def read(files: Sequence[SettingsFile]) -> dict[str, SiteRules]:
    """The rules of all files, by site, language or ``*``.

    Raises:
        SettingsError: a file is no such file; the message names the file, the line and the key.
    """
    found: dict[str, SiteRules] = {}
    for file in files:
        for name, rules in _parsed(file).items():
            if name in found:
                raise SettingsError(f"{file.path}{_line(file, name)}: there are rules for {name!r} already")
            found[name] = rules
    return found


def for_page(rules: Mapping[str, SiteRules], document: Document) -> Iterator[tuple[str, SiteRules]]:
    """The rules that apply on a page: those of its site, of its language, and of all pages."""
    for name in (site_of_page(document), document.once(language_by_words) or document.language[:2].lower(), EVERYWHERE):
        if name and name in rules:
            yield name, rules[name]


def _parsed(file: SettingsFile) -> dict[str, SiteRules]:
    try:
        data = tomllib.loads(file.content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{file.path} is not valid TOML: {error}") from error
    try:
        rules = _File.model_validate(data).rules
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        told = "; ".join(_explained(file, dict(item)) for item in found[:MOST_TOLD])
        raise SettingsError(told + (f"; and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else "")) from error
    for name in rules:
        domain = registrable_domain(canonicalise(f"https://{name}/"))
        if name != EVERYWHERE and not _LANGUAGE.fullmatch(name) and (domain != name or "." not in name):
            raise SettingsError(f"{file.path}{_line(file, name)}: {name!r} is neither a registrable domain"
                                f"{f' ({domain!r} is)' if domain and domain != name else ''} nor a language of two letters nor *")
    return rules


def _explained(file: SettingsFile, found: Mapping[str, Any]) -> str:
    """A message on one wrong key, with its line."""
    place = list(map(str, found["loc"]))
    name = place[1] if len(place) > 1 and place[0] == "rules" else None
    key = place[_RULES_KEY] if len(place) > _RULES_KEY else None
    entry = int(place[_ENTRY]) + 1 if key == "remove" and len(place) > _ENTRY else 0
    where = f"{file.path}{_line(file, name, key, entry)}" + (f", rules for {name!r}" if name else "")
    inside = "".join(f": {part}" for part in place[_ENTRY + 1:])
    shown = f"remove, entry {entry}{inside}" if entry else ".".join(place[_RULES_KEY:] if name else place)
    if found["type"] == "extra_forbidden":
        known = SiteRemoval if entry else SiteRules if name else _File
        return f"{where}: unknown key {shown!r} (known: {', '.join(known.model_fields)})"
    message = str(found["msg"]).removeprefix("Value error, ")
    return f"{where}: {shown}: {message}" if shown else f"{where}: {message}"


def _line(file: SettingsFile, name: str | None, key: str | None = None, entry: int = 0) -> str:
    """Where a table's header, a key below it, or an entry of the key's list stands (", line 7"); empty where it is not found."""
    if name is None:
        return ""
    header = re.compile(_HEADER % ((re.escape(name),) * 3))
    place = 0
    lines = file.content.decode("utf-8-sig", "replace").split("\n")
    for number, line in enumerate(lines, start=1):
        if header.match(line):
            place = number
        elif place and line.lstrip().startswith("["):
            break
        elif place and key and (match := _KEY.match(line)) and match[1] == key:
            return f", line {number + _lines_to(entry, lines[number - 1:])}"
    return f", line {place}" if place else ""


def _lines_to(entry: int, lines: list[str]) -> int:
    """How many lines below the first one the inline table number ``entry`` begins; 0 where it is not found."""
    seen = 0
    for below, line in enumerate(lines):
        seen += _STRING_OR_COMMENT.sub("", line).count("{")
        if entry and seen >= entry:
            return below
    return 0
