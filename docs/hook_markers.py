"""Write ``pipeline/copydesk/hooks.py``, the typed markers, from the specifications in `copydesk.hookspecs`. docs/generate.py calls it."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from copydesk import hookspecs

TARGET = Path(__file__).resolve().parents[1] / "pipeline/copydesk/hooks.py"
LINE = 140
HEAD = '''"""A typed marker for each hook: what ``@copydesk.hookimpl`` does, and type checkers hold the function against the hook.

``@hooks.label_blocks`` above a function of that name, or above a method of a class ``Plugin``, marks it. mypy and pyright then refuse
a wrong type of an argument, an argument that the hook does not have, and a wrong type of what is returned. The function names all of
the hook's arguments, or the first alone.

This file is generated from `copydesk.hookspecs` by ``python docs/generate.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

'''
TAIL = '''

def _marked(function: F, hook: str) -> F:
    name = getattr(function, "__name__", "")
    if name != hook:
        raise TypeError(f"@hooks.{hook} marks a function of that name, not {name!r}")
    return hookimpl(function)
'''


def markers() -> str:
    """The text of hooks.py."""
    specs = [item for item in vars(hookspecs).values() if hasattr(item, f"{hookspecs.PROJECT}_spec")]
    parts = [HEAD + "\n".join(_imports(specs)), "", _all(specs), "",
             'F = TypeVar("F", bound=Callable[..., object])', '"""Any function: what a marker gives back is what it was given."""', ""]
    for spec in specs:
        parts += [form for name, told, arguments in _forms(spec) for form in ("", _protocol(spec, name, told, arguments))]
    parts += ["", *(_variable(spec) for spec in specs)]
    parts += [marker for spec in specs for marker in ("", "", _marker(spec))]
    return "\n".join(parts) + "\n" + TAIL


def _imports(specs: Sequence[Callable[..., object]]) -> Iterator[str]:
    """The imports of the types that the specifications name."""
    named = {word for spec in specs for text in inspect.get_annotations(spec).values() for word in re.findall(r"[A-Z]\w+", text)}
    by_module = defaultdict[str, list[str]](list)
    for word in sorted(named):
        module = getattr(vars(hookspecs).get(word), "__module__", "")
        if module.startswith("copydesk."):
            by_module[module].append(word)
    by_module["copydesk.hookspecs"].append("hookimpl")
    for module in sorted(by_module):
        yield f"from {module} import {', '.join(sorted(by_module[module]))}"


def _all(specs: Sequence[Callable[..., object]]) -> str:
    names = sorted(spec.__name__ for spec in specs)
    return "__all__ = [\n" + "".join(f'    "{name}",\n' for name in names) + "]"


def _class(spec: Callable[..., object]) -> str:
    """``label_blocks`` -> ``LabelBlocks``."""
    return "".join(word.capitalize() for word in spec.__name__.split("_"))


def _forms(spec: Callable[..., object]) -> Iterator[tuple[str, str, Sequence[inspect.Parameter]]]:
    """The signatures that an implementation may have: name of the class, its docstring, its arguments."""
    arguments = list(inspect.signature(spec).parameters.values())
    several = len(arguments) > 1
    all_of = " with all of its arguments" if several else ""
    for kind, word in (("", "function"), ("Method", "method")):
        yield f"{_class(spec)}{kind}", f"A {word} of the hook ``{spec.__name__}``{all_of}.", arguments
        if several:
            yield f"{_class(spec)}First{kind}", f"A {word} of the hook ``{spec.__name__}`` with its first argument alone.", arguments[:1]


def _protocol(spec: Callable[..., object], name: str, told: str, arguments: Sequence[inspect.Parameter]) -> str:
    given = ["self"] + (["plugin: Any", "/"] if name.endswith("Method") else []) + (["*"] if arguments else [])
    given += [f"{each.name}: {each.annotation}" for each in arguments]
    result = inspect.signature(spec).return_annotation
    return f'class {name}(Protocol):\n    """{told}"""\n\n    def __call__({", ".join(given)}) -> {result}: ...\n'


def _variable(spec: Callable[..., object]) -> str:
    forms = [name for name, _, _ in _forms(spec)]
    start = f'{_class(spec)}Hook = TypeVar("{_class(spec)}Hook",'
    line = f"{start} bound={' | '.join(forms)})"
    return line if len(line) <= LINE else f"{start}\n{' ' * (start.index('(') + 1)}bound={' | '.join(forms)})"


def _marker(spec: Callable[..., object]) -> str:
    name, hook = spec.__name__, f"{_class(spec)}Hook"
    return (f'def {name}(function: {hook}) -> {hook}:\n    """Mark an implementation of the hook ``{name}``.\n\n'
            f'    Raises:\n        TypeError: the function has another name.\n    """\n    return _marked(function, "{name}")')
