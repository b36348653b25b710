"""The typed markers: one for each hook, with the arguments and types of its specification, and marks that the core finds."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import pytest

from copydesk import hooks, hookspecs

HOOKS = [name for name, item in vars(hookspecs).items() if hasattr(item, "copydesk_spec")]


def forms(hook: str) -> list[Callable[..., Any]]:
    """The functions that a marker takes."""
    return [form.__call__ for form in get_args(get_type_hints(getattr(hooks, hook))["function"].__bound__)]


def described(function: Callable[..., Any]) -> tuple[dict[str, Any], Any]:
    """The types of a form's arguments, without the plugin itself, and that of its result."""
    types = get_type_hints(function)
    types.pop("plugin", None)
    return types, types.pop("return")


def test_there_is_a_marker_for_each_hook() -> None:
    assert set(hooks.__all__) == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_marker_takes_what_the_specification_says(hook: str) -> None:
    wanted, result = described(getattr(hookspecs, hook))
    first = dict(list(wanted.items())[:1])
    found = [described(form) for form in forms(hook)]
    assert all(returned == result for _, returned in found)
    assert [arguments for arguments, _ in found if arguments != first or arguments == wanted] == [wanted] * 2
    assert {len(arguments) for arguments, _ in found} == {len(wanted), len(first)}
    methods = [form for form in forms(hook) if "plugin" in inspect.signature(form).parameters]
    assert len(methods) * 2 == len(found)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_marker_marks_as_hookimpl_does(hook: str) -> None:
    def function() -> None:
        """Do nothing."""

    function.__name__ = hook
    assert getattr(hooks, hook)(function) is function
    assert function.copydesk_impl["specname"] is None  # type: ignore[attr-defined]  # pluggy puts it there


def test_a_marker_refuses_another_name() -> None:
    with pytest.raises(TypeError, match=r"@hooks\.label_blocks marks a function of that name, not 'label_block'"):
        @hooks.label_blocks
        def label_block(document: hooks.Document) -> list[hooks.Label]:
            return []
