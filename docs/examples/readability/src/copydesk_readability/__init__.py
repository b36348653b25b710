"""The table ``readability``: how hard each article is to read, by its LIX.

LIX is the number of words a sentence plus the percentage of words of more than six letters (C. H. Björnsson, "Läsbarhet", Stockholm 1968).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyarrow as pa

import copydesk
from copydesk import Article, Table

LONG = 7
"""Letters from which on a word is a long one."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
END = re.compile(r"[.!?:…]+(?=[\s\"'”’»)]|$)")
UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages that set no blanks between words."""
SCHEMA = pa.schema([
    pa.field("article_id", pa.string(), nullable=False),
    pa.field("lix", pa.float64(), metadata={"description": "Words a sentence plus the percentage of words of over six letters."}),
    pa.field("sentences", pa.int32(), metadata={"description": "Sentences in the body."}),
    pa.field("words", pa.int32(), metadata={"description": "Words in the body: runs of letters."}),
    pa.field("long_words", pa.int32(), metadata={"description": "Words of over six letters."}),
])


def counts(text: str) -> tuple[int, int, int]:
    """Sentences (each line has one at least), words, and words of over six letters.

    >>> counts("The pier was closed. Engineers inspected it.")
    (2, 7, 2)
    """
    lines = [line for line in text.splitlines() if WORD.search(line)]
    words = WORD.findall(text)
    return sum(max(1, len(END.findall(line))) for line in lines), len(words), sum(len(word) >= LONG for word in words)


def rows(article: Article) -> Iterator[Mapping[str, object]]:
    """The row of an article; none when it has no words, or its language sets them without blanks."""
    sentences, words, long_words = counts(article.body)
    if words and (article.metadata.in_language or "") not in UNSPACED:
        yield {"article_id": article.article_id, "lix": words / sentences + 100 * long_words / words, "sentences": sentences,
               "words": words, "long_words": long_words}


@copydesk.hookimpl
def tables() -> list[Table]:
    """The table ``readability``."""
    return [Table("readability", SCHEMA, rows)]
