"""Compare annotations as a type checker would, as far as the annotations of hooks need it."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin


def fits(given: Any, wanted: Any) -> bool:
    """Tell whether every value of type ``given`` is also of type ``wanted``. `Any` fits every type, in both places.

    >>> from collections.abc import Iterable, Iterator
    >>> fits(Iterator[int], Iterable[int] | None), fits(Iterable[str], Iterable[int])
    (True, False)
    """
    given, wanted = _plain(given), _plain(wanted)
    if given is Any or wanted is Any or wanted is object:
        return True
    if _is_union(given):
        return all(fits(each, wanted) for each in get_args(given))
    if _is_union(wanted):
        return any(fits(given, each) for each in get_args(wanted))
    return _is_kind(given, wanted) and _items_fit(given, wanted)


def shown(kind: Any) -> str:
    """Return an annotation as people write it."""
    kind = _plain(kind)
    if kind is NoneType:
        return "None"
    if _is_union(kind):
        return " | ".join(shown(each) for each in get_args(kind))
    arguments = ", ".join("..." if each is Ellipsis else shown(each) for each in get_args(kind))
    name = getattr(get_origin(kind) or kind, "__name__", str(kind))
    return f"{name}[{arguments}]" if arguments else name


def _plain(kind: Any) -> Any:
    return NoneType if kind is None else kind


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


def _is_kind(given: Any, wanted: Any) -> bool:
    given, wanted = get_origin(given) or given, get_origin(wanted) or wanted
    try:
        return issubclass(given, wanted)
    except TypeError:
        return bool(given == wanted)


def _items_fit(given: Any, wanted: Any) -> bool:
    """Tell whether the items of a container fit. A container that does not say what it holds fits."""
    wanted_items, given_items = get_args(wanted), _items(given)
    if not wanted_items or not given_items:
        return True
    return all(fits(each, wanted_items[0]) for each in given_items)


def _items(kind: Any) -> tuple[Any, ...]:
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(each for each in arguments if each is not Ellipsis)
    return arguments[:1]  # of a generator, the type that it yields
