"""Tells what a short line on a news page is: byline, date, credit, image credit, caption or a note on the author.

The vocabulary is ``data/furniture.toml``. All patterns are bounded. Lines beyond `MOST_LENGTH` characters are none of these.
"""

from __future__ import annotations

import re
from functools import lru_cache

from copydesk import fold_text
from copydesk_plugins.shared.facts.agencies import Agencies
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.lines.template_marks import Marks
from copydesk_plugins.shared.phrases.pattern_lists import Patterns
from copydesk_plugins.shared.phrases.rules import compile_bounded
from copydesk_plugins.shared.prose import sentences

MOST_LENGTH = 1200
"""Characters of the longest line that is looked at."""
BYLINE_WORDS = 28
CREDIT_WORDS = 80
IMAGE_CREDIT_WORDS = 18
CAPTION_WORDS = 90
BIO_WORDS = 120
"""Most words of a line of each kind."""
DATE_WORDS = 22
"""Most words, and characters, of a line that says when."""
MOST_DATE = 160
MOST_AGENCY, MOST_BYLINE, MOST_NAMED, MOST_OPENING = 80, 250, 80, 20
"""Characters of an agency's name, of a byline, of one in capitals or with a mail address, and of a "By" alone."""
MOST_DATED_NAME, MOST_LISTED = 8, 12
"""Words of a name before a date, and of a name with a role behind a comma."""
MOST_NAME_PARTS, MOST_ROLE, MOST_NAME, MOST_TITLED = 5, 5, 6, 14
"""Words of a person's name, of a role, of any name, and of a line of names with a role."""
SOME, MOST, ALL = 0.6, 0.75, 0.99
"""Share of a line's words that must be capitalised to be names: behind "By", before a date, without such a sign."""
FEW_WORDS = 4
"""With fewer words a date needs no figure."""
CAPTION_END, CREDIT_END, DATELINE_HEAD = 220, 160, 160
"""Characters at a caption's end, or a paragraph's start, that are searched."""
DIGIT = re.compile(r"\d")
LETTERS = re.compile(r"[^\W\d_]{1,40}")
CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?[ap]\.?m\b", re.I)
NUMERIC_DATE = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})(?:\b|T)")
DATE_TAIL = re.compile(r"^(?P<name>[^\d|•·]{3,80}?)[\s,|•·–—-]{1,5}"
                       r"(?P<date>(?:[A-Za-zÀ-ÿ.]{3,12} )?\d{1,2}.{2,60}|(?:[A-Z][a-z]{2,9}\.?,? ){1,2}\d.{2,60})$")
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,30}){1,4}")
SENTENCE_BREAK = re.compile(r"[.!?)”\"] {1,2}(?=\S)")
BETWEEN = re.compile("[|•·–—-]")
PIECES = re.compile(r" ?[|•·] ?| [–—-] ")
NAME_WORD = re.compile(r"[A-ZÀ-Þ][\w'’.-]{0,30}|[|/&,@]")
DATELINE_SHAPE = r"""
    (?:[A-ZÀ-Þ][A-ZÀ-Þ'’.-]{1,25}(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ'’.-]{0,25}){0,4}             # LONDON, SAN JOSE
       (?:,\ (?:[A-Z][\w.]{1,15}(?:\ [A-Z][\w.]{1,15}){0,2}))?                      # , Calif.
       |[A-ZÀ-Þ][\w'’-]{2,20}(?:\ [A-ZÀ-Þ][\w'’-]{2,20}){0,2}                       # Paris, before (AFP)
        (?=(?:,\ [A-Z][a-z]{2,8}\.?\ \d{1,2})?\ \((?:<agency>)\)|[:,]?\ \((?:<agency>)\)))
    (?:,\ (?:[A-Z][a-z]{2,8}\.?\ \d{1,2}|\d{1,2}\ [A-Z][a-z]{2,8}\.?)(?:,\ \d{4})?)? # , Oct 18
    (?:,?\ ?[(/](?:<agency>)(?:[/,]\ ?[\w\ .]{1,30})?[)/])?                          # (AP)
    \ ?(?:[-–—]{1,2}|:)\ """
AGENCY_DATELINE = r"""\((?:<agency>)\)\ ?(?:[-–—]{1,2}|:)?\ """


class Lines:
    """Recognises lines by shape and vocabulary. An instance never changes. Callers that know a text's word count pass it as ``count``."""

    def __init__(self) -> None:
        data = load("furniture")
        dates, names = data["dates"], data["names"]
        self.agencies = Agencies()
        agencies = rf"(?:[Tt]he\ )?(?:{self.agencies.name_pattern}|{self.agencies.code_pattern})"
        sources = "|".join([*(re.escape(name) for name in sorted(data["images"]["sources"], key=len, reverse=True)), agencies])
        self.calendar = frozenset(dates["months"]) | frozenset(dates["weekdays"])
        self.date_words = self.calendar | frozenset(dates["around"])
        self.telling = frozenset(dates["telling"])
        self.particles = frozenset(names["particles"])
        self.not_alone = frozenset(names["not_alone"])
        self.not_names = frozenset(names["not_names"])
        openings = "|".join(re.escape(word) for word in sorted(names["by"], key=len, reverse=True))
        self.by = re.compile(rf"(?:{openings})[: ]{{1,3}}(?=\S)", re.I)
        self.role = re.compile("|".join(rf"\b{re.escape(role)}s?\b" for role in names["roles"]), re.I)
        set_lines = "|".join(f"(?:{line})" for line in names["lines"]).replace("<name>", names["word"])
        self.byline_lines = compile_bounded(set_lines, "furniture, names")
        self.credits = Patterns(data["credits"]["lines"], {"agency": agencies}, "furniture, credits")
        self.image_credits = Patterns(data["images"]["credits"], {"agency": sources}, "furniture, images")
        self.no_pictures = compile_bounded(data["images"]["openings_of_text_credits"], "furniture, images")
        self.caption_ends = Patterns(data["images"]["caption_ends"], {}, "furniture, images")
        self.caption_words = compile_bounded(data["images"]["caption_words"], "furniture, caption_words")
        self.bios = Patterns(data["bios"]["lines"], {}, "furniture, bios")
        self.dateline = re.compile(DATELINE_SHAPE.replace("<agency>", agencies), re.X)
        self.agency_dateline = re.compile(AGENCY_DATELINE.replace("<agency>", agencies), re.X)
        self.marks = Marks(data["markup"])

    def is_date(self, text: str) -> bool:
        """Whether a line says when, and nothing else."""
        first = LETTERS.search(text) if len(text) <= MOST_DATE else None
        if len(text) > MOST_DATE or (first and first[0].casefold() not in self.date_words):
            return False
        tokens = [token.casefold() for token in LETTERS.findall(text)]
        if len(tokens) > DATE_WORDS or not all(token in self.date_words for token in tokens):
            return False
        tells = bool(CLOCK.search(text) or NUMERIC_DATE.search(text)) or any(token in self.telling for token in tokens)
        day = any(token in self.calendar for token in tokens) and (any(char.isdigit() for char in text) or len(tokens) == 1)
        digits = any(char.isdigit() for char in text)
        return (tells and (digits or len(tokens) < FEW_WORDS)) or (day and digits)

    def opens_byline(self, text: str) -> bool:
        """Whether a line opens as a byline does ("By X"), or is an agency's name. This is the cheap part of `is_byline`."""
        return bool(self.by.match(text)) or (len(text) <= MOST_AGENCY and self.agencies.full_name(text) is not None)

    def is_byline(self, text: str) -> bool:
        """Whether a line names who wrote: "By X", "X, Staff Writer", an agency alone, "X | 3 May 2024"."""
        text = text.strip(" |•·-–—*")
        if not text or len(text) > MOST_BYLINE or not _short(text, BYLINE_WORDS):
            return False
        if len(text) <= MOST_AGENCY and text not in self.not_alone and self.agencies.full_name(
                text.removesuffix(" Staff").removesuffix(" staff")):
            return True
        if self._is_set_byline(text):
            return True
        pieces = PIECES.split(text) if BETWEEN.search(text) else ()
        if len(pieces) > 1 and self.is_date(" ".join(pieces[1:])) and self.is_byline(pieces[0]):
            return True
        if len(pieces) > 1 and self.by.match(pieces[-1]) and self.is_date(" ".join(pieces[:-1])):
            return self.is_byline(pieces[-1])
        opening = self.by.match(text)
        if opening:
            return self._is_names(text[opening.end():], SOME)
        dated = DATE_TAIL.match(text) if DIGIT.search(text) else None
        if dated and self.is_date(dated["date"]) and len(dated["name"].split()) <= MOST_DATED_NAME:
            return self._is_names(dated["name"], MOST) and not sentences.ends_sentence(dated["name"])
        head, comma, rest = text.partition(",")
        listed = comma and not text.endswith(".") and sentences.count_words(text) <= MOST_LISTED
        return bool(listed and self.role.search(rest)) and self._is_names(head, ALL)

    def _is_set_byline(self, text: str) -> bool:
        """Whether a line is one of the set forms ("From our correspondent in Rome"), or a name with role and mail address."""
        if self.byline_lines.fullmatch(text):
            return True
        if "@" not in text and not text.partition(" ")[0].isupper():
            return False
        bare = MAIL.sub("", text).strip(" ,|")
        role = next(self.role.finditer(bare, bare.find(" ")), None) if len(bare) <= MOST_NAMED else None
        name = bare[:role.start()].strip(" ,|-–") if role else ""
        told = len(bare) < len(text) or (name.isupper() and not bare.isupper())
        return told and self.is_role(bare[len(name):]) and self.is_person(name)

    def is_person(self, text: str) -> bool:
        """Whether a line has the shape of a person's name and no word of sections and menus. Only its place can make that sure."""
        parts = text.split()
        plain = [part for part in parts if part not in self.particles]
        return len(plain) >= 2 and len(parts) <= MOST_NAME_PARTS and plain[0] == parts[0] and all(
            NAME_WORD.fullmatch(part) and part[:1].isalpha() and not any(char.isdigit() for char in part)
            and part.strip(".").casefold() not in self.not_names | self.calendar for part in plain) and not self.role.search(text)

    def is_lone_name(self, text: str) -> bool:
        """Whether a line is a name, or a name and a place ("Ann Marsh in Rome")."""
        name, _, place = text.partition(" in ")
        return self.is_person(name) and (not place or place.istitle())

    def is_role(self, text: str) -> bool:
        """Whether a line of up to five words ends in what someone does ("Rural affairs correspondent")."""
        parts = text.strip(" ,|-–").split()
        return 1 <= len(parts) <= MOST_ROLE and bool(self.role.fullmatch(parts[-1]) or self.role.fullmatch(" ".join(parts[-2:])))

    def is_byline_opening(self, text: str) -> bool:
        """Whether a line is only the "By" of a byline whose names stand on the next line."""
        word = text.strip(" :")
        found = self.by.match(f"{word} x") if len(text) <= MOST_OPENING else None
        return found is not None and found.end() > len(word)

    def is_name(self, text: str) -> bool:
        """Whether a line of up to six words is capitalised as a name is."""
        return 2 <= len(text.split()) <= MOST_NAME and not sentences.ends_sentence(text) and self._is_names(text, ALL)

    def _is_names(self, text: str, share: float) -> bool:
        """Whether at least ``share`` of the words are capitalised, as in names. A calendar word in front is no name ("By Monday …")."""
        tokens = [token for token in text.split() if token.strip(".,|")]
        if not tokens or tokens[0].strip(".,").casefold() in self.calendar or not NAME_WORD.match(tokens[0]):
            return False
        counted = [token for token in tokens if token.strip(".,").casefold() not in self.particles and not token[0].isdigit()]
        capital = sum(bool(NAME_WORD.match(token)) for token in counted)
        return capital >= share * len(counted) or (bool(self.role.search(text)) and len(tokens) <= MOST_TITLED and not text.endswith("."))

    def is_credit(self, text: str, count: int | None = None) -> bool:
        """Whether a block says which agency or colleagues it comes from."""
        return _short(text, CREDIT_WORDS, count) and self.credits.hit(text)

    def is_image_credit(self, text: str, count: int | None = None) -> bool:
        """Whether a line names who made a picture, and nothing else."""
        if not _short(text, IMAGE_CREDIT_WORDS, count) or self.no_pictures.match(text):
            return False
        return self.image_credits.hit(text) or (
            text.startswith("©") and self.is_person(text[1:].partition("/")[0].strip()))

    def ends_with_image_credit(self, text: str, count: int | None = None) -> bool:
        """Whether a block reads as a caption with its credit at the end."""
        return _short(text, CAPTION_WORDS, count) and self.caption_ends.hit(text, max(0, len(text) - CAPTION_END))

    def ends_with_agency(self, text: str) -> bool:
        """Whether a text ends in an agency's name alone in brackets. That signs a picture, or the story.

        >>> lines = Lines()
        >>> lines.ends_with_agency("The pier at noon. (Reuters)"), lines.ends_with_agency("The pier at noon. (Reuters/Bo Lund)")
        (True, False)
        """
        head, bracket, last = text.rstrip(" .").rpartition("(")
        return bool(head and bracket) and last.endswith(")") and self.agencies.full_name(last) is not None

    def credit_start(self, text: str) -> int:
        """Where the image credit at the end of a caption begins; 0 when there is none.

        >>> Lines().credit_start("The pier at noon. Photo: Bo Lund/AFP")
        18
        """
        if not _short(text, CAPTION_WORDS):
            return 0
        first = max(0, len(text) - CREDIT_END)
        for match in SENTENCE_BREAK.finditer(text, first):
            if self.is_image_credit(text[match.end():]):
                return match.end()
        start = min(self.caption_ends.starts(text, first), default=0)
        return start + len(text[start:]) - len(text[start:].lstrip(" .!?,”\"")) if start else 0

    def speaks_as_caption(self, text: str) -> bool:
        """Whether a block uses the turns of captions ("(left)", "is seen", "in this file photo")."""
        return _short(text, CAPTION_WORDS) and bool(self.caption_words.search(fold_text(text)))

    def is_bio(self, text: str, count: int | None = None) -> bool:
        """Whether a block reads as a note on its author. Only its place can make that sure."""
        return _short(text, BIO_WORDS, count) and self.bios.hit(text)

    def dateline_end(self, text: str) -> int:
        """How many characters at the start of a paragraph are its dateline; 0 without one."""
        head = text[:DATELINE_HEAD]
        found = self.dateline.match(head) or self.agency_dateline.match(head)
        return found.end() if found else 0


@lru_cache(1)
def lines_of() -> Lines:
    """The one reader of lines that several plugins share."""
    return Lines()


def _short(text: str, most: int, count: int | None = None) -> bool:
    """Whether a text has at most ``most`` words. One of few characters has: between two words stands at least one character."""
    size = len(text)
    return size < 2 * most or (size <= MOST_LENGTH and (sentences.count_words(text) if count is None else count) <= most)
