"""Helpers of the metadata plugins: they clean text of mark-up and make claims of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from copydesk import Claim, Field, JsonValue, normalise, parse_when
from copydesk_plugins.shared.prose.written_dates import text_dates

MOST_TEXT = 1_000
"""Characters of a text that are kept."""
MOST_LIST = 50
"""Items of a list that are kept."""
LEAST_DATE, MOST_DATE = 8, 50
"""Characters of a written date."""
MOST_ADDRESS = 2_001
"""Characters of an address that are kept."""
MOST_ITEM = 200
"""Characters of a list's item that are kept."""
DEPTH = 4
"""Levels of lists and objects in which texts are looked for."""
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
"""A tag."""
_NOTICE = re.compile(r"(?:©|\(c\)|copyright(?!\w))(?:\s?(?:©|\(c\)|copyright|\d{4}(?:\s?[–-]\s?\d{4})?|by|,|:)(?!\w)){0,6}\s?", re.I)
"""How a notice of copyright opens."""
_RIGHTS = re.compile(r"[\s.,;|–—-]{1,4}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|"
                     r"tutti i diritti riservati|todos os direitos reservados).{0,200}$", re.I)
"""How a notice of copyright ends."""
_NO_NAME = re.compile(r"(?:https?:)?//|@\w")
"""How an address or a handle begins."""
_LANGUAGE = re.compile(r"(?P<code>[a-zA-Z]{2,3})(?:[-_][a-zA-Z0-9]{2,8}){0,3}")
"""A language tag."""


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
    """A claim of a publication's name, without the words of a copyright notice around it. An address or a handle makes no claim."""
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
        yield Claim(Field.CANONICAL_URL, text.strip()[:MOST_ADDRESS], evidence, rank)


def date_claim(field: Field, text: object, evidence: str, rank: int) -> Iterator[Claim]:
    """A claim of a machine-readable date, or one with the month's name ("Tue, Sep 15 2020 10:01:41 EDT"). Impossible ones make none."""
    when = parse_when(str(text)) if isinstance(text, str | int) else None
    if when is None and isinstance(text, str) and LEAST_DATE <= len(text) <= MOST_DATE and any(map(str.isalpha, text)):
        when = text_dates().only(text)
    if when is not None:
        yield Claim(field, when, evidence, rank)


def list_claim(field: Field, values: Iterable[str], evidence: str, rank: int) -> Iterator[Claim]:
    """A claim of a list of short texts, once each."""
    found: dict[str, str] = {}
    for text in (plain(value)[:MOST_ITEM] for value in values):
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


def strings(value: JsonValue, key: str = "name", depth: int = DEPTH) -> Iterator[str]:
    """The texts in a JSON value: the value itself, the items of a list, or what an object has under ``key``."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for item in value[:MOST_LIST]:
            yield from strings(item, key, depth - 1)
    elif isinstance(value, dict) and depth:
        yield from strings(value.get(key), key, depth - 1)
