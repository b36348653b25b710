"""Records, read by their fields."""

from __future__ import annotations

from typing import Any

from copydesk import Fault, LimitSettings, Location, Page, SourceRange
from copydesk_plugins.sources.records.fields import Fields, FieldSettings

FIELDS = Fields.of(FieldSettings())
LIMITS = LimitSettings(page_bytes=20_000)


def read(record: dict[str, Any], fields: Fields = FIELDS) -> Page | Fault:
    """What becomes of a record."""
    return fields.page(record, SourceRange(Location("a", "a", 1)), "", 0, LIMITS)


def stated(record: dict[str, Any], fields: Fields = FIELDS) -> Page | Fault:
    """What becomes of a record that has a text and these fields."""
    return fields.page({"text": "Body", **record}, SourceRange(Location("a", "a", 1)), "", 0, LimitSettings())


def page(record: dict[str, Any], fields: Fields = FIELDS) -> Page:
    """The page that a record becomes."""
    found = read(record, fields)
    assert isinstance(found, Page)
    return found
