"""Reads lists that Python, numpy, pandas or JSON wrote into a text, as happens to a column of lists in a CSV file."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from collections.abc import Iterator

MOST_WRITTEN = 2_000
"""Characters of a text; longer ones are not looked into."""
_BEGIN = re.compile(r"(?:[A-Za-z_]\w{0,20}\(\s{0,20})?[\[({)]")
"""How such a list begins."""
_DTYPE = re.compile(r",\s{0,100}dtype=[\w'<>|]{1,20}(?=\s{0,8}\))")
"""The type that numpy and pandas write behind the items."""
_KINDS = frozenset({"array", "list", "tuple", "set", "frozenset", "Index", "str_", "float64"})
"""Names that are written around a value, as in ``array([…])`` and ``np.str_('…')``."""
_MODULES = frozenset({"np", "numpy", "pd", "pandas"})
"""Modules that may stand before such a name."""
_NOTHING = frozenset({"nan", "NaN", "NaT", "NA", "null", "None"})
"""Words for a missing value."""
_LAYOUT = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})
"""Tokens that only lay out the text."""
_FAILURES = (ValueError, SyntaxError, TypeError, tokenize.TokenError, MemoryError, RecursionError)
"""What json, ast and tokenize raise for a text that is no list."""


def written_list(text: str) -> list[object] | None:
    """The list, tuple or set written in a text, inner ones as lists too; None when there is none, or the text is too long.

    Commas may be missing, as in numpy's arrays. Words for a missing value (``nan``, ``null`` …) become None.

    >>> written_list("['Anna Miller' 'Li Wei']"), written_list("{'Anna Miller', nan}"), written_list("(Reuters)")
    (['Anna Miller', 'Li Wei'], ['Anna Miller', None], None)
    """
    text = text.strip()
    if len(text) > MOST_WRITTEN or not _BEGIN.match(text) or text[-1] not in "])}":
        return None
    for read in (json.loads, _of_python):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python warns of unknown escapes in literals
                found = read(text)
        except _FAILURES:
            continue
        return found if isinstance(found, list) else None
    return None


def _of_python(text: str) -> object:
    return _plain(ast.parse(" ".join(_parted(_DTYPE.sub("", text))), mode="eval").body)


def _parted(text: str) -> Iterator[str]:
    """The tokens of a text without the names around values, and with the commas that are missing between items."""
    depth, behind = 0, False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        word = token.string
        if token.type in _LAYOUT or word in _KINDS or word in _MODULES or word == ".":
            continue
        closes = word in ("]", ")", "}")
        begins = token.type in (tokenize.STRING, tokenize.NAME, tokenize.NUMBER) or word in ("[", "(", "{", "...")
        if begins and behind and depth:
            yield ","
        depth += (word in ("[", "(", "{")) - closes
        behind = closes or (begins and word not in ("[", "(", "{"))
        yield "None" if word in _NOTHING else word


def _plain(node: ast.expr) -> object:
    """The value of a literal.

    Raises:
        ValueError: it is none.
    """
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_plain(each) for each in node.elts]
    if isinstance(node, ast.Dict):
        return {ast.literal_eval(key): _plain(value) for key, value in zip(node.keys, node.values, strict=True) if key is not None}
    return ast.literal_eval(node)
