"""Claims what a page's JSON-LD says about its article (https://schema.org/NewsArticle)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from copydesk import Claim, Document, Field, Image, JsonValue, Person, fold_text, hookimpl, normalise
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.prose.person_names import authors, names_of, unique
from copydesk_plugins.shared.structured.claim_makers import (
    date_claim,
    language_code,
    list_claim,
    plain,
    publisher_claim,
    strings,
    text_claim,
    url_claim,
)
from copydesk_plugins.shared.structured.json_ld_article import main_article, types_of

Thing = Mapping[str, JsonValue]
RANK = 10
"""Rank of the article's own statements. (Of all ranks the smaller is surer.)"""
OTHER_RANK = 18
"""Rank of what other objects state."""
MOST_PARTS = 20
"""Parts of an article (``hasPart``) that are looked at."""
MOST_THINGS = 50
"""Objects of a page that are looked at."""
NAME, CREATED, ADDRESS, LANGUAGE, BYLINE, PICTURE, OTHER_TYPE = 2, 6, 8, 10, 25, 30, 5
"""Added to the rank of weaker evidence. In order: name in place of headline, day of creation, address or publisher, language, byline
of names, picture, type of an object that is no article."""
LEAST_NAME = 3
"""A name that is the page's title has more characters than this."""
MOST_DETAIL = 100
"""Characters of a role or an employer that are kept."""


class Plugin:
    """Makes claims of JSON-LD articles."""

    def __init__(self) -> None:
        self.names = names_of()
        data = load("schema_types")
        self.page_types: dict[str, str] = data["page_types"]
        self.webpages: frozenset[str] = frozenset(data["webpages"])

    @hookimpl
    def propose_metadata(self, document: Document) -> Iterator[Claim]:
        """Claims of the page's main article object; weaker ones of the web page object around it."""
        if not document.json_ld:
            return
        graph = {str(thing["@id"]): thing for thing in document.json_ld if "@id" in thing and len(thing) > 2}
        article = document.once(main_article)
        if article is not None:
            kind = next(iter(types_of(article)), "Article")
            yield from self._article(article, f"json-ld:{kind}", RANK, graph)
        for thing in document.json_ld[:MOST_THINGS]:
            if article is None and self._is_titled(thing, document):
                yield from self._dates(thing, f"json-ld:{next(iter(types_of(thing)), 'Thing')}", OTHER_RANK)
            if thing is not article and self.webpages & set(types_of(thing)):
                yield from self._dates(thing, "json-ld:WebPage", OTHER_RANK)
                yield from self._language(thing, "json-ld:WebPage", OTHER_RANK)
        yield from self._page_type(document, article)

    def _article(self, thing: Thing, evidence: str, rank: int, graph: Mapping[str, Thing]) -> Iterator[Claim]:
        yield from text_claim(Field.HEADLINE, thing.get("headline"), f"{evidence}.headline", rank)
        if not thing.get("headline"):
            yield from text_claim(Field.HEADLINE, thing.get("name"), f"{evidence}.name", rank + NAME)
        yield from text_claim(Field.DESCRIPTION, thing.get("description"), f"{evidence}.description", rank)
        yield from self._dates(thing, evidence, rank)
        yield from self._people(thing, evidence, rank, graph)
        yield from self._language(thing, evidence, rank)
        for key in ("mainEntityOfPage", "url"):
            for url in list(strings(thing.get(key), "@id"))[:1]:
                yield from url_claim(url, f"{evidence}.{key}", rank + ADDRESS)
        for publisher in list(strings(resolved(thing.get("publisher"), graph)))[:1]:
            yield from publisher_claim(Field.PUBLISHER, publisher, f"{evidence}.publisher", rank + ADDRESS)
        yield from list_claim(Field.ARTICLE_SECTION, strings(thing.get("articleSection")), f"{evidence}.articleSection", rank)
        yield from list_claim(Field.KEYWORDS, keywords(thing.get("keywords")), f"{evidence}.keywords", rank)
        yield from text_claim(Field.DATELINE, thing.get("dateline"), f"{evidence}.dateline", rank)
        yield from self._free(thing, evidence, rank)
        yield from self._image(thing, evidence, rank)

    def _is_titled(self, thing: Thing, document: Document) -> bool:
        """Whether an object that is no article (a recipe, a video) has a date, and a name that stands in the page's title."""
        name = next((text for key in ("headline", "name") for text in strings(thing.get(key))), "")
        return "datePublished" in thing and len(name) > LEAST_NAME and fold_text(plain(name)) in fold_text(document.title)

    def _dates(self, thing: Thing, evidence: str, rank: int) -> Iterator[Claim]:
        yield from date_claim(Field.DATE_PUBLISHED, thing.get("datePublished"), f"{evidence}.datePublished", rank)
        yield from date_claim(Field.DATE_PUBLISHED, thing.get("dateCreated"), f"{evidence}.dateCreated", rank + CREATED)
        yield from date_claim(Field.DATE_MODIFIED, thing.get("dateModified"), f"{evidence}.dateModified", rank)

    def _people(self, thing: Thing, evidence: str, rank: int, graph: Mapping[str, Thing]) -> Iterator[Claim]:
        for step, key in enumerate(("author", "creator")):
            found = self._persons(resolved(thing.get(key), graph), graph)
            if found:
                yield Claim(Field.AUTHORS, authors(found), f"{evidence}.{key}", rank + step)
                yield from text_claim(Field.BYLINE, ", ".join(strings(resolved(thing.get(key), graph))), f"{evidence}.{key}", rank + BYLINE)
                yield from self._agency([person.organization for person in found], f"{evidence}.{key}", rank + 2)
        for key, role in (("contributor", "contributing"), ("editor", "editing")):
            found = tuple(Person(each.name, each.role or role, each.organization, each.location)
                          for each in self._persons(resolved(thing.get(key), graph), graph) if each.name != each.organization)
            if found:
                yield Claim(Field.CONTRIBUTORS, found, f"{evidence}.{key}", rank)
        for key in ("creditText", "sourceOrganization", "provider", "copyrightHolder"):
            yield from self._agency(list(strings(resolved(thing.get(key), graph))), f"{evidence}.{key}", rank)

    def _agency(self, names: list[str], evidence: str, rank: int) -> Iterator[Claim]:
        full = next((found for found in map(self.names.agencies.full_name, names) if found), None)
        if full:
            yield Claim(Field.CREDIT_TEXT, full, evidence, rank)

    def _persons(self, value: JsonValue, graph: Mapping[str, Thing]) -> tuple[Person, ...]:
        found: list[Person] = []
        for item in value if isinstance(value, list) else [value]:
            item = resolved(item, graph)
            name = next(strings(item), None) or _full_name(item)
            if not name:
                continue
            people = self.names.split(name)
            if isinstance(item, dict):
                people = self._detailed(item, people)
            found.extend(people)
        return unique(found)

    def _detailed(self, item: Thing, people: tuple[Person, ...]) -> tuple[Person, ...]:
        """People with the role and employer that their object states. The names of an organisation's object are organisations."""
        if "Organization" in " ".join(types_of(item)):
            return tuple(Person(each.name, each.role, each.organization or each.name, each.location) for each in people)
        title = next((text for text in strings(item.get("jobTitle"))), "")
        employer = next((text for text in strings(item.get("worksFor") or item.get("affiliation"))), "")
        role, organization = normalise(title)[:MOST_DETAIL], normalise(employer)[:MOST_DETAIL]
        return tuple(Person(each.name, each.role or role, each.organization or organization, each.location)
                     if len(people) == 1 else each for each in people)

    def _language(self, thing: Thing, evidence: str, rank: int) -> Iterator[Claim]:
        code = next((code for code in map(language_code, strings(thing.get("inLanguage"))) if code), None)
        if code:
            yield Claim(Field.IN_LANGUAGE, code, f"{evidence}.inLanguage", rank + LANGUAGE)

    def _free(self, thing: Thing, evidence: str, rank: int) -> Iterator[Claim]:
        value = truth(thing.get("isAccessibleForFree"))
        if value is not None:
            yield Claim(Field.IS_ACCESSIBLE_FOR_FREE, value, f"{evidence}.isAccessibleForFree", rank)
        parts = thing.get("hasPart")
        if any(isinstance(part, dict) and truth(part.get("isAccessibleForFree")) is False
               for part in (parts if isinstance(parts, list) else [parts])[:MOST_PARTS]):
            yield Claim(Field.IS_ACCESSIBLE_FOR_FREE, False, f"{evidence}.hasPart.isAccessibleForFree", rank + 1)

    def _image(self, thing: Thing, evidence: str, rank: int) -> Iterator[Claim]:
        value = thing.get("image")
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            caption = plain(str(first.get("caption") or first.get("description") or ""))
            credit = plain(str(next(strings(first.get("creditText") or first.get("creator") or first.get("author")), "")))
            if caption:
                yield Claim(Field.IMAGES, (Image(caption, credit),), f"{evidence}.image", rank + PICTURE)

    def _page_type(self, document: Document, article: Thing | None) -> Iterator[Claim]:
        things = [article] if article is not None else list(document.json_ld[:MOST_THINGS])
        for thing in things:
            for kind in types_of(thing):
                if kind in self.page_types:
                    yield Claim(Field.PAGE_TYPE, self.page_types[kind], f"json-ld:{kind}", RANK if article else OTHER_RANK + OTHER_TYPE)
                    return


def resolved(value: JsonValue, graph: Mapping[str, Thing]) -> JsonValue:
    """The object that a bare ``{"@id": …}`` points at. Any other value comes back as it is."""
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return dict(graph.get(str(value["@id"]), value))
    return value


def _full_name(value: JsonValue) -> str:
    """The name of an object that states only given and family name; empty without them."""
    parts = (next(strings(value.get(key)), "") for key in ("givenName", "familyName")) if isinstance(value, dict) else ()
    return " ".join(filter(None, parts))


def keywords(value: JsonValue) -> Iterator[str]:
    """Keywords from a list, or from one text with commas or semicolons."""
    texts = list(strings(value))
    if len(texts) == 1:
        texts = texts[0].split(";" if ";" in texts[0] else ",")
    yield from texts


def truth(value: JsonValue) -> bool | None:
    """True or False as JSON or schema.org writes it, as a value or as text; None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).rpartition("/")[2].strip().lower() if isinstance(value, str) else ""
    return {"true": True, "false": False}.get(word)
