"""Turns a record with named fields into a page: one field holds the page, others say something about it.

The JSON lines source and the Parquet source share this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from copydesk import Fault, Field, LimitSettings, Page, PluginSettings, SourceRange, Status, inert, parse_when
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.sources.records.content import CODED, CONTENT, EITHER, OTHER, Contents, kind
from copydesk_plugins.sources.records.media_types import MediaTypes
from copydesk_plugins.sources.records.values import GOOD_STATUS, MOST_ID, as_date, as_id, as_names, as_status, as_text, as_url, encoded

Names = str | tuple[str, ...] | None
STATED = {"title": Field.HEADLINE, "date": Field.DATE_PUBLISHED, "author": Field.BYLINE, "description": Field.DESCRIPTION,
          "publisher": Field.PUBLISHER, "language": Field.IN_LANGUAGE}
"""The parts that a page states about itself, and the metadata field that each one speaks of."""
MOST_KEY = 100
"""Characters of a key: a longer one is no name of a part."""
MOST_KNOWN = 10_000
"""Keys whose parts are remembered; beyond that each key is looked up anew, so that memory stays bounded."""
MOST_SHOWN = 12
"""Fields that a message names."""
MOST_NAME_SHOWN = 40
"""Characters of each field name in a message."""
OK = 200
"""The HTTP status of a record that states none."""
_READ = {"date": as_date, "author": as_names}
"""How the value of a part is read; all other parts by `as_text`."""
_FOLDED = dict.fromkeys(map(ord, "_- "))
"""Characters that do not count when names of fields are compared."""


class FieldSettings(PluginSettings):
    """``fields``: where records hold their parts. A name, a path with dots into objects, or a list of them, tried in order.

    A part that is named here is looked for nowhere else; an empty list says that there is none. Without a word the known names are
    tried (``data/record_fields.toml``).
    """

    url: Names = None
    html: Names = None
    text: Names = None
    title: Names = None
    date: Names = None
    fetched_at: Names = None
    author: Names = None
    publisher: Names = None
    description: Names = None
    language: Names = None
    status: Names = None
    id: Names = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One part of a record that a key leads to.

    Attributes:
        part: the part of a record that the key leads to.
        step: the key's place in the list of names for the part, from 0; a smaller one is more telling.
        rest: the folded keys that lead from the value to the part, empty when the value itself is the part.
    """

    part: str
    step: int
    rest: tuple[str, ...] = ()


@dataclass(slots=True)
class Fields:
    """Finds the parts of records.

    Attributes:
        paths: for each folded key the parts that it may lead to.
        contents: chooses the page among the parts.
        inside: keys under which an object holds its text, in order of preference.
        known: keys seen so far and the parts they lead to, at most `MOST_KNOWN`.
    """

    paths: dict[str, list[Hit]]
    contents: Contents
    inside: tuple[str, ...]
    known: dict[str, list[Hit]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: FieldSettings) -> Fields:
        """Take the names from the settings, and the known names for parts that the settings leave open."""
        data = load("record_fields")
        paths: dict[str, list[Hit]] = {}
        for part, known in data["fields"].items():
            given: Names = getattr(settings, part)
            _enter(paths, part, known if given is None else (given,) if isinstance(given, str) else given)
        if settings.html is None and settings.text is None:
            _enter(paths, EITHER, data[EITHER]["names"])
        _enter(paths, CODED, data[CODED]["names"])
        return cls(paths, Contents(MediaTypes.of(fragments=True)), tuple(data["inside"]["keys"]))

    def hits(self, key: str) -> list[Hit]:
        """The parts that a key may lead to."""
        found = self.known.get(key)
        if found is None:
            found = self.paths.get(folded(key), []) if len(key) <= MOST_KEY else []
            if len(self.known) < MOST_KNOWN:
                self.known[key] = found
        return found

    def wanted(self, keys: Iterable[str]) -> list[str]:
        """The keys among ``keys`` that may lead to a part, in their order."""
        return [key for key in keys if self.hits(key)]

    def parts(self, record: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The candidates of each part, the most telling first."""
        found: dict[str, list[tuple[int, Any]]] = {}
        for key, value in record.items():
            if value is None:
                continue
            for hit in self.hits(key):
                inner = _follow(value, hit.rest) if hit.rest else value
                if inner is not None:
                    found.setdefault(hit.part, []).append((hit.step, inner))
        return {part: [value for _, value in (sorted(each, key=lambda item: item[0]) if len(each) > 1 else each)]
                for part, each in found.items()}

    def page(self, record: Mapping[str, Any], source_range: SourceRange, name: str, offset: int, limits: LimitSettings) -> Page | Fault:
        """The page of a record, or the fault that stands for it. ``name`` names a record that has no id of its own.

        Text becomes UTF-8; bytes (of a binary column) stay as they are.
        """
        parts = self.parts(record)
        place = source_range.location.source_path
        name = next((text for value in parts.get("id", ()) if (text := as_id(value, self.inside))), name)[:MOST_ID]
        url = as_url(parts.get("url", ()))
        status = next((number for value in parts.get("status", ()) if (number := as_status(value))), OK)
        if status not in GOOD_STATUS:
            return Fault("http_status", f"HTTP status {status}", place, name, offset, url=url, status=Status.REJECTED)
        found = self.contents.chosen(parts)
        if found is None:
            wanting = self._wanting(record)
            told = ", ".join(f"{inert(name[:MOST_NAME_SHOWN])} is {what}" for name, what in list(wanting.items())[:MOST_SHOWN])
            return Fault("unsupported_media_type" if OTHER in wanting.values() else "no_content",
                         f"no field holds HTML or text{': ' if told else ''}{told}; the record has {shown(record)}", place, name,
                         offset, url=url, status=Status.REJECTED)
        content, media_type = found
        if len(content) > limits.page_bytes:
            return beyond(limits, place, name, offset, url)
        stored = encoded(content) if isinstance(content, str) else content
        if len(stored) > limits.page_bytes:
            return beyond(limits, place, name, offset, url)
        return Page(stored, media_type, place, name, offset, url, self._captured(parts) or source_range.date_captured,
                    "utf-8" if isinstance(content, str) else None, source_range.site, stated=self._stated(parts))

    def _wanting(self, record: Mapping[str, Any]) -> dict[str, str]:
        """For each field that could have held the page: what it holds, in words."""
        found = {}
        for key, value in record.items():
            hits = self.hits(key)
            for hit in hits:
                inner = _follow(value, hit.rest)
                if hit.part in CONTENT and (inner is not None or not hit.rest):
                    coded = any(each.part == CODED and each.rest == hit.rest for each in hits)
                    found[".".join((key, *hit.rest))] = self.contents.wanting(inner) if coded else kind(inner)
        return found

    def _captured(self, parts: Mapping[str, list[Any]]) -> datetime | None:
        for value in parts.get("fetched_at", ()):
            when = parse_when(as_date(value, self.inside))
            if when is not None:
                return when.instant
        return None

    def _stated(self, parts: Mapping[str, list[Any]]) -> tuple[tuple[str, str], ...]:
        found = []
        for part, name in STATED.items():
            read = _READ.get(part, as_text)
            text = next((text for value in parts.get(part, ()) if (text := read(value, self.inside))), None)
            if text:
                found.append((name.value, text))
        return tuple(found)


def beyond(limits: LimitSettings, place: str, name: str, offset: int, url: str | None = None) -> Fault:
    """The fault of a page that is too large."""
    return Fault("limit_page_bytes", f"a page of more than {limits.page_bytes} bytes", place, name, offset, url=url)


def shown(keys: Iterable[str]) -> str:
    """The names of some fields, for a message.

    >>> shown(["id", "tags"])
    'id, tags'
    """
    names = [inert(str(key)[:MOST_NAME_SHOWN]) for key, _ in zip(keys, range(MOST_SHOWN + 1), strict=False)]
    return ", ".join([*names[:MOST_SHOWN], *(["…"] if len(names) > MOST_SHOWN else [])]) or "no fields"


def folded(key: str) -> str:
    """A field's name in the form in which names are compared.

    >>> folded("articleBody") == folded("article_body")
    True
    """
    return key.translate(_FOLDED).lower()


def _enter(paths: dict[str, list[Hit]], part: str, names: Iterable[str]) -> None:
    """Enter the names of a part. A name with dots is entered as it is, and as a path into objects."""
    for step, name in enumerate(names):
        first, *rest = (folded(each) for each in name.split("."))
        paths.setdefault(folded(name), []).append(Hit(part, step))
        if rest:
            paths.setdefault(first, []).append(Hit(part, step, tuple(rest)))


def _follow(value: Any, rest: tuple[str, ...]) -> Any:
    """The value at the end of a path into objects; None when the path leads nowhere."""
    for name in rest:
        if not isinstance(value, Mapping):
            return None
        value = next((inner for key, inner in value.items() if isinstance(key, str) and folded(key[:MOST_KEY]) == name), None)
    return value
