"""Splits a byline into its parts: names with commas, marks or words such as "and" between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from copydesk_plugins.shared.facts.agencies import Agencies
from copydesk_plugins.shared.facts.loading import load

EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A Japanese, Chinese or Korean character."""
EDGES = " ,;:|•·*–—-.\"“”„'’‘«»/\\"
"""Characters that are stripped from the ends of a part."""
_PARTS = re.compile(r"\s{0,5}(?:[|;•·\n\t/]|\s[–—-]\s|\s:\s)\s{0,5}")
"""Marks that always part names."""
_COMMAS = re.compile(r"\s{0,5}[,、，]\s{0,5}")
"""Commas, which part names or belong to one."""
_LAST = re.compile(r"(?:[a-zà-ÿ]{1,5}\s|[A-ZÀ-Þ][a-z]{1,3}\s(?=der\s|den\s|de\s)){0,3}"
                   r"(?:[A-ZÀ-Þ]['’])?[A-ZÀ-Þ][^\W\d_]{1,30}(?:-[A-ZÀ-Þ][^\W\d_]{1,30})?")
"""A last name, maybe with small words such as "van der"."""
_FIRST = re.compile(r"[A-ZÀ-Þ][^\W\d_]{1,30}(?:-[A-ZÀ-Þ][^\W\d_]{1,30})?(?:\s[A-ZÀ-Þ]\.?){0,2}")
"""A first name, maybe with initials."""


class NameParts:
    """Splits bylines."""

    def __init__(self, is_organisation: Callable[[str], bool], looks_like_person: Callable[[str], bool], agencies: Agencies) -> None:
        data = load("bylines")
        self.is_organisation, self.looks_like_person, self.agencies = is_organisation, looks_like_person, agencies
        joins = sorted(map(re.escape, data["joins"]), key=len, reverse=True)
        self._joins = frozenset(data["joins"])
        self._join = re.compile(rf"\s{{1,5}}(?:{'|'.join(joins)})\s{{1,5}}", re.I)
        suffixes, degrees = ("|".join(map(re.escape, data[key])) for key in ("suffixes", "degrees"))
        self._suffix = re.compile(rf",\s?(?P<suffix>(?:{suffixes})\.?)(?!\w)", re.I)
        self._degree = re.compile(rf",\s?(?:{degrees})\.?(?![\w.])")

    def of(self, text: str) -> Iterator[tuple[str, bool]]:
        """The parts of a byline, each with whether it may belong to the name before it. A part behind "and" may not."""
        text = self._degree.sub("", self._suffix.sub(r" \g<suffix>", text)) if "," in text else text
        for piece in _PARTS.split(text):
            commas = [part for part in _COMMAS.split(piece) if part.strip(EDGES)]
            turned = self._turned(piece, commas)
            if turned:
                yield from ((name, False) for name in turned)
                continue
            if len(commas) > 1 and self._is_placed(commas):
                yield commas[0], True
                continue
            for part in commas:
                first, _, rest = part.partition(" ")
                if first in self._joins and rest[:1].isupper():
                    yield from ((piece, False) for piece in self._joined(rest))
                    continue
                yield from ((piece, index == 0) for index, piece in enumerate(self._joined(part)))

    def _turned(self, piece: str, commas: list[str]) -> list[str]:
        """The names of "Miller, Anna", "Miller, Anna, Roe, Mark" or "Miller, Anna and Roe, Mark"; empty for other forms."""
        joined = [_COMMAS.split(part) for part in self._join.split(piece)]
        if len(commas) > 1 and len(joined) > 1 and all(len(pair) == 2 for pair in joined):
            commas = [part for pair in joined for part in pair]
        pairs = list(zip(commas[::2], commas[1::2], strict=False))
        fit = len(commas) % 2 == 0 and bool(pairs) and all(self._is_last_first(*pair) for pair in pairs)
        return [f"{first} {last}" for last, first in pairs] if fit else []

    def _is_placed(self, commas: list[str]) -> bool:
        """Whether one person's name stands in front and single words behind it, as in "Ann Lee, London". These are no names of others."""
        return self.looks_like_person(commas[0]) and not self.is_organisation(commas[0]) and not EAST_ASIAN.search(commas[0]) and all(
            len(part.split()) == 1 and part[:1].isupper() and not self.is_organisation(part) for part in commas[1:]) and (
            len(self._join.split(commas[0])) == 1)

    def _is_last_first(self, last: str, first: str) -> bool:
        """Whether two parts are a last and a first name, as in "Miller, Anna", and neither is an organisation."""
        form = bool(_LAST.fullmatch(last)) and bool(_FIRST.fullmatch(first)) and not last.isupper() and not first.isupper()
        return form and not EAST_ASIAN.search(last + first) and not self.is_organisation(last) and not self.is_organisation(first)

    def _joined(self, text: str) -> Iterator[str]:
        """Split names joined by "and" and the like. A join inside an organisation's name, or between single words of one name, stays."""
        if self.agencies.full_name(text):
            yield text
            return
        pieces = self._join.split(text)
        tight = all(len(piece.split()) == 1 for piece in pieces) and not any(self.is_organisation(piece) for piece in pieces)
        double = len(pieces) == 2 and len(pieces[1].split()) == 1 and re.search(r"\s(?:y|e|i)\s", text) is not None and (
            not self.is_organisation(pieces[1]))  # "Ortega y Gasset" is one name
        yield from [text] if double or (tight and len(pieces) == 2 and not re.search(r"\s(?:&|and|und|et)\s", text)) else pieces
