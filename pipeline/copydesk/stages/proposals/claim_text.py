"""Clean the texts in claims: remove control characters, and marks that change the direction of writing."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from copydesk.model.metadata import Claim, ClaimValue, Field, Image, Person, When
from copydesk.text.strings import unmarked


def without_control_characters(claim: Claim) -> Claim:
    """The claim with cleaned texts. An address stays as written, because without a character it would be another address."""
    value = claim.value
    if claim.field == Field.CANONICAL_URL or isinstance(value, bool | When):
        return claim
    if isinstance(value, str):
        made: ClaimValue = unmarked(value)
    else:  # a cleaned item has the type of the original one
        made = cast(ClaimValue, tuple(item for item in map(_unmarked, value) if item))
    return claim if made == value else replace(claim, value=made)


def _unmarked(item: str | Person | Image) -> str | Person | Image | None:
    """The item of a tuple with cleaned texts; None when no text, or no name, is left."""
    if isinstance(item, str):
        return unmarked(item) or None
    if isinstance(item, Image):
        return Image(unmarked(item.caption), unmarked(item.credit))
    name = unmarked(item.name)
    return Person(name, unmarked(item.role), unmarked(item.organization), unmarked(item.location)) if name else None
