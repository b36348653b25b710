"""Claims what kind of page it is (``page_type``) from structured data, meta elements, URL, title and the shape of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from copydesk import BlockKind, Claim, Document, Field, fold_text, hookimpl
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.prose.sentences import sentences
from copydesk_plugins.shared.structured.json_ld_article import own_addresses

_ASIDE = frozenset({"nav", "footer", "aside", "header"})
"""Elements outside of the article."""
_PARTS = re.compile(r" (?:[|–—:·•»-]|::) ")
"""What stands between the parts of a title."""
_SURE, _STRUCTURED, _MARKED, _META, _SHAPE, _GUESS = 5, 10, 15, 20, 30, 50
"""Ranks by kind of evidence; a smaller rank is surer."""
_MOST_TITLE = 200
"""Characters of a title or heading that are looked at."""
_MOST_ARTICLES = 3
"""With more articles in its JSON-LD, a page is a list of them."""
_FRONT_PAGE = 3
"""Times as much text as an article from which on a site's entrance is no list."""
_ALL_LINKED = 0.9
"""Share of a block's characters in links, from which on it is nothing but links."""
_MOST_SEGMENTS = 12
"""Segments of a path that are looked at."""
_SLUG_MARKS, _LONG_NUMBER = 3, re.compile(r"\d{5}")
"""Hyphens or underscores of a story's slug, and a number long enough for a story's."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a page's text is laid out.

    ``words`` counts words of running text, ``plain`` words of all text outside links. ``linked`` counts blocks that are nothing but
    links, ``teasers`` headings among them. ``run`` is the most words of running text between two such headings.
    """

    words: int
    plain: int
    run: int
    teasers: int
    linked: int


class Plugin:
    """Makes claims by ``data/page_types.toml``. A smaller rank is surer: errors 5, JSON-LD 10, URL with shape 15, meta 20, shape 30, 50."""

    def __init__(self) -> None:
        data = load("page_types")
        self._json_ld = {name: kind for kind, names in data["json_ld"].items() for name in names}
        self._og_type = {name: kind for kind, names in data["og_type"].items() for name in names}
        self._url: dict[str, frozenset[str]] = {kind: frozenset(words) for kind, words in data["url"].items()}
        self._error_titles = frozenset(data["error"]["titles"])
        self._error_openings = tuple(data["error"]["openings"])
        self._most_error_words: int = data["error"]["most_words"]
        self._text: dict[str, Any] = data["text"]

    @hookimpl
    def propose_metadata(self, document: Document) -> Iterator[Claim]:
        """A claim for each piece of evidence."""
        yield from self._errors(document)
        if not document.is_html:
            return
        shape = self._shape(document)
        marked = self._marked(document)
        yield from self._structured(marked, shape)
        segments = _segments(document)
        yield from self._by_url(segments, marked, shape)
        yield from self._by_meta(document)
        if _is_paid(document) and shape.words < self._text["article_words"]:
            yield _claim("stub", "json-ld:isAccessibleForFree", _SURE)
        yield from self._by_shape(marked, shape, _names_a_story(segments))

    def _errors(self, document: Document) -> Iterator[Claim]:
        first = document.headings[:2] or document.blocks[:1]
        for evidence, text in [("html:title", document.title), *(("text:heading", block.text) for block in first)]:
            folded = fold_text(text[:_MOST_TITLE])
            parts = {folded.rstrip(".!…"), *(part.strip(" .!…") for part in _PARTS.split(folded))}
            if (parts & self._error_titles or folded.startswith(self._error_openings)) and self._is_short(document):
                yield _claim("error", evidence, _SURE)

    def _is_short(self, document: Document) -> bool:
        most: float = self._text["link_density"]
        words = sum(count for block, count in zip(document.blocks, document.word_counts, strict=True) if block.link_density < most)
        return words <= self._most_error_words

    def _marked(self, document: Document) -> frozenset[str]:
        """The kinds of page that JSON-LD names. More than `_MOST_ARTICLES` articles are a list, and none of them is the page."""
        types = [item.get("@type") for item in document.json_ld]
        names = [name for each in types for name in (each if isinstance(each, list) else [each]) if isinstance(name, str)]
        found = [self._json_ld.get(name.rpartition("/")[2].lower(), "") for name in names]
        return frozenset(kind for kind in found if kind and not (kind == "article" and found.count("article") > _MOST_ARTICLES))

    def _structured(self, marked: frozenset[str], shape: _Shape) -> Iterator[Claim]:
        thin = shape.run < self._text["article_words"]
        for kind in ("live_blog", "article"):
            if kind in marked:
                yield _claim(kind, f"json-ld:{kind}", _STRUCTURED)
        if "article" not in marked and "live_blog" not in marked and thin:
            for kind in ("gallery", "video", "index"):
                if kind in marked:
                    yield _claim(kind, f"json-ld:{kind}", _MARKED)

    def _by_url(self, segments: tuple[str, ...] | None, marked: frozenset[str], shape: _Shape) -> Iterator[Claim]:
        if segments is None:
            return
        thin = shape.run < self._text["article_words"]
        listing = shape.teasers >= self._text["teaser_headings"] or shape.linked >= self._text["linked_blocks"]
        if not segments and listing and shape.run < _FRONT_PAGE * self._text["article_words"]:
            yield _claim("index", "url:front-page", _SURE)
        elif segments and thin and listing and "article" not in marked and set(segments[:-1]) & self._url["index"]:
            yield _claim("index", "url:segment", _MARKED)
        if "article" in marked and not thin:
            return
        for kind, rank in (("live_blog", _META), ("gallery", _MARKED), ("video", _MARKED)):
            if self._names(segments, kind) and (thin or kind == "live_blog"):
                yield _claim(kind, "url:segment", rank)

    def _names(self, segments: Sequence[str], kind: str) -> bool:
        words = self._url[kind]
        last = f"-{segments[-1]}-" if segments else ""
        return bool(words & set(segments)) or any(f"-{word}-" in last for word in words if "-" in word)

    def _by_meta(self, document: Document) -> Iterator[Claim]:
        kind = self._og_type.get((document.first_meta("og:type") or "").lower())
        if kind:
            yield _claim(kind, "meta:og:type", _META if kind == "article" else _GUESS)

    def _by_shape(self, marked: frozenset[str], shape: _Shape, is_story: bool) -> Iterator[Claim]:
        if "article" not in marked and not is_story and shape.run < self._text["article_words"]:
            if shape.teasers >= self._text["teaser_headings"]:
                yield _claim("index", "text:linked-headings", _SHAPE - 1)
            elif shape.plain < self._text["few_words"] and shape.linked >= self._text["teaser_headings"]:
                yield _claim("index", "text:links-only", _SHAPE)
        if shape.run >= self._text["article_words"]:
            yield _claim("article", "text:paragraphs", _SHAPE)
        elif 0 < shape.words < self._text["stub_words"]:
            yield _claim("stub", "text:few-words", _GUESS)

    def _shape(self, document: Document) -> _Shape:
        words = plain = run = longest = teasers = linked = 0
        least: int = self._text["long_words"]
        most: float = self._text["link_density"]
        for block, length, reads in zip(document.blocks, document.word_counts, document.once(sentences), strict=True):
            density = block.link_density
            if density >= _ALL_LINKED:
                linked += 1
                if block.kind is BlockKind.HEADING:
                    teasers += 1
                    run = 0
            elif density < most and _ASIDE.isdisjoint(block.path) and "hidden" not in block.tokens:
                plain += length
                if length >= least and reads:
                    words += length
                    run += length
                    longest = max(longest, run)
        return _Shape(words, plain, longest, teasers, linked)


def _segments(document: Document) -> tuple[str, ...] | None:
    """The path segments of the page's URL, lower case; empty for a front page, None when no URL is known."""
    url = document.page.url or next((url for url, _ in own_addresses(document)), None)
    if not url:
        return None
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    found = tuple(segment for segment in path.lower().split("/") if segment)
    return () if found in {("index.html",), ("index.php",), ("home",)} else found[:_MOST_SEGMENTS]


def _is_paid(document: Document) -> bool:
    """Whether the page's JSON-LD says that it cannot be read for free."""
    return any(str(item.get("isAccessibleForFree")).lower() == "false" for item in document.json_ld)


def _names_a_story(segments: Sequence[str] | None) -> bool:
    """Whether a URL's path ends in a slug of several words or a long number. Paths of stories do, those of sections do not."""
    last = segments[-1] if segments else ""
    return last.count("-") >= _SLUG_MARKS or last.count("_") >= _SLUG_MARKS or bool(_LONG_NUMBER.search(last))


def _claim(kind: str, evidence: str, rank: int) -> Claim:
    return Claim(Field.PAGE_TYPE, kind, evidence, rank)
