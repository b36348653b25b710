"""Whether some content is HTML by its first characters. Shared by web archives and records."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk_plugins._data import load

LOOKED_AT = 8_192
"""How many characters are looked at: what a page may have in declarations and comments before its first tag."""
_BLANK = " \t\r\n\x0c\ufeff\u200b\xa0"
"""What may stand before an opening, byte order marks and blanks of no width among it."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BEHIND = frozenset(" \t\r\n\x0c/>")
_BEFORE = {"<?xml": "?>", "<!--": "-->"}


@dataclass(frozen=True, slots=True)
class Markup:
    """The openings of HTML that ``media_types.toml`` lists, in lower case."""

    openings: tuple[str, ...]

    @classmethod
    def of(cls, fragments: bool = False) -> Markup:
        """From the data file; with ``fragments`` also the tags that a piece of a page begins with."""
        sniff = load("media_types")["sniff"]
        return cls((*sniff["openings"], *(sniff["fragments"] if fragments else ())))

    def opens(self, content: str | bytes) -> bool:
        """Whether content opens as HTML, behind a byte order mark, blanks, XML declarations and comments.

        A comment is HTML by itself, but behind an XML declaration: that may be of any kind of XML.

        >>> markup = Markup.of()
        >>> [markup.opens(each) for each in ("<?xml version='1.0'?><!-- a --><HTML lang=en>", "\\ufeff <p>a", "<pre-tax>", "<?xml?><rss>")]
        [True, True, False, False]
        """
        head = content[:LOOKED_AT]
        if isinstance(head, bytes):
            head = head.decode("utf-16" if head.startswith(_UTF_16) else "utf-8", "replace")
        head = head.lstrip(_BLANK).lower()
        if not head.startswith("<"):
            return False
        rest = _past(head)
        if any(rest.startswith(each) and rest[len(each):len(each) + 1] in _BEHIND for each in self.openings):
            return True
        return head.startswith("<!--")


def _past(head: str) -> str:
    """What stands behind declarations and comments; nothing where one does not end."""
    while end := next((end for begin, end in _BEFORE.items() if head.startswith(begin)), ""):
        head = head.partition(end)[2].lstrip(_BLANK)
    return head
