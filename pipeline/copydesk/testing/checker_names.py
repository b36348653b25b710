"""Names that a plugin's module imports for its type checker alone, under ``if TYPE_CHECKING:``."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from contextlib import suppress
from types import CodeType, ModuleType
from typing import Any


def checker_names(module: ModuleType) -> dict[str, Any]:
    """The names by what they stand for. An import that fails gives none, as it would in a type checker.

    >>> import copydesk.plugin_table
    >>> sorted(checker_names(copydesk.plugin_table))
    ['Article', 'pa']
    """
    names = dict(vars(module))  # relative imports are resolved by the names that a module has of itself
    before = set(names)
    for code in _imports(module):
        with suppress(Exception):
            exec(code, names)  # noqa: S102  # of a plugin that is run anyway
    return {name: item for name, item in names.items() if name not in before}


def _imports(module: ModuleType) -> Iterator[CodeType]:
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError):  # a module without a source
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING":
            for each in node.body:
                if isinstance(each, ast.Import | ast.ImportFrom):
                    yield compile(ast.Module([each], []), "<for type checkers>", "exec")
