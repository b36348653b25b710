"""Rule files of users. They are read and checked with the settings, and then asked page by page for the rules that apply."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from copydesk import Document, SettingsError, SettingsFile, canonicalise, fold_text, registrable_domain
from copydesk_plugins.shared.phrases.rules import Phrases, Rule, compile_bounded, fill, read_rule, read_slots, voice_of
from copydesk_plugins.shared.phrases.user_rule_schema import MOST_TEXT, RuleEntry, parsed
from copydesk_plugins.shared.structured.json_ld_article import site_of_page

OF_PATTERNS = ("needs", "pattern", "unless", "whole", "max_words")
"""Keys that only a rule with a pattern may have."""
NEEDED = ("needs", "pattern", "hit", "miss")
"""Keys that a rule with a pattern must have."""


@dataclass(frozen=True, slots=True)
class TextRule:
    """A rule that hits blocks equal to one text, once both are folded.

    Attributes:
        name: its name.
        reason: what the block is.
        weight: how surely, above 0 to 1.
    """

    name: str
    reason: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Scope:
    """The pages on which a rule applies: those of a language and of a site; None stands for all."""

    language: str | None
    site: str | None

    def holds(self, language: str, site: str | None) -> bool:
        """Whether a page of this language (empty: unknown) and this site is one of them."""
        return (not self.language or not language or self.language == language) and (not self.site or self.site == site)


class UserRules:
    """The rules of some files.

    Patterns are filed by their words (`Phrases`), and texts in a table by site. So a page costs the same with ten texts and with ten
    thousand.

    Attributes:
        scopes: where each rule applies, by the rule's name.
        texts: the text rules by site (None: all sites) and folded text.
        attributions: patterns that show who said something, and where they apply.
        phrases: the rules with patterns.
    """

    def __init__(self, files: Sequence[SettingsFile]) -> None:
        """Read and check the files.

        Raises:
            SettingsError: a file is no rule file, or one of its rules cannot work. The message names file, line and rule.
        """
        self.scopes: dict[str, _Scope] = {}
        self.texts: dict[str | None, dict[str, list[TextRule]]] = {}
        self.attributions: list[tuple[re.Pattern[str], _Scope]] = []
        self._origins: dict[str, str] = {}
        self._sites: set[str] = set()
        rules: list[Rule] = []
        for file in files:
            try:
                rules += self._read(file)
            except ValueError as error:
                raise SettingsError(str(error)) from error
        self.phrases = Phrases((), rules)

    def _read(self, file: SettingsFile) -> Iterator[Rule]:
        """The pattern rules of a file. Its text rules are added to `texts`."""
        written, lines = parsed(file)
        of_file = _Scope(written.language, self._site(written.site, file.path))
        slots = read_slots(written.slots, file.path)
        if written.attribution:
            pattern = compile_bounded(fill(written.attribution, slots, file.path), f"{file.path}, attribution")
            self.attributions.append((pattern, of_file))
        for entry, line in zip(written.rules, lines, strict=True):
            where = f"{file.path}{line}, rule {entry.rule!r}"
            if entry.rule in self.scopes:
                raise ValueError(f"{where}: there is a rule of this name already ({self._origins[entry.rule]})")
            self.scopes[entry.rule] = _Scope(entry.language or of_file.language, self._site(entry.site, where) or of_file.site)
            self._origins[entry.rule] = f"{file.path}{line}"
            if entry.text is not None:
                self._add_text(entry, where)
            else:
                yield _pattern_rule(entry, slots, f"{file.path}{line}", where)

    def _site(self, given: str | None, where: str) -> str | None:
        """Check that a site is a registrable domain. Each site is checked once."""
        if given is not None and given not in self._sites:
            found = registrable_domain(canonicalise(f"https://{given}/"))
            if found != given:
                raise ValueError(f"{where}: site {given!r} is no registrable domain{f': {found!r} is' if found else ''}")
            self._sites.add(given)
        return given

    def _add_text(self, entry: RuleEntry, where: str) -> None:
        given = [key for key in OF_PATTERNS if getattr(entry, key) is not None]
        folded = fold_text(entry.text or "")
        if given or not folded:
            raise ValueError(f"{where}: a rule with a text takes no {', '.join(given)}" if given else f"{where}: its text is empty")
        _check_examples(entry, where, lambda text: fold_text(text) == folded)
        held = self.texts.setdefault(self.scopes[entry.rule].site, {})
        held.setdefault(folded, []).append(TextRule(entry.rule, entry.reason, entry.weight))

    def on_page(self, phrases: Phrases, document: Document, language: str) -> PageRules:
        """The rules that apply on a page: the shipped phrases of its language, and users' rules for its language and site."""
        return PageRules(phrases, self, language, site_of_page(document) if self.scopes else None)


class PageRules:
    """The rules that apply on one page, with the methods of `Phrases`."""

    def __init__(self, phrases: Phrases, own: UserRules, language: str, site: str | None) -> None:
        self._phrases, self._language, self._site = phrases, language, site
        self._own, self._scopes = own, own.scopes
        self._patterns = own.phrases if own.phrases.rules else None

    def _counts(self, name: str) -> bool:
        return self._scopes[name].holds(self._language, self._site)

    def hits(self, text: str) -> tuple[Rule, ...]:
        """The pattern rules that hit a text: the shipped ones, then users'."""
        found = self._phrases.hits(text)
        if self._patterns is None:
            return found
        return (*found, *(rule for rule in self._patterns.hits(text) if self._counts(rule.name)))

    def on(self, document: Document) -> dict[int, tuple[Rule, ...]]:
        """The pattern rules that hit blocks outside a page's frame and tables, by the block's index, in the order of `hits`."""
        found = document.once(self._phrases.on)
        if self._patterns is None:
            return found
        own = {index: tuple([rule for rule in rules if self._counts(rule.name)])
               for index, rules in document.once(self._patterns.on).items()}
        return {index: rules for index in sorted({*found, *own}) if (rules := (*found.get(index, ()), *own.get(index, ())))}

    def candidates(self, folded: str) -> Iterator[Rule]:
        """The pattern rules that may hit a folded text."""
        found = self._phrases.candidates(folded)
        if self._patterns is None:
            return found
        return chain(found, (rule for rule in self._patterns.candidates(folded) if self._counts(rule.name)))

    def reports(self, text: str) -> bool:
        """Whether a text's own voice names who said something."""
        if self._phrases.reports(text):
            return True
        patterns = [pattern for pattern, scope in self._own.attributions if scope.holds(self._language, self._site)]
        own = voice_of(text[:MOST_TEXT]).own if patterns else ""
        return any(pattern.search(own) for pattern in patterns)

    def repeated(self, document: Document) -> dict[int, list[TextRule]]:
        """The text rules that hit a block, by the block's index."""
        tables = [table for site in dict.fromkeys((None, self._site)) if (table := self._own.texts.get(site))]
        if not tables:
            return {}
        found: dict[int, list[TextRule]] = {}
        for block, folded in zip(document.blocks, document.folded, strict=True):
            if len(block.text) <= MOST_TEXT:
                rules = [rule for table in tables for rule in table.get(folded, ()) if self._counts(rule.name)]
                if rules:
                    found[block.index] = rules
        return found


def _pattern_rule(entry: RuleEntry, slots: Mapping[str, str], origin: str, where: str) -> Rule:
    missing = [key for key in NEEDED if getattr(entry, key) is None]
    if missing:
        raise ValueError(f"{where}: missing {', '.join(missing)} (or a text instead)")
    rule = read_rule(entry.model_dump(exclude={"language", "site", "text"}, exclude_none=True), slots, origin)
    alone = Phrases((), [rule])
    _check_examples(entry, where, lambda text: bool(alone.hits(text)))
    return rule


def _check_examples(entry: RuleEntry, where: str, hits: Callable[[str], bool]) -> None:
    """Check that a rule hits each of its hits and none of its misses."""
    for text in filter(None, (entry.hit, *entry.hits)):
        if not hits(text):
            raise ValueError(f"{where}: it does not hit its own example {text!r} (rules see folded text: {fold_text(text)!r})")
    for text in filter(None, (entry.miss, *entry.misses)):
        if hits(text):
            raise ValueError(f"{where}: it hits {text!r}, which it must miss")
