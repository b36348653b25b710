"""Fill frozen dataclasses with slots fast: a page has hundreds of blocks and labels.

The constructor of a frozen dataclass sets each field through ``object.__setattr__``. The setters of its slots do the same work in about
half of the time (measured on labels: 0.5 against 0.9 microseconds each).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def slot_setters(kind: type[Any]) -> tuple[Callable[[Any, Any], None], ...]:
    """A setter for each field of a dataclass with slots, in the order of its fields.

    Create the object with ``object.__new__(kind)`` and call all setters before other code sees it. Nothing is checked, and reading a field
    that was not set raises `AttributeError`.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True)
    ... class Point:
    ...     x: int
    ...     y: int
    >>> point = object.__new__(Point)
    >>> for set_field, value in zip(slot_setters(Point), (1, 2), strict=True):
    ...     set_field(point, value)
    >>> point == Point(1, 2)
    True
    """
    return tuple(vars(kind)[name].__set__ for name in kind.__slots__)
