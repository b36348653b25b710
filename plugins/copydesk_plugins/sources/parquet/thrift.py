"""Reads Thrift's compact protocol within bounds. Parquet's footer and page headers are written in it.

We read what we need of them ourselves. At some damaged values (an unknown codec, a histogram of the wrong size) pyarrow's accessors end
the process instead of raising. https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEPTH = 12
"""Levels of structs and lists; a footer has fewer."""
MOST_KEPT = 1_000_000
"""Items of lists that are kept: a column chunk of a footer counts as two."""
BOOLEANS, BYTE, INTEGERS, DOUBLE, BINARY, LISTS, MAP, STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 11, 12
"""The protocol's numbers for types."""
NIBBLE, LOW_NIBBLE = 4, 0x0F
"""One byte holds two numbers of 4 bits: a type, and a size or the distance to the field before."""
LONG_LIST = 15
"""In place of a list's size: the size follows as a number."""
VARINT_BITS, VARINT_MASK, VARINT_MORE = 7, 0x7F, 0x80
"""A number comes in groups of 7 bits, the lowest first; the top bit says that another follows."""
MOST_VARINT_BITS = 70
"""The bits of ten groups: as many as a number of 64 bits takes."""
DOUBLE_BYTES = 8
"""Bytes of a floating-point number."""

Value = int | bytes | list["Value"] | dict[int, "Value"]
Wanted = Mapping[int, "Wanted"]
"""The numbers of the fields to keep, each with those to keep inside of it."""


@dataclass(slots=True)
class ThriftReader:
    """Reads structs. It keeps the wanted fields and passes over all others.

    Data that runs over the end raises IndexError, data that is no Thrift ValueError.

    Attributes:
        data: the bytes to read.
        at: offset of the next byte.
        kept: items of lists kept so far.
    """

    data: bytes
    at: int = 0
    kept: int = 0

    def struct(self, wanted: Wanted, depth: int = DEPTH) -> dict[int, Value]:
        """The wanted fields of a struct by their numbers. Fields that are true or false are left out."""
        found: dict[int, Value] = {}
        field = 0
        while True:
            head = self.data[self.at]
            self.at += 1
            if head == 0:
                return found
            field = field + (head >> NIBBLE) if head >> NIBBLE else self._signed()
            inner = wanted.get(field)
            value = self._value(head & LOW_NIBBLE, inner, depth, inside=False)
            if inner is not None and value is not None:
                found[field] = value

    def _number(self) -> int:
        found = 0
        for shift in range(0, MOST_VARINT_BITS, VARINT_BITS):
            byte = self.data[self.at]
            self.at += 1
            found |= (byte & VARINT_MASK) << shift
            if byte < VARINT_MORE:
                return found
        raise ValueError("a number of more than 64 bits")

    def _signed(self) -> int:
        found = self._number()
        return (found >> 1) ^ -(found & 1)

    def _value(self, kind: int, wanted: Wanted | None, depth: int, inside: bool) -> Value | None:
        if depth == 0:
            raise ValueError("nested too deep")
        if kind in INTEGERS:
            return self._signed()
        if kind == STRUCT:
            return self.struct(wanted or {}, depth - 1)
        if kind == BINARY:
            return self._bytes(self._number())
        if kind in LISTS:
            return self._list(wanted, depth)
        if kind in BOOLEANS:
            self._bytes(int(inside))
        elif kind in (BYTE, DOUBLE):
            self._bytes(1 if kind == BYTE else DOUBLE_BYTES)
        elif kind == MAP:
            self._map(depth)
        else:
            raise ValueError(f"no type of Thrift: {kind}")
        return None

    def _list(self, wanted: Wanted | None, depth: int) -> list[Value]:
        """The items of a list; none when the list is passed over."""
        head = self.data[self.at]
        self.at += 1
        count = head >> NIBBLE if head >> NIBBLE < LONG_LIST else self._number()
        if count > len(self.data):
            raise IndexError("a list that runs over the end")
        if wanted is None:
            for _ in range(count):
                self._value(head & LOW_NIBBLE, None, depth - 1, inside=True)
            return []
        self.kept += count
        if self.kept > MOST_KEPT:
            raise ValueError(f"more than {MOST_KEPT} items")
        values = (self._value(head & LOW_NIBBLE, wanted, depth - 1, inside=True) for _ in range(count))
        return [value for value in values if value is not None]

    def _map(self, depth: int) -> None:
        count = self._number()
        if count:
            kinds = self.data[self.at]
            self.at += 1
            for _ in range(count):
                self._value(kinds >> NIBBLE, None, depth - 1, inside=True)
                self._value(kinds & LOW_NIBBLE, None, depth - 1, inside=True)

    def _bytes(self, size: int) -> bytes:
        begin = self.at
        self.at += size
        if self.at > len(self.data):
            raise IndexError("a string that runs over the end")
        return self.data[begin:self.at]


def whole(struct: Mapping[int, Value], field: int, absent: int = 0) -> int:
    """The whole number in a field of a struct; ``absent`` when there is none."""
    value = struct.get(field)
    return value if isinstance(value, int) else absent


def structs(struct: Mapping[int, Value], field: int) -> list[dict[int, Value]]:
    """The structs in a list field of a struct; none when there is no such list."""
    value = struct.get(field)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inner(struct: Mapping[int, Value], field: int) -> dict[int, Value]:
    """The struct in a field of a struct, empty when there is none."""
    value = struct.get(field)
    return value if isinstance(value, dict) else {}
