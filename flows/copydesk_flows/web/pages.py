"""Make pages for the browser. A page is one file and loads nothing; text from outside cannot become mark-up or script.

The templates are in ``templates/``. Everything that a template prints is escaped, and invisible characters are made visible (`visible`). A
content security policy lets the browser run only the page's own script.
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
"""Zero-width joiners, which some scripts and emoji need."""


def visible(text: str) -> str:
    """Replace control characters, bidirectional marks and other invisible characters by readable escapes.

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
    """Return what a template prints for a value: mark-up unchanged, text with `visible`, None as nothing."""
    if value is None:
        return ""
    return visible(value) if type(value) is str else value


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the environment of templates, made on first use. It always escapes, and an undefined name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("copydesk_flows"), autoescape=True, undefined=StrictUndefined, finalize=_printed,
                       trim_blocks=True, lstrip_blocks=True)


def render(template: str, style: str, script: str, values: dict[str, object]) -> str:
    """Make a page from templates. The page contains its style and its script, and its policy allows them by their hashes.

    Args:
        template: the template of the page.
        style: the template of its style, which gets no values.
        script: the template of its script, which gets no values.
        values: the values that the page's template prints.
    """
    from markupsafe import Markup

    pages = environment()
    css, code = (pages.get_template("base.css").render() + pages.get_template(style).render()), pages.get_template(script).render()
    policy = (f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(code)}; img-src data:; "
              "base-uri 'none'; form-action 'none'")
    return pages.get_template(template).render(css=Markup(css), code=Markup(code), policy=policy, **values)  # noqa: S704  # from the package's own templates


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def save(page: str, to: str) -> None:
    """Write a page to a file, completely or not at all; ``-`` is standard output.

    Raises:
        DatasetError: the file cannot be written.
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
    """Return the file name, in the current folder, of a page about a file, a folder or an object."""
    name = source.rstrip("/").rpartition("/")[2]
    return f"{name if name not in {'', '.', '..', '-'} else 'copydesk'}.{what}.html"
