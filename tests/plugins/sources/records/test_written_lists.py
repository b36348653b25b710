"""Lists that a record holds as text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Page
from support.records import stated


def byline(authors: object) -> str | None:
    found = stated({"authors": authors})
    assert isinstance(found, Page)
    return dict(found.stated).get("byline")


@pytest.mark.parametrize(("authors", "due"), [
    ("['Anna Miller', 'Li Wei']", "Anna Miller; Li Wei"), ('["Anna Miller","Li Wei"]', "Anna Miller; Li Wei"), ("[]", None), ("['']", None),
    ('["Conan O\'Brien"]', "Conan O'Brien"), ("[{'name': 'Anna Miller'}]", "Anna Miller"), ("['Anna Miller', None]", "Anna Miller"),
    ('["Zo\\u00eb"]', "Zoë"), ("[sic]", "[sic]"), ("['Anna Miller'", "['Anna Miller'"), ("Anna Miller [Paris]", "Anna Miller [Paris]"),
    ("[print(1)]", "[print(1)]"), ("[" * 900 + "]" * 900, None), ("['\\d']", "\\d"), ("[5]", None),
    ("['Anna Miller' 'Li Wei']", "Anna Miller; Li Wei"), ("['Anna Miller'\n 'Li Wei']", "Anna Miller; Li Wei"),
    ("['Anna Miller', nan]", "Anna Miller"),
    ("['Anna Miller' None 'Li Wei']", "Anna Miller; Li Wei"), ("['Anna Miller', null]", "Anna Miller"), ("[nan]", None),
    ("('Anna Miller', 'Li Wei')", "Anna Miller; Li Wei"), ("{'Anna Miller'}", "Anna Miller"), ("set()", None),
    ("array(['Anna Miller', 'Li Wei'], dtype=object)", "Anna Miller; Li Wei"), ("array(['Anna Miller'], dtype='<U11')", "Anna Miller"),
    ("[np.str_('Anna Miller'), np.str_('Li Wei')]", "Anna Miller; Li Wei"),
    ("[list(['Anna Miller']) list(['Li Wei'])]", "Anna Miller; Li Wei"),
    ("[['Anna Miller' 'Li Wei']]", "Anna Miller; Li Wei"), ("(Reuters)", "(Reuters)"), ("(Anna Miller, Paris)", "(Anna Miller, Paris)"),
    ("['Anna'.upper()]", "['Anna'.upper()]"), ("['a'](2)", "['a'](2)"), ("[f'{1}']", "[f'{1}']"), ("{'a': 1}", "{'a': 1}")])
def test_authors_in_a_written_list(authors: str, due: str | None) -> None:
    assert byline(authors) == due


def test_a_very_long_written_list_stays_as_it_is() -> None:
    names = [f"Anna Miller {number}" for number in range(200)]
    assert (byline(str(names)) or "").startswith("['Anna")


NAME = st.text(st.characters(categories=("L", "N"), include_characters=" '-."), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.lists(NAME, min_size=1, max_size=8))
def test_a_written_list_is_the_list(names: list[str]) -> None:
    due = byline(names)
    assert byline(str(names)) == byline(json.dumps(names)) == due
    assert byline(f"[{' '.join(map(repr, names))}]") == byline(f"array({names}, dtype=object)") == byline(str((*names, None))) == due


@given(st.text(st.sampled_from("[]{}'\",\\ab0-*(). #\n\0")).map(lambda text: f"[{text}]"))
def test_any_text_in_brackets_does_no_harm(text: str) -> None:
    assert isinstance(byline(text), str | None)
