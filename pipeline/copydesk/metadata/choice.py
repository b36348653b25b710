"""Choose metadata from claims by rank, agreement and plausibility. This is what the core does when no plugin chooses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from copydesk.metadata import date_choice, headline_choice
from copydesk.metadata.article_id import identity, site_of
from copydesk.metadata.date_choice import Note
from copydesk.model.document import Document
from copydesk.model.metadata import Claim, ClaimValue, Field, Image, Metadata, Person, When
from copydesk.text.strings import fold_text, words
from copydesk.text.urls import canonicalise, is_front_page, is_public, registrable_domain

__all__ = ["choose_metadata", "identity"]

T = TypeVar("T")
_PAGE_TYPE = "article"
"""The type of a page when no claim names one."""
TRUSTED_AUTHORS = 40
"""Claims of authors with a rank above this do not win against other claims because they name a person."""
MOST_FORGOTTEN = 2
"""Another claim may name so many more authors than the best one and still count as its fuller form."""


@dataclass(slots=True)
class Choice:
    """The state of the choice for one page.

    Attributes:
        by_field: the claims of each field, best first.
        note: called with each claim that is passed over, and the reason.
        chosen: the claims that were chosen so far.
    """

    by_field: dict[str, list[Claim]]
    note: Note
    chosen: list[Claim] = field(default_factory=list)

    def of(self, name: str) -> list[Claim]:
        """The claims of a field, best first."""
        return self.by_field.get(name, [])

    def take(self, claim: Claim | None) -> ClaimValue | None:
        """Note that a claim is chosen, and return its value; None for no claim."""
        if claim is None:
            return None
        self.chosen.append(claim)
        return claim.value

    def text(self, name: str) -> str | None:
        """Choose the best claim of a field of text, and return its text."""
        value = self.take(next(iter(self.of(name)), None))
        return value if isinstance(value, str) else None

    def tuple_of(self, name: str, kind: type[T]) -> tuple[T, ...]:
        """Choose the best claim of a field with a tuple that is not empty, and return its items of the right type."""
        value = self.take(next((claim for claim in self.of(name) if claim.value), None))
        return tuple(item for item in value if isinstance(item, kind)) if isinstance(value, tuple) else ()

    def flag(self, name: str) -> bool | None:
        """Choose the best claim of a yes-or-no field, and return its value."""
        value = self.take(next(iter(self.of(name)), None))
        return value if isinstance(value, bool) else None


def choose_metadata(document: Document, claims: tuple[Claim, ...]) -> Metadata:
    """Choose the best value of each field, as the core does when no plugin chooses.

    Args:
        document: the page that the claims are about.
        claims: the claims of all plugins.

    Returns:
        The values. ``chosen`` holds the claims that they come from.
    """
    return _chosen(document, claims, _silent)


def explained(document: Document, claims: tuple[Claim, ...]) -> tuple[Metadata, dict[int, str]]:
    """Choose as `choose_metadata` does, and say why each other claim lost, by its index in ``claims``."""
    notes: dict[int, str] = {}
    metadata = _chosen(document, claims, lambda claim, why: notes.setdefault(id(claim), why))
    chosen = {id(claim) for claim in metadata.chosen}
    return metadata, {index: notes.get(id(claim)) or _beaten(claim, metadata.chosen)
                      for index, claim in enumerate(claims) if id(claim) not in chosen}


def _beaten(claim: Claim, chosen: Iterable[Claim]) -> str:
    """Say why a claim lost when nothing is wrong with it: another claim of the field was better."""
    best = next((other for other in chosen if other.field == claim.field), None)
    if best is None:
        return "no claim of this field was taken"
    if best.value == claim.value:
        return "the same value, from a place that is less trusted" if claim.rank > best.rank else "the same value"
    return f"less trusted: rank {claim.rank}, the chosen one has {best.rank}" if claim.rank > best.rank else "another one came first"


def _silent(claim: Claim, why: str) -> None:
    """Ignore why a claim lost."""


def _chosen(document: Document, claims: tuple[Claim, ...], note: Note) -> Metadata:
    choice = Choice(_ranked(claims, note), note)
    url = canonicalise(document.page.url)
    canonical = _canonical(choice, url, document)
    publisher = choice.text(Field.PUBLISHER)
    published, modified = _dates(choice, document)
    return Metadata(
        url=url, canonical_url=canonical, domain=registrable_domain(url or canonical), publisher=publisher,
        headline=_headline(choice, publisher, url or canonical), description=choice.text(Field.DESCRIPTION),
        byline=choice.text(Field.BYLINE),
        authors=_authors(choice, _bodies(publisher, url or canonical)), contributors=_contributors(choice),
        credit_text=choice.text(Field.CREDIT_TEXT), dateline=choice.text(Field.DATELINE), date_published=published,
        date_modified=modified, page_type=choice.text(Field.PAGE_TYPE) or _PAGE_TYPE, in_language=choice.text(Field.IN_LANGUAGE),
        article_section=choice.tuple_of(Field.ARTICLE_SECTION, str), keywords=choice.tuple_of(Field.KEYWORDS, str),
        is_accessible_for_free=choice.flag(Field.IS_ACCESSIBLE_FOR_FREE), images=_images(choice), chosen=tuple(choice.chosen))


def _ranked(claims: Iterable[Claim], note: Note) -> dict[str, list[Claim]]:
    """The claims of each field in order of rank. Of equal ranks the earlier claim goes first. Blank texts are left out."""
    ranked: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: claim.rank):
        if not isinstance(claim.value, str) or claim.value.strip():
            ranked.setdefault(claim.field, []).append(claim)
        else:
            note(claim, "blank")
    return ranked


def _canonical(choice: Choice, fetched: str | None, document: Document) -> str | None:
    """The address that the page states for itself. It must be public, on the page's own site, and not the site's front page."""
    stated = []
    for claim in choice.of(Field.CANONICAL_URL):
        believed = _believable(claim, fetched)
        if believed:
            stated.append((claim, believed))
        else:
            choice.note(claim, "no plain address on the public web")
    home = site_of(document, [found for _, found in stated])
    for claim, found in stated:
        if registrable_domain(found) != home or (fetched and is_front_page(found) and not is_front_page(fetched)):
            choice.note(claim, "of another site, or a site's front page")
            continue
        choice.take(claim)
        return found
    return None


def _believable(claim: Claim, fetched: str | None) -> str | None:
    """The claimed address in canonical form; None when it is no plain address on the public web."""
    if not isinstance(claim.value, str) or "@" in claim.value.partition("?")[0].partition("//")[2].partition("/")[0]:
        return None
    found = canonicalise(claim.value, base=fetched)
    return found if is_public(found) else None


def _authors(choice: Choice, bodies: frozenset[str]) -> tuple[Person, ...]:
    """Choose the authors. A claim that names only the publisher or another organisation loses against a claim that names a person.

    A claim that names all people of the best claim, and one or two more, replaces it. A claim from a line of text (``label:``) does not,
    because such a line may hold roles too.
    """
    claims = [claim for claim in choice.of(Field.AUTHORS) if claim.value]
    named = [claim for claim in claims if claim.rank <= TRUSTED_AUTHORS and _persons(claim, bodies)]
    best = next(iter(named or claims), None)
    for claim in claims:
        if named and not _persons(claim, bodies):
            choice.note(claim, "names no person, or only the publication")
    for claim in named[1:]:
        less, more = _persons(named[0], bodies), _persons(claim, bodies)
        if less < more and len(more) <= len(less) + MOST_FORGOTTEN and not claim.evidence.startswith("label:"):
            choice.note(named[0], "another claim names all of these people and more")
            best = claim
            break
    value = choice.take(best)
    people = tuple(item for item in value if isinstance(item, Person)) if isinstance(value, tuple) else ()
    return tuple(item for item in people if not _is_body(item.name, bodies)) or people


def _persons(claim: Claim, bodies: frozenset[str]) -> set[str]:
    """The folded names in a claim that are names of people, not of organisations."""
    people = [item for item in claim.value if isinstance(item, Person)] if isinstance(claim.value, tuple) else []
    return {fold_text(person.name) for person in people if person.name != person.organization and not _is_body(person.name, bodies)}


def _is_body(name: str, bodies: frozenset[str]) -> bool:
    """Whether a name is the publication's own name, or consists of words of it ("Example D" of Example News)."""
    if headline_choice.letters(name) in bodies:
        return True
    said = {word for word in words(fold_text(name)) if len(word) > 1}
    return bool(said) and any(said <= set(body.split()) for body in bodies if " " in body)


def _bodies(publisher: str | None, url: str | None) -> frozenset[str]:
    """The names of the publication itself: its name, and its domain with and without the ending."""
    domain = registrable_domain(url) or ""
    named = [headline_choice.letters(name) for name in (publisher or "", domain, domain.partition(".")[0])]
    return frozenset([*named, fold_text(publisher or "")])


def _headline(choice: Choice, publisher: str | None, url: str | None) -> str | None:
    found = headline_choice.headline(choice.of(Field.HEADLINE), publisher, url, choice.note)
    if found is None:
        return None
    claims, text = found
    choice.chosen.extend(claims)
    return text


def _dates(choice: Choice, document: Document) -> tuple[When | None, When | None]:
    published, modified = date_choice.choose(
        choice.of(Field.DATE_PUBLISHED), choice.of(Field.DATE_MODIFIED), document.page.date_captured, choice.note)
    first, last = (_as_written(choice, claim, name) for claim, name in
                   ((published, Field.DATE_PUBLISHED), (modified, Field.DATE_MODIFIED)))
    return first, last


def _as_written(choice: Choice, claim: Claim | None, name: str) -> When | None:
    value = choice.take(claim)
    if not isinstance(value, When):
        return None
    value, shown = date_choice.as_written(value, choice.of(name))
    choice.take(shown)
    return value


def _contributors(choice: Choice) -> tuple[Person, ...]:
    """Choose all claims of the best rank, and return the contributors that they name, each once."""
    claims = [claim for claim in choice.of(Field.CONTRIBUTORS) if claim.value]
    return _united(choice, [claim for claim in claims if claim.rank == claims[0].rank], Person)


def _images(choice: Choice) -> tuple[Image, ...]:
    """Choose all claims of the best rank, and return their images. A page has several images, each with a claim of its own."""
    claims = [claim for claim in choice.of(Field.IMAGES) if claim.value]
    return _united(choice, [claim for claim in claims if claim.rank == claims[0].rank], Image)


def _united(choice: Choice, claims: list[Claim], kind: type[T]) -> tuple[T, ...]:
    found: dict[T, None] = {}
    for claim in claims:
        value = choice.take(claim)
        if isinstance(value, tuple):
            found.update(dict.fromkeys(item for item in value if isinstance(item, kind)))
    return tuple(found)
