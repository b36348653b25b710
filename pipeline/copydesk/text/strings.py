"""Normalise text: white space, control characters, words, and text made safe for terminals."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0x85),
                         *range(0x86, 0xA0), 0xAD, 0x200B, 0xFEFF, 0x2060])
"""Characters that readers do not see: control characters, soft hyphen, spaces of no width. Tab and line ends are not among them."""
_ANY_UNSEEN = re.compile("[" + "".join(re.escape(chr(code)) for code in _UNSEEN) + "]")
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that change the direction of writing."""
_JOINERS = re.compile("(?<=[\\x20-\\u024f])[\\u200c\\u200d]|[\\u200c\\u200d](?=[\\x20-\\u024f])")
"""Joiners of no width beside Latin letters, where they join nothing."""
_WORD = re.compile(r"\w+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONG_WORD = 12
"""A text with more code points per word token than this is taken for a script without blanks between words."""
_CJK_PER_WORD = 2
"""Chinese, Japanese and Korean characters that count as one word."""


def normalise(text: str) -> str:
    """Put a text on one line: each run of white space becomes one blank, and control characters and invisible ones are removed.

    No-break spaces count as white space.

    >>> normalise(" A\\u00a0fine\\n\\tday\\u200b ")
    'A fine day'
    """
    if not text.isprintable() and _ANY_UNSEEN.search(text):
        text = text.translate(_UNSEEN)
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """The word tokens of a text, as written.

    >>> words("It's 3 p.m.")
    ['It', 's', '3', 'p', 'm']
    """
    return text.encode().translate(_APART).decode().split() if text.isascii() else _WORD.findall(text)


def count_words(text: str) -> int:
    """Count the words of a text. In scripts without blanks between words, two characters count as one word.

    >>> count_words("It's 3 p.m."), count_words("船員たちは金曜日に船を離れた。")
    (5, 7)
    """
    if not text.isascii():
        bare = _MARKS.sub(" ", text)
        if not bare.isascii():
            return _count_wide(text)
        text = bare
    return len(text.encode().translate(_APART).split())


def _count_wide(text: str) -> int:
    found = len(_WORD.findall(text))
    if found * _LONG_WORD < len(text):
        return max(found, len(_CJK.findall(text)) // _CJK_PER_WORD)
    return found


_MARKS = re.compile("[‘’“”–—…]")
_APART = bytes(code if chr(code).isalnum() or chr(code) == "_" else 0x20 for code in range(0x80)) + bytes(0x80)
"""A table for `bytes.translate`: ASCII characters outside words become blanks. This takes a third of the time of a regular expression."""


def fold_text(text: str) -> str:
    """Fold a text for comparison: NFKC, straight quotes and dashes, one blank between words, casefolded.

    >>> fold_text("“Don’t”  Go")
    '"don\\'t" go'
    """
    if text.isascii():
        text = text.replace("`", "'")
    else:
        text = unicodedata.normalize("NFKC", text)
        for written in set(_ANY_FOLDED.findall(text)):  # faster than str.translate, because a text has few of them
            text = text.replace(written, _FOLDED[written])
    if "  " in text or not text.isprintable() or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    return text.casefold()


_FOLDED = {written: folded for folded, all_written in (
    ("'", "‘’‚‛′`´"), ('"', "“”„‟«»″"), ("-", "".join(map(chr, (*range(0x2010, 0x2016), 0x2212)))),
    ("", "".join(map(chr, (0xAD, *range(0x200B, 0x2010), 0xFEFF))))) for written in all_written}
"""By character, what `fold_text` writes instead of it."""
_ANY_FOLDED = re.compile("[" + "".join(_FOLDED) + "]")


def unmarked(text: str) -> str:
    """The text without control characters, invisible characters, and marks that change the direction of writing.

    >>> unmarked("Ana \u202eBrandt\u200f")
    'Ana Brandt'
    """
    if text.isprintable():
        return text
    return _JOINERS.sub("", text.translate(_UNSEEN).translate(_BIDI)).strip()


def inert(text: str) -> str:
    """Make a text safe for terminals: control characters and bidirectional overrides become visible escapes.

    >>> inert("a\\x1b[31mb\\u202ec")
    'a\\\\x1b[31mb\\\\u202ec'
    """
    return "".join(char if char == "\n" or (char.isprintable() and ord(char) not in _BIDI)
                   else char.encode("unicode_escape").decode("ascii") for char in text)
