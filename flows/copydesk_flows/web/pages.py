"""Pages that people open in a browser: one file, nothing fetched, and text from outside is only text.

Templates lie in ``templates/``. Whatever a template prints is escaped, and shows what cannot be seen (`visible`); a content security
policy lets a browser run this page's own script and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk import DatasetError, inert
from copydesk.operations import replace_file
from copydesk_flows.console.exits import emit, say

if TYPE_CHECKING:
    from jinja2 import Environment

_JOINERS = "\u200c\u200d"


def visible(text: str) -> str:
    """Text for a page: control characters, bidirectional marks and other unseen ones become escapes that can be read.

    Blanks of all widths stay, and the joiners that some scripts and emoji need.

    >>> visible("a\\u202eb\\u00a0c\\x1b[2J")
    'a\\\\u202eb\\xa0c\\\\x1b[2J'
    """
    return text if text.isprintable() else "".join(char if _is_shown(char) else _escape(char) for char in text)


def _is_shown(char: str) -> bool:
    return char.isprintable() or char == "\n" or char in _JOINERS or unicodedata.category(char) == "Zs"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _printed(value: object) -> object:
    """What a template prints: mark-up of its own as it is, text visible, None as nothing."""
    if value is None:
        return ""
    return visible(value) if type(value) is str else value


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, made on first use: escaping is always on, and a name that is not there is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("copydesk_flows"), autoescape=True, undefined=StrictUndefined, finalize=_printed,
                       trim_blocks=True, lstrip_blocks=True)


def render(template: str, style: str, script: str, values: dict[str, object]) -> str:
    """A page from a template, with its style and script inside it, which its policy names by their hashes.

    ``style`` and ``script`` are names of templates too, which get no text from outside.
    """
    from markupsafe import Markup

    pages = environment()
    css, code = (pages.get_template("base.css").render() + pages.get_template(style).render()), pages.get_template(script).render()
    policy = (f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(code)}; img-src data:; "
              "base-uri 'none'; form-action 'none'")
    return pages.get_template(template).render(css=Markup(css), code=Markup(code), policy=policy, **values)  # noqa: S704  # ours


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def save(page: str, to: str) -> None:
    """Write a page to a file, whole or not at all; ``-`` is standard output.

    Raises:
        DatasetError: it cannot be written there.
    """
    if to == "-":
        emit(page, "utf-8")
        return
    try:
        replace_file(Path(to), page.encode("utf-8"))
    except OSError as error:
        raise DatasetError(f"cannot write {to}: {error.strerror or error}") from error
    say(f"wrote {inert(to)}: open it in a browser")


def beside(source: str, what: str) -> str:
    """The name of a page about a file, a folder or an object, in the current folder."""
    name = source.rstrip("/").rpartition("/")[2]
    return f"{name if name not in {'', '.', '..', '-'} else 'copydesk'}.{what}.html"
