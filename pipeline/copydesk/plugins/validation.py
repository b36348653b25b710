"""Check the objects that plugins return, field by field. A wrong type becomes that plugin's error here, not a crash of the core later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from copydesk.errors import PluginError
from copydesk.model.document import Block, BlockKind, Document
from copydesk.model.metadata import Image, Metadata, Person, Precision, When
from copydesk.model.page import Fault, Ignored, Location, MediaType, Page
from copydesk.model.status import Status

T = TypeVar("T")
Kinds = Mapping[str, tuple[type, ...]]
NONE = type(None)
UNCHECKABLE = "gave something that cannot be checked"
LARGEST = 2**63 - 1
"""The largest offset or rank: the dataset has signed 64-bit fields."""

_TEXT = (str,)
_TEXT_OR_NONE = (str, NONE)
_WHOLE = (int,)
_WHOLE_OR_NONE = (int, NONE)
_SEEN: Kinds = {"url": _TEXT_OR_NONE, "date_captured": (datetime, NONE), "site": _TEXT_OR_NONE}
_PLACE: Kinds = {"source_path": _TEXT, "source_record": _TEXT, "source_offset": _WHOLE_OR_NONE, "url": _TEXT_OR_NONE}
PAGE: Kinds = {**_PLACE, **_SEEN, "content": (bytes,), "media_type": (MediaType,), "charset": _TEXT_OR_NONE,
               "warc_record_id": _TEXT_OR_NONE, "stated": (tuple,)}
FAULT: Kinds = {**_PLACE, "code": _TEXT, "message": _TEXT, "sha256": _TEXT_OR_NONE, "status": (Status,)}
IGNORED: Kinds = {"source_path": _TEXT, "source_record": _TEXT, "source_offset": _WHOLE_OR_NONE}
RANGE: Kinds = {**_SEEN, "location": (Location,), "start": _WHOLE, "end": _WHOLE_OR_NONE}
BLOCK: Kinds = {"index": _WHOLE, "text": _TEXT, "kind": _TEXT}
LABEL: Kinds = {"block": _WHOLE, "reason": _TEXT, "rule": _TEXT, "weight": (int, float), "start": _WHOLE_OR_NONE, "end": _WHOLE_OR_NONE,
                "chance": (int, float, NONE)}
CLAIM: Kinds = {"field": _TEXT, "evidence": _TEXT, "rank": _WHOLE, "blocks": (tuple,)}
QUOTE: Kinds = {
    **dict.fromkeys(("text", "kind", "speaker_type", "pattern"), _TEXT),
    **dict.fromkeys(("start", "end", "utterance", "part"), _WHOLE),
    **dict.fromkeys(("speaker", "speaker_text", "speaker_role", "cue"), _TEXT_OR_NONE),
    **dict.fromkeys(("speaker_start", "speaker_end", "cue_start", "cue_end", "clause_start", "clause_end"), _WHOLE_OR_NONE),
    "confidence": (int, float)}
METADATA: Kinds = {
    **dict.fromkeys(("url", "canonical_url", "domain", "publisher", "headline", "description", "byline", "credit_text", "dateline",
                     "in_language"), _TEXT_OR_NONE),
    **dict.fromkeys(("authors", "contributors", "article_section", "keywords", "images", "chosen"), (tuple,)),
    "date_published": (When, NONE), "date_modified": (When, NONE), "page_type": _TEXT, "is_accessible_for_free": (bool, NONE)}
_PERSON: Kinds = dict.fromkeys(("name", "role", "organization", "location"), _TEXT)
_IMAGE: Kinds = dict.fromkeys(("caption", "credit"), _TEXT)
_WHEN: Kinds = {"local": _TEXT, "instant": (datetime,), "precision": (Precision,)}


def type_fault(item: object, kinds: Kinds) -> str | None:
    """Describe the first field with a wrong type, a number beyond 64 bits or a time without a zone; None when all fields are right."""
    for name, allowed in kinds.items():
        value = getattr(item, name)
        kind = type(value)
        if kind in allowed and (kind is str or value is None):  # most values
            continue
        if not isinstance(value, allowed):
            wanted = " or ".join("None" if kind is NONE else kind.__name__ for kind in allowed)
            return f"{type(item).__name__}.{name} takes {wanted}, not {type(value).__name__}"
        if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            return f"{type(item).__name__}.{name} is beyond 64 bits"
        if isinstance(value, datetime) and value.utcoffset() is None:
            return f"{type(item).__name__}.{name} has no time zone"
    return None


def item_fault(item: Page | Fault | Ignored) -> str | None:
    """Describe what is wrong with an item of a source; None when nothing is."""
    wrong = type_fault(item, PAGE if isinstance(item, Page) else FAULT if isinstance(item, Fault) else IGNORED)
    if wrong:
        return wrong
    if isinstance(item, Page):
        for pair in item.stated:
            if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(text, str) for text in pair)):
                return "Page.stated takes pairs of a field and its text"
    if isinstance(item, Fault) and item.status not in (Status.QUARANTINED, Status.REJECTED):
        return f"Fault.status is quarantined or rejected, not {item.status}"
    return None


def value_fault(value: object) -> str | None:
    """Describe what is wrong inside a metadata value (a date, or a tuple of people, images or strings); None when nothing is."""
    if isinstance(value, When):
        return type_fault(value, _WHEN)
    for part in value if isinstance(value, tuple) else ():
        wrong = type_fault(part, _PERSON) if isinstance(part, Person) else type_fault(part, _IMAGE) if isinstance(part, Image) else None
        if wrong:
            return wrong
    return None


def document_fault(document: Document) -> str | None:
    """Describe what is wrong with the blocks or the ``meta`` mapping of a document; None when nothing is."""
    if not isinstance(document.meta, Mapping):
        return f"meta is {type(document.meta).__name__}, not a mapping"
    for place, block in enumerate(document.blocks):
        if type(block) is Block and type(block.text) is str and block.kind.__class__ is BlockKind and block.index.__class__ is int \
                and block.index == place:
            continue
        if not isinstance(block, Block):
            return f"block {place} is {type(block).__name__}, not Block"
        wrong = type_fault(block, BLOCK)
        if wrong:
            return wrong
        if block.index != place:
            return "blocks must be numbered 0, 1, 2 … in reading order"
    return None


def metadata_fault(metadata: Metadata) -> str | None:
    """Describe what is wrong with the chosen metadata; None when nothing is."""
    values = (metadata.date_published, metadata.date_modified, metadata.authors, metadata.contributors, metadata.images)
    return type_fault(metadata, METADATA) or next(filter(None, map(value_fault, values)), None)


def checked(plugin: str, hook: str, fault: Callable[[T], str | None], item: T) -> None:
    """Check an object that a plugin returned.

    Args:
        plugin: the name of the plugin.
        hook: the hook that returned the object.
        fault: describes what is wrong with an object; None when nothing is.
        item: the object.

    Raises:
        PluginError: something is wrong with the object, or the check itself failed on it.
    """
    try:
        wrong = fault(item)
    except Exception as error:
        raise PluginError(plugin, hook, f"{UNCHECKABLE}: {type(error).__name__}: {error}") from error
    if wrong:
        raise PluginError(plugin, hook, wrong)
