"""Claims with values that act on nothing: no control characters, no marks that turn the direction of writing."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from copydesk.model.metadata import Claim, ClaimValue, Field, Image, Person, When
from copydesk.text.strings import unmarked


def without_control_characters(claim: Claim) -> Claim:
    """The claim with such values. An address stays as written: leaving characters out would make another one of it."""
    value = claim.value
    if claim.field == Field.CANONICAL_URL or isinstance(value, bool | When):
        return claim
    if isinstance(value, str):
        made: ClaimValue = unmarked(value)
    else:  # each item stays of its kind
        made = cast(ClaimValue, tuple(item for item in map(_unmarked, value) if item))
    return claim if made == value else replace(claim, value=made)


def _unmarked(item: str | Person | Image) -> str | Person | Image | None:
    """The same of an item of a list; None when nothing is left of it."""
    if isinstance(item, str):
        return unmarked(item) or None
    if isinstance(item, Image):
        return Image(unmarked(item.caption), unmarked(item.credit))
    name = unmarked(item.name)
    return Person(name, unmarked(item.role), unmarked(item.organization), unmarked(item.location)) if name else None
