"""Small helpers of the metadata plugins: claims of text, text cleaned of mark-up."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from copydesk import Claim, Field, JsonValue, normalise, parse_when
from copydesk_plugins.shared.prose.written_dates import text_dates

MOST_TEXT = 1_000
MOST_LIST = 50
LEAST_DATE, MOST_DATE = 8, 50
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
_NOTICE = re.compile(r"(?:©|\(c\)|copyright(?!\w))(?:\s?(?:©|\(c\)|copyright|\d{4}(?:\s?[–-]\s?\d{4})?|by|,|:)(?!\w)){0,6}\s?", re.I)
_RIGHTS = re.compile(r"[\s.,;|–—-]{1,4}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|"
                     r"tutti i diritti riservati|todos os direitos reservados).{0,200}$", re.I)
_NO_NAME = re.compile(r"(?:https?:)?//|@\w")
_LANGUAGE = re.compile(r"(?P<code>[a-zA-Z]{2,3})(?:[-_][a-zA-Z0-9]{2,8}){0,3}")


def plain(text: str) -> str:
    """One line of text without mark-up and entities.

    >>> plain("A &amp; B<br> C")
    'A & B C'
    """
    text = text[:MOST_TEXT * 2]
    text = html.unescape(text) if "&" in text else text
    return normalise(_TAG.sub(" ", text) if "<" in text else text)[:MOST_TEXT]


def text_claim(field: Field, text: object, evidence: str, rank: int) -> Iterator[Claim]:
    """A claim of plain text, unless the value is none or blank."""
    if isinstance(text, str):
        cleaned = plain(text)
        if cleaned:
            yield Claim(field, cleaned, evidence, rank)


def publisher_claim(field: Field, text: object, evidence: str, rank: int) -> Iterator[Claim]:
    """A claim of a publication's name: a notice of copyright without the words around the name; none of an address or a handle."""
    if not isinstance(text, str):
        return
    cleaned = plain(text)
    notice = _NOTICE.match(cleaned)
    cleaned = _RIGHTS.sub("", cleaned[notice.end():] if notice else cleaned).strip(" ,;|-–—")
    if cleaned and not _NO_NAME.match(cleaned) and not cleaned.isdigit():
        yield Claim(field, cleaned, evidence, rank)


def url_claim(text: object, evidence: str, rank: int) -> Iterator[Claim]:
    """A claim of the page's own address, as written."""
    if isinstance(text, str) and text.strip():
        yield Claim(Field.CANONICAL_URL, text.strip()[:2_001], evidence, rank)


def date_claim(field: Field, text: object, evidence: str, rank: int) -> Iterator[Claim]:
    """A claim of a machine-readable date, or of one with the month's name ("Tue, Sep 15 2020 10:01:41 EDT"); none of an impossible one."""
    when = parse_when(str(text)) if isinstance(text, str | int) else None
    if when is None and isinstance(text, str) and LEAST_DATE <= len(text) <= MOST_DATE and any(map(str.isalpha, text)):
        when = text_dates().only(text)
    if when is not None:
        yield Claim(field, when, evidence, rank)


def list_claim(field: Field, values: Iterable[str], evidence: str, rank: int) -> Iterator[Claim]:
    """A claim of a list of short texts, once each."""
    found: dict[str, str] = {}
    for text in (plain(value)[:200] for value in values):
        if text:
            found.setdefault(text.casefold(), text)
    if found:
        yield Claim(field, tuple(found.values())[:MOST_LIST], evidence, rank)


def language_code(text: object) -> str | None:
    """The language of a tag, as it stands in front: two or three letters, in lower case.

    >>> language_code("en-US")
    'en'
    """
    match = _LANGUAGE.fullmatch(text.strip()) if isinstance(text, str) else None
    return match["code"].lower() if match else None


def strings(value: JsonValue, key: str = "name", depth: int = 4) -> Iterator[str]:
    """The texts in a JSON value: itself, the items of a list, or what an object has under ``key``."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for item in value[:MOST_LIST]:
            yield from strings(item, key, depth - 1)
    elif isinstance(value, dict) and depth:
        yield from strings(value.get(key), key, depth - 1)
