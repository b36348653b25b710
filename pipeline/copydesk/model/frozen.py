"""Fill frozen, slotted dataclasses fast, for the two kinds of record that a page has by the hundred.

The constructor of a frozen dataclass sets each field through ``object.__setattr__``. The setters of its slots do the same work in about
half of the time (measured on labels: 0.5 against 0.9 microseconds each).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def slot_setters(kind: type[Any]) -> tuple[Callable[[Any, Any], None], ...]:
    """A setter for each field of a slotted dataclass, in the order of its fields.

    Use them on what ``object.__new__(kind)`` gives, all of them, before anybody else sees the object: nothing is checked, and a field
    that is left out is an `AttributeError` later.

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
