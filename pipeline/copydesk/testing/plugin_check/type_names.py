"""Find the names that only a type checker sees in a module: its imports and definitions under ``if TYPE_CHECKING:``."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any

from copydesk.plugins.discovery import FAILURES

_FLAG = "TYPE_CHECKING"
Names = dict[str, Any]


def checker_names(module: ModuleType) -> Names:
    """Return the names that mean something else, or exist only, for a type checker, with their objects. Imports that fail are left out.

    >>> import copydesk.model.plugin_table
    >>> sorted(checker_names(copydesk.model.plugin_table))
    ['pa']
    """
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError, SyntaxError):  # a module without a source
        return {}
    given = vars(module)
    names = dict(given)
    _run(_for_checkers(tree.body), names)
    return {name: item for name, item in names.items() if name not in given or given[name] is not item}


def _for_checkers(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the ``if`` statements of a module and its classes that test ``TYPE_CHECKING``."""
    for each in body:
        if isinstance(each, ast.If) and _FLAG in ast.unparse(each.test):
            yield each
        elif isinstance(each, ast.If | ast.Try | ast.ClassDef):
            yield from _for_checkers([*each.body, *getattr(each, "orelse", ())])


def _run(body: Iterable[ast.stmt], names: Names) -> None:
    """Run statements one by one, with ``TYPE_CHECKING`` set. A statement that fails is skipped."""
    for each in body:
        with suppress(*FAILURES):
            if isinstance(each, ast.If):
                test = compile(ast.fix_missing_locations(ast.Expression(_Flagged().visit(each.test))), "<for type checkers>", "eval")
                _run(each.body if eval(test, names) else each.orelse, names)  # noqa: S307  # the plugin's code runs anyway
            elif isinstance(each, ast.Try):
                _run(each.body, names)
            else:
                exec(compile(ast.Module([each], []), "<for type checkers>", "exec"), names)  # noqa: S102  # the same


class _Flagged(ast.NodeTransformer):
    """Replaces ``TYPE_CHECKING`` and ``typing.TYPE_CHECKING`` by True."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(value=True) if node.id == _FLAG else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return ast.Constant(value=True) if node.attr == _FLAG else self.generic_visit(node)
