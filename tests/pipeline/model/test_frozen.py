"""Records that are filled by the setters of their slots are those that the constructor makes."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Block, Label, Page, parse_html
from copydesk.model.frozen import slot_setters
from copydesk.stages.label import _signed_label

WORD = st.text(min_size=1, max_size=8)
PLACE = st.none() | st.integers(0, 9)
LABELS = st.builds(Label, st.integers(0, 50), WORD, WORD, st.floats(0.01, 1.0), PLACE, PLACE, WORD, st.none() | st.floats(0.0, 1.0))


def same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    assert one == other
    assert repr(one) == repr(other)
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == other


@pytest.mark.parametrize("kind", [Label, Block])
def test_there_is_a_setter_for_each_field_in_order(kind: type[Any]) -> None:
    values = [f"value {number}" for number in range(len(fields(kind)))]
    made = object.__new__(kind)
    for set_field, value in zip(slot_setters(kind), values, strict=True):
        set_field(made, value)
    same(made, kind(*values))
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(kind)[0].name, 0)


@given(LABELS, WORD)
def test_a_signed_label_is_the_label_with_the_plugin_s_name(label: Label, plugin: str) -> None:
    same(_signed_label(label, plugin), replace(label, plugin=plugin))


def test_the_blocks_of_a_page_are_those_that_the_constructor_makes() -> None:
    markup = b"<nav><a href='/x'>More</a></nav><article class='a b'><h2>Rain</h2><p><b>It rained.</b></p></article>"
    blocks = parse_html(Page(markup)).blocks
    assert len(blocks) == 3
    for block in blocks:
        same(block, Block(*(getattr(block, field.name) for field in fields(Block))))
