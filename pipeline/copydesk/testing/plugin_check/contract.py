"""Check what can be checked of a plugin without calling it: signatures, annotations, docstrings."""

from __future__ import annotations

import difflib
import inspect
import typing
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from copydesk import hookspecs
from copydesk.testing.plugin_check.findings import Check, Finding
from copydesk.testing.plugin_check.type_fit import fits, shown
from copydesk.testing.plugin_check.type_names import checker_names

_MARK = f"{hookspecs.PROJECT}_impl"
SPECS: dict[str, Callable[..., object]] = {
    name: item for name, item in vars(hookspecs).items() if hasattr(item, f"{hookspecs.PROJECT}_spec")}
"""The specification of each hook."""
_NO_PARAMETERS = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
"""Kinds of parameters that the core passes nothing to."""
Function = Callable[..., object]


def static_findings(module: ModuleType) -> Iterator[Finding]:
    """Yield what is wrong with the source of a plugin's module."""
    for name, function, arguments in _functions(module):
        if hasattr(function, _MARK):
            yield from _hook_findings(name, function, arguments)
        elif name in SPECS:
            yield Finding(Check.SIGNATURE, "it has a hook's name but is not marked with @copydesk.hookimpl, so nobody calls it", name)
    yield from _docstring_findings(module)


def _functions(module: ModuleType) -> Iterator[tuple[str, Function, list[inspect.Parameter]]]:
    """Yield the functions that may be hooks, with their arguments: those of the class ``Plugin`` if there is one, else of the module."""
    plugin = getattr(module, "Plugin", None)
    for name, item in inspect.getmembers_static(plugin if inspect.isclass(plugin) else module):
        function = item.__func__ if isinstance(item, staticmethod | classmethod) else item
        if not inspect.isfunction(function) or (not inspect.isclass(plugin) and function.__module__ != module.__name__):
            continue
        arguments = list(inspect.signature(function).parameters.values())
        yield name, function, arguments[1:] if inspect.isclass(plugin) and not isinstance(item, staticmethod) else arguments


def _hook_findings(name: str, function: Function, arguments: list[inspect.Parameter]) -> Iterator[Finding]:
    hook = getattr(function, _MARK).get("specname") or name
    if hook not in SPECS:
        close = difflib.get_close_matches(hook, SPECS, 1)
        hint = f"; is {close[0]} meant?" if close else f" (hooks: {', '.join(SPECS)})"
        yield Finding(Check.SIGNATURE, f"there is no such hook{hint}", hook)
        return
    known = inspect.signature(SPECS[hook]).parameters
    passed = f"the core passes {', '.join(known)}" if known else "the core passes none"
    for argument in arguments:
        if argument.kind in _NO_PARAMETERS or argument.name not in known:
            yield Finding(Check.SIGNATURE, f"it takes an argument {argument.name!r}; {passed}", hook)
        elif argument.default is not argument.empty:
            yield Finding(Check.SIGNATURE, f"its argument {argument.name!r} has a default: the core does not pass it then", hook)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield Finding(Check.SIGNATURE, "it is async; the core calls plain functions", hook)
    if not inspect.getdoc(function):
        yield Finding(Check.DOCSTRINGS, "it has no docstring", hook)
    yield from _annotation_findings(hook, function, [argument for argument in arguments if argument.name in known])


def _annotation_findings(hook: str, function: Function, arguments: list[inspect.Parameter]) -> Iterator[Finding]:
    missing = [argument.name for argument in arguments if argument.annotation is argument.empty]
    yield from (Finding(Check.ANNOTATIONS, f"its argument {name!r} has no annotation", hook) for name in missing)
    if inspect.signature(function).return_annotation is inspect.Signature.empty:
        yield Finding(Check.ANNOTATIONS, "its result has no annotation", hook)
    try:
        types = typing.get_type_hints(function, _names(function))
    except Exception as error:  # noqa: BLE001  # an annotation is code of the plugin and may raise any error
        yield Finding(Check.ANNOTATIONS, f"its annotations cannot be read: {type(error).__name__}: {error}", hook)
        return
    wanted = typing.get_type_hints(SPECS[hook])
    for name in (argument.name for argument in arguments if argument.name in types):
        if not fits(wanted[name], types[name]):
            message = f"its argument {name!r} is annotated {shown(types[name])}; the core passes {shown(wanted[name])}"
            yield Finding(Check.ANNOTATIONS, message, hook)
    if "return" in types and not fits(types["return"], wanted["return"]):
        message = f"its result is annotated {shown(types['return'])}; the core takes {shown(wanted['return'])}"
        yield Finding(Check.ANNOTATIONS, message, hook)


def _names(function: Function) -> dict[str, Any]:
    """Return what annotations may name: the names in the function's module, and those that only a type checker sees there."""
    module = inspect.getmodule(function)
    return {**getattr(inspect.unwrap(function), "__globals__", {}), **(checker_names(module) if module else {})}


def _docstring_findings(module: ModuleType) -> Iterator[Finding]:
    if not (module.__doc__ or "").strip():
        yield Finding(Check.DOCSTRINGS, "the module has no docstring")
    for name, item in vars(module).items():
        if not name.startswith("_") and (inspect.isclass(item) or inspect.isfunction(item)) and item.__module__ == module.__name__:
            yield from _undocumented(name, item)


def _undocumented(path: str, item: Any) -> Iterator[Finding]:
    """Yield a finding for a class or function without a docstring, and for each public one inside of it. `_hook_findings` checks hooks."""
    if not hasattr(item, _MARK) and not (item.__doc__ or "").strip():
        yield Finding(Check.DOCSTRINGS, f"{path} has no docstring")
    for name, inner in vars(item).items() if inspect.isclass(item) else ():
        if not name.startswith("_") and (inspect.isclass(inner) or inspect.isfunction(inner)) and inner.__module__ == item.__module__:
            yield from _undocumented(f"{path}.{name}", inner)
