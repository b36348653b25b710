"""Write what is generated: the reference parts of the documentation (field tables, hooks, exit codes, rooms), and the typed markers.

    python docs/generate.py            rewrite the documents between their markers, and pipeline/copydesk/hooks.py
    python docs/generate.py --check    say which are out of date, exit code 1 when one is
"""

from __future__ import annotations

import inspect
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
from hook_markers import TARGET, markers

from copydesk import hookspecs
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk_flows.console.exits import EXIT_CODES  # the documentation describes every package

DOCS = Path(__file__).resolve().parent


def field_table(schema: pa.Schema) -> str:
    """A Markdown table of a schema's fields: name, type, description."""
    lines = ["| field | type | what it holds |", "|---|---|---|"]
    lines += [f"| `{field.name}` | `{field.type}` | {_description(field)} |" for field in schema]
    return "\n".join(lines)


def _description(field: pa.Field) -> str:
    return (field.metadata or {}).get(b"description", b"").decode().replace("|", "\\|")


def hooks() -> Iterator[str]:
    """Names of all hooks, in the order of `copydesk.hookspecs`."""
    return (name for name, item in vars(hookspecs).items() if hasattr(item, f"{hookspecs.PROJECT}_spec"))


def hook_reference() -> str:
    """A section for each hook: signature, mode, docstring."""
    return "\n\n".join(_hook(name) for name in hooks())


def _hook(name: str) -> str:
    function = getattr(hookspecs, name)
    first = getattr(function, f"{hookspecs.PROJECT}_spec")["firstresult"]
    text, _, example = inspect.getdoc(function).partition("\nExample:\n")
    prose = text.strip().replace("``", "`")
    mode = "The first plugin that answers wins." if first else "All plugins are asked."
    return (f"### `{name}`\n\n```text\n{name}{_signature(function)}\n```\n\n{mode} {prose}\n\n"
            f"```pycon\n{inspect.cleandoc(example)}\n```")


def _signature(function: Callable[..., object]) -> str:
    return str(inspect.signature(function)).replace("'", "")



def exit_table() -> str:
    """A Markdown table of the exit codes."""
    return "\n".join(["| code | meaning |", "|---:|---|", *(f"| {code.value} | {text} |" for code, text in EXIT_CODES.items())])


def room_table() -> str:
    """A Markdown table of the rooms, by package: what each is for, and what it may import."""
    rooms = tomllib.loads((DOCS / "rooms.toml").read_text(encoding="utf-8"))["rooms"]
    lines = ["| room | what it is for | may import |", "|---|---|---|"]
    for room in rooms:
        package = room["name"].partition(".")[0]
        inside = (name.removeprefix(f"{package}.") for name in room["may_import"])
        lines.append(f"| `{room['name']}` | {room['what']} | {', '.join(f'`{name}`' for name in inside) or '-'} |")
    return "\n".join(lines)


def parts() -> Mapping[str, Mapping[str, str]]:
    """File, then marker, then the text between ``<!-- begin: marker -->`` and ``<!-- end -->``."""
    return {
        "data.md": {f"fields of {name}": field_table(schema) for name, schema in SCHEMAS.items()},
        "plugins.md": {"hooks": hook_reference()},
        "operations.md": {"exit codes": exit_table()},
        "architecture.md": {"rooms": room_table()},
    }


def filled(text: str, wanted: Mapping[str, str]) -> str:
    """A document with its parts filled in.

    Raises:
        ValueError: a marker is missing.
    """
    for marker, part in wanted.items():
        begin = f"<!-- begin: {marker} -->"
        head, found, rest = text.partition(begin)
        _, ended, tail = rest.partition("<!-- end -->")
        if not found or not ended:
            raise ValueError(f"no {begin} … <!-- end -->")
        text = f"{head}{begin}\n{part}\n<!-- end -->{tail}"
    return text


def stale() -> list[Path]:
    """Documents whose parts differ from the code, and the markers when they do."""
    found = [TARGET] if TARGET.read_text(encoding="utf-8") != markers() else []
    return found + [DOCS / name for name, wanted in parts().items() if filled(_read(name), wanted) != _read(name)]


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def main() -> int:
    """Write, or check."""
    if "--check" in sys.argv[1:]:
        sys.stderr.writelines(f"{path} is out of date: run python docs/generate.py\n" for path in stale())
        return 1 if stale() else 0
    TARGET.write_text(markers(), encoding="utf-8")
    for name, wanted in parts().items():
        (DOCS / name).write_text(filled(_read(name), wanted), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
