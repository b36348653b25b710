"""The describe stage: plugins claim metadata, the core checks the claims, and one value of each field is chosen."""

from __future__ import annotations

from copydesk.errors import PluginError
from copydesk.model.document import Document
from copydesk.model.labels import Label
from copydesk.model.metadata import Claim, ClaimValue, Field, Image, Metadata, Person, When
from copydesk.plugins.manager import Plugins
from copydesk.plugins.validation import CLAIM, checked, metadata_fault, type_fault, value_fault
from copydesk.stages.proposals.claim_text import without_control_characters
from copydesk.stages.proposals.signing import signed


def describe(plugins: Plugins, document: Document, labels: tuple[Label, ...]) -> tuple[Metadata, tuple[Claim, ...]]:
    """Ask the plugins for claims, and choose the metadata. Returns the metadata and all claims.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    claims = propose(plugins, document, labels)
    return choose(plugins, document, claims), claims


def propose(plugins: Plugins, document: Document, labels: tuple[Label, ...]) -> tuple[Claim, ...]:
    """The claims of all plugins, checked, signed, and without control characters.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    return tuple(without_control_characters(item) for name, result in plugins.each("propose_metadata", document=document, labels=labels)
                 for item in signed(name, "propose_metadata", result, Claim, _claim_fault))


def choose(plugins: Plugins, document: Document, claims: tuple[Claim, ...]) -> Metadata:
    """The metadata that the first plugin with an answer chooses, checked.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    found = plugins.first("choose_metadata", document=document, claims=claims)
    name, metadata = found if found is not None else ("core", Metadata())
    if not isinstance(metadata, Metadata):
        raise PluginError(name, "choose_metadata", f"returned {type(metadata).__name__}, not Metadata")
    checked(name, "choose_metadata", metadata_fault, metadata)
    return metadata


_FIELDS = frozenset(Field)
_TUPLES: dict[str, type] = {Field.AUTHORS: Person, Field.CONTRIBUTORS: Person, Field.IMAGES: Image,
                            Field.ARTICLE_SECTION: str, Field.KEYWORDS: str}
_SCALARS: dict[str, type] = {Field.DATE_PUBLISHED: When, Field.DATE_MODIFIED: When, Field.IS_ACCESSIBLE_FOR_FREE: bool}
_SAID = _FIELDS - set(_TUPLES) - set(_SCALARS)
"""Fields whose value is a text."""
LEAST_TRUSTED = 1_000
"""Claims of text with a rank up to this, and without blocks, need no closer check."""


def _claim_fault(item: Claim) -> str | None:
    if (item.value.__class__ is str and item.field in _SAID and item.evidence.__class__ is str and item.rank.__class__ is int
            and 0 <= item.rank <= LEAST_TRUSTED and item.blocks == ()):
        return None  # most claims
    wrong = type_fault(item, CLAIM) or value_fault(item.value)
    if wrong:
        return wrong
    if item.blocks and not all(isinstance(index, int) for index in item.blocks):
        return f"Claim.blocks takes whole numbers, not {item.blocks!r:.80}"
    if item.field not in _FIELDS:
        return f"no field named {item.field!r} (fields: {', '.join(Field)})"
    if item.field in _TUPLES:
        part = _TUPLES[item.field]
        right = isinstance(item.value, tuple) and all(isinstance(each, part) for each in item.value)
        return None if right else f"{item.field} takes a tuple of {part.__name__}, not {_shown(item.value)}"
    kind = _SCALARS.get(item.field, str)
    return None if isinstance(item.value, kind) else f"{item.field} takes {kind.__name__}, not {_shown(item.value)}"


def _shown(value: ClaimValue) -> str:
    return f"{value!r:.80}"
