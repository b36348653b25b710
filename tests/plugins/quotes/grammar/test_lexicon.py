"""The word lists quotations are read by: forms are spelt as they are."""

import tomllib
from pathlib import Path

import pytest

import copydesk_plugins
from copydesk_plugins.quotes.grammar.lexicon import build

DATA = tomllib.loads((Path(copydesk_plugins.__file__).parent / "data" / "quotes_en.toml").read_text("utf-8"))


@pytest.mark.parametrize("form", ["labelled", "labeled", "signalled", "signaled", "marvelled", "deadpanned", "stressed", "deadpanning"])
def test_forms_with_a_doubled_letter(form: str) -> None:
    assert form in build(DATA).verbs


@pytest.mark.parametrize("form", ["deadpaned", "deadpaning"])
def test_forms_nobody_writes(form: str) -> None:
    assert form not in build(DATA).verbs


def test_irregular_forms_belong_to_listed_verbs() -> None:
    assert set(DATA["irregular"]) <= {*DATA["speech"], *DATA["naming"], *DATA["thought"]}


@pytest.mark.parametrize("group", ["speech", "naming", "thought"])
def test_no_verb_stands_twice_in_a_list(group: str) -> None:
    assert len(DATA[group]) == len(set(DATA[group]))
