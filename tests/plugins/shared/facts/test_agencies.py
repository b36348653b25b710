"""News agencies by any form of their names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import fold_text
from copydesk_plugins.shared.facts.agencies import ARTICLE, SUFFIX, Agencies
from copydesk_plugins.shared.facts.loading import load

AGENCIES = Agencies()
NAMES = [form for entry in load("agencies")["agency"] for form in (entry["name"], *entry["names"], *entry["codes"])]


@pytest.mark.parametrize("form", ["{}".format, "the {}".format, "The {} news agency".format, "({})".format, "{}.".format, "—{}".format,
                                  str.upper])
def test_agencies_are_found_in_any_form(form: Callable[[str], str]) -> None:
    for name in NAMES:
        text = form(name)
        folded = fold_text(text.strip(" .,;:()[]—–-/")).removeprefix(ARTICLE).removesuffix(SUFFIX)
        known = {fold_text(each).removeprefix(ARTICLE).removesuffix(SUFFIX) for entry in load("agencies")["agency"]
                 for each in (entry["name"], *entry["names"])}
        assert folded not in known or AGENCIES.full_name(text) is not None, text


@given(st.text(max_size=12))
def test_other_names_are_no_agencies(text: str) -> None:
    assert AGENCIES.full_name(f"Pier {text}") is None
    assert AGENCIES.full_name(f"é{text}") is None
