"""Applies what users know of a site: where its article, headline, byline and date stand, and what to remove.

Users' rules overrule all other plugins.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Setting

from copydesk import (
    Claim,
    Document,
    Field,
    Label,
    PluginSettings,
    Reason,
    SettingsFile,
    blocks_in,
    fold_text,
    hookimpl,
    parse_when,
    spans_in,
)
from copydesk_plugins.label.rule_files.site_rule_files import SiteRemoval, for_page, read
from copydesk_plugins.shared.prose.person_names import authors, names_of
from copydesk_plugins.shared.prose.written_dates import text_dates

OVERRULES = 0.9999
"""Weight of the labels: more than all others together."""
CONTAINER_SHARE = 1.001
"""A container's labels weigh less by this factor, so that rules on blocks inside of it win."""
RANK = 3
"""Rank of the claims: before all others."""
MOST_ELEMENTS = 20
"""Elements of a selector that are read."""
MOST_TEXT = 1_000
"""Characters of an element's text."""


class Plugin:
    """Labels and claims by the rules of a page's site, of its language, and of all pages (``docs/plugins.md``)."""

    class Settings(PluginSettings):
        """``[plugins.site_rules]``: files with ``[rules."example.org"]`` tables."""

        files: tuple[SettingsFile, ...] = Setting((), description="files of site rules (TOML), relative to the settings file")

    def __init__(self, settings: Settings) -> None:
        self.rules = read(settings.files)
        self.names = names_of() if self.rules else None

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """Labels of the article's container, of what stands outside it, and of what the rules remove."""
        for name, rules in for_page(self.rules, document) if self.rules else ():
            for removal in rules.remove:
                yield from _removed(document, name, removal)
            yield from _contained(document, name, rules.body)
            for selector, reason in ((rules.headline, Reason.HEADLINE), (rules.byline, Reason.BYLINE), (rules.date, Reason.DATE)):
                for index in blocks_in(document, selector) if selector else ():
                    yield Label(index, reason, f"{name}: {selector}", OVERRULES)

    @hookimpl
    def propose_metadata(self, document: Document) -> Iterator[Claim]:
        """Claims of headline, byline, authors and date."""
        for name, rules in for_page(self.rules, document) if self.rules else ():
            for text, evidence, blocks in _texts(document, name, rules.headline)[:1]:
                yield Claim(Field.HEADLINE, text, evidence, RANK, blocks)
            yield from self._byline(document, name, rules.byline)
            yield from _date(document, name, rules.date)

    def _byline(self, document: Document, name: str, selector: str | None) -> Iterator[Claim]:
        texts = _texts(document, name, selector)
        if not texts or self.names is None:
            return
        evidence = texts[0][1]
        blocks = tuple(dict.fromkeys(index for _, _, found in texts for index in found))
        yield Claim(Field.BYLINE, " | ".join(dict.fromkeys(text for text, _, _ in texts)), evidence, RANK, blocks)
        people = authors(person for text, _, _ in texts for person in self.names.split(text))
        if people:
            yield Claim(Field.AUTHORS, people, evidence, RANK, blocks)


def _removed(document: Document, name: str, removal: SiteRemoval) -> Iterator[Label]:
    rule = f"{name}: {removal.css or removal.phrase}"
    if removal.css is not None:
        yield from (Label(index, removal.reason, rule, OVERRULES) for index in blocks_in(document, removal.css))
        yield from (Label(index, removal.reason, rule, OVERRULES, start, end) for index, start, end in spans_in(document, removal.css))
        return
    phrase = fold_text(removal.phrase or "")
    for block, folded in zip(document.blocks, document.folded, strict=True):
        if folded.startswith(phrase):
            yield Label(block.index, removal.reason, rule, OVERRULES)


def _contained(document: Document, name: str, selector: str | None) -> Iterator[Label]:
    """Label the blocks of the container as article, and all others as none of it. A selector that matches no text says nothing."""
    inside = frozenset(blocks_in(document, selector)) if selector else frozenset()
    rule = f"{name}: {selector}"
    for block in document.blocks if inside else ():
        yield Label(block.index, Reason.ARTICLE if block.index in inside else Reason.BOILERPLATE, rule, OVERRULES / CONTAINER_SHARE)


def _texts(document: Document, name: str, selector: str | None) -> list[tuple[str, str, tuple[int, ...]]]:
    """The texts of matching elements, each with the claim's evidence and the block that has the same text."""
    if not selector:
        return []
    found = {block.text: index for index in blocks_in(document, selector) for block in (document.blocks[index],)}
    elements = [each for each, _ in zip(document.css(selector), range(MOST_ELEMENTS), strict=False)]
    return [(each.text, f"site-rule:{name}: {selector}", (found[each.text],) if each.text in found else ())
            for each in elements if 0 < len(each.text) <= MOST_TEXT]


def _date(document: Document, name: str, selector: str | None) -> Iterator[Claim]:
    """Claim the date of the first matching element that has one: in its ``datetime`` or ``content``, else in its text."""
    for element in document.css(selector) if selector else ():
        stated = element.attributes.get("datetime") or element.attributes.get("content") or ""
        when = parse_when(stated) or text_dates().only(element.text[:MOST_TEXT], text_dates().day_first((document.language,)))
        if when is not None:
            yield Claim(Field.DATE_PUBLISHED, when, f"site-rule:{name}: {selector}", RANK)
            return
