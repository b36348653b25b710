"""Rule files of what was learned: they always load, and hold the texts."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

import copydesk as core
from copydesk import SettingsFile
from copydesk.learning.repeats import Learned, Repeated
from copydesk.learning.rule_file import rule_file, toml_string
from copydesk_plugins.shared.phrases.user_rules import UserRules

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80) | st.sampled_from(
    ['"""', "'''", "\\", '\\"', "\x00\x7f\x85\u2028", "[[rules]]", "a\n[[rules]]\nrule = 1", "# x", "👩‍👩‍👧", "\u202eabc", "\ufeffx"])


@given(st.lists(TEXTS, max_size=5, unique_by=lambda text: core.fold_text(text)), TEXTS)
def test_a_written_file_always_loads_and_holds_the_texts(texts: list[str], dataset: str) -> None:
    texts = [text for text in texts if core.fold_text(text)]
    found = tuple(Repeated("a.example", text, 5, date(2024, 1, 1), None) for text in texts)
    written = "\n".join(rule_file(Learned(found, 9, 0, 5), dataset, 1, datetime(2024, 1, 1, tzinfo=UTC)))
    assert [rule["text"] for rule in tomllib.loads(written).get("rules", [])] == texts
    own = UserRules([SettingsFile("/learned.toml", written.encode())])
    assert set(own.texts.get("a.example", {})) == {core.fold_text(text) for text in texts}


@given(st.text(max_size=50))
def test_strings_are_one_printable_line(text: str) -> None:
    written = toml_string(text)
    assert written.isprintable()
    assert tomllib.loads(f"x = {written}")["x"] == "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
