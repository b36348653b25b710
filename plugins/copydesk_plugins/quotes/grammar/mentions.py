"""Finds where names stand in a text: runs of capitalised words, cut at titles and joining words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from copydesk import Span
from copydesk_plugins.quotes.grammar.lexicon import Lexicon

INSIDE_ORGANISATIONS = frozenset({"of", "for", "and", "the", "on"})
"""Joining words inside of names of organisations."""
FAR_OFF = 1 << 30
"""A distance that no text has."""
OFFICE_INSIDE = frozenset({"the", "de", "van", "von", "bin", "al"})
"""Small words inside of a title of an office or a name behind it."""
TOLD = frozenset({"said", "says", "added", "wrote", "asked", "replied", "told"})
"""Verbs that open an inverted sentence with a capital ("Said Ann Lee: …")."""
PART = re.compile(r"[^\s]+")
"""A word of a run."""
NICKNAME = re.compile(r"\s[“\"‘'][A-Z][\w’'-]{0,20}(?: [A-Z][\w’'-]{0,20}){0,2}[”\"’']\s")
"""A nickname in marks between two names."""
NAMES_BACK, MOST_FIRST = 3, 3
"""Names back that a nickname may belong to; such a name has fewer words than this."""
ABBREVIATION = 2
"""A word in capitals with more letters is an abbreviation, and no word of grammar."""


@dataclass(slots=True)
class Entity:
    """Someone or something with a name.

    Attributes:
        name: the fullest form of the name.
        parts: its words in lower case, without suffixes.
        person: whether it is a person.
        score: evidence that it is a person; above 0 it is one.
        genders: votes of the text's own words, by ``m`` and ``f``.
        role: the role seen beside it; None when none was.
        count: its mentions.
        full: its mentions by a name of several words.
        last: where the last of these stands so far, in code points.
    """

    name: str
    parts: tuple[str, ...]
    person: bool
    score: float = 0.0
    genders: Counter[str] = field(default_factory=Counter)
    role: str | None = None
    count: int = 0
    full: int = 0
    last: int = -FAR_OFF

    @property
    def gender(self) -> str | None:
        """``m`` or ``f`` where the text's own words say so, never by the name; else None."""
        male, female = self.genders["m"], self.genders["f"]
        if male == female:
            return None
        return "m" if male > female else "f"


@dataclass(slots=True)
class Mention:
    """A name at one place of the text.

    Attributes:
        start: where the name begins, without titles, in code points.
        end: where it ends.
        left: where it begins with its titles.
        parts: the words of the name.
        title: its titles.
        entity: who bears it; None before `NameTable` has linked it.
        quoted: whether it stands inside of a quotation.
        doubtful: whether two people bear it, and nothing says which of them is meant.
    """

    start: int
    end: int
    left: int
    parts: tuple[str, ...]
    title: str
    entity: Entity | None = None
    quoted: bool = False
    doubtful: bool = False


def find_mentions(body: str, lexicon: Lexicon, paragraphs: Sequence[Span]) -> list[Mention]:
    """All names of the body in order, without their entities."""
    found: list[Mention] = []
    grammar: dict[str, bool] = {}
    for span in paragraphs:
        for run in lexicon.run.finditer(body, span.start, span.end):
            text = run.group()
            if " " not in text and "\u00a0" not in text:  # most runs are one word: a name, or the start of a sentence
                known = grammar.get(text)
                if known is None:
                    known = grammar[text] = _is_grammar(text, lexicon)
                if not known:
                    _append(found, Mention(run.start(), run.end(), run.start(), (text,), ""), body)
                continue
            words = [(part.start() + run.start(), part.group()) for part in PART.finditer(text)]
            for mention in _split(words, lexicon):
                _append(found, mention, body)
    return found


def _append(found: list[Mention], mention: Mention, body: str) -> None:
    """Add a mention. A family name behind a first name and a nickname in marks completes that name (Edwin “Tall Ed” Larch)."""
    found.append(mention)
    for first in range(len(found) - 2, max(-1, len(found) - 1 - NAMES_BACK), -1):
        start = found[first]
        if len(start.parts) < MOST_FIRST and not mention.title and NICKNAME.fullmatch(body, start.end, mention.start):
            found[first:] = [Mention(start.start, mention.end, start.left, start.parts + mention.parts, start.title)]
            return


def _split(words: list[tuple[int, str]], lexicon: Lexicon) -> Iterator[Mention]:
    """The names in a run. It is cut at joining words, unless an organisation's name goes on there ("Institute for Peace")."""
    begin, mention = _office(words, lexicon)
    if mention is not None:
        yield mention
    for index, (_, word) in enumerate(words[begin:], begin):
        joins = word[0].islower() and "-" not in word and word not in lexicon.words["particles"]
        if joins and not _goes_on(words[begin:index], word, lexicon):
            mention = _mention(words[begin:index], lexicon)
            if mention is not None:
                yield mention
            begin = index + 1
    mention = _mention(words[begin:], lexicon)
    if mention is not None:
        yield mention


def _office(words: list[tuple[int, str]], lexicon: Lexicon) -> tuple[int, Mention | None]:
    """The name behind a title of an office that opens a run ("Secretary of State Ann Lee"), and the index behind it; 0 without one."""
    known = lexicon.words
    of = next((k for k, (_, word) in enumerate(words) if word == "of"), 0)
    if not of or words[of - 1][1].lower() not in known["all_titles"]:
        return 0, None
    end = next((k for k in range(of + 1, len(words)) if words[k][1][0].islower() and words[k][1] not in OFFICE_INSIDE), len(words))
    first = next((k for k in range(of + 2, end - 1) if words[k][1].lower() in known["first_names"]), end - 2)
    low = [word.lower() for _, word in words[first:end]]
    if first < of + 2 or known["organisations"].intersection(low) or low[0] in known["places"] or words[first][1][0].islower():
        return 0, None
    mention = _mention(words[first:end], lexicon)
    if mention is None:
        return 0, None
    mention.left, mention.title = words[0][0], " ".join(word for _, word in words[:first])
    return end, mention


def _goes_on(words: list[tuple[int, str]], joining: str, lexicon: Lexicon) -> bool:
    if joining == "and" and len(words) == 1:
        return False
    return joining in INSIDE_ORGANISATIONS and bool(words) and bool(
        {word.lower() for _, word in words} & lexicon.words["organisations"]) and words[-1][1].lower() not in lexicon.words["all_titles"]


def _mention(words: list[tuple[int, str]], lexicon: Lexicon) -> Mention | None:
    """The name in a run, without titles, and without words of grammar at its ends; None when nothing remains."""
    words = list(words)
    while words and _is_grammar(words[0][1], lexicon) and not _first_name(words, lexicon):
        words.pop(0)
    if len(words) > 1 and words[0][1].lower() in TOLD:
        words.pop(0)
    while words and ((words[-1][1][0].islower() and "-" not in words[-1][1]) or _is_grammar(words[-1][1], lexicon)):
        words.pop()
    if not words:
        return None
    left = words[0][0]
    cut = _after_titles(words, lexicon)
    title = " ".join(word for _, word in words[:cut])
    rest = words[cut:]
    if not rest:
        return Mention(left, _end(words[-1]), left, tuple(word for _, word in words), "")
    parts = tuple(word for _, word in rest)
    return Mention(rest[0][0], _end(rest[-1]), left, parts, title)


def _end(word: tuple[int, str]) -> int:
    return word[0] + len(word[1])


def _first_name(words: list[tuple[int, str]], lexicon: Lexicon) -> bool:
    """Whether a word of grammar ("Will") is a first name here: a capitalised word follows that is none."""
    if len(words) < 2 or words[0][1].lower() not in lexicon.words["first_names"]:
        return False
    return words[1][1][0].isupper() and not _is_grammar(words[1][1], lexicon)


def _is_grammar(word: str, lexicon: Lexicon) -> bool:
    low = word.lower().rstrip(".")
    grammar = lexicon.words["grammar"]
    if low not in grammar and (low in lexicon.tags or low.replace("’", "'").partition("'")[0] not in grammar):
        return False
    return not (word.isupper() and len(word) > ABBREVIATION)


def _after_titles(words: list[tuple[int, str]], lexicon: Lexicon) -> int:
    """The index behind the last title of the run, 0 when there is none or the run is an organisation's name."""
    cut = 0
    for index, (_, word) in enumerate(words):
        low = word.lower().rstrip(".")
        hard = low in lexicon.words["all_titles"]
        soft = low in lexicon.words["modifiers"] and _first_name_follows(words, index, lexicon)
        if hard or soft:
            cut = index + 1
    rest = [word.lower() for _, word in words[cut:]]
    return 0 if lexicon.words["organisations"].intersection(rest) or any(word == "of" for word in rest[:1]) else cut if rest else 0


def _first_name_follows(words: list[tuple[int, str]], index: int, lexicon: Lexicon) -> bool:
    return index + 2 < len(words) and words[index + 1][1].lower() in lexicon.words["first_names"]
