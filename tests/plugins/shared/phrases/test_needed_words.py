"""Rules are looked at only where a word that they need stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk import fold_text, words
from copydesk_plugins.shared.phrases.needed_words import WORD
from copydesk_plugins.shared.phrases.rules import phrases_of
from support.cleaning import LINES


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=60), max_size=6).map(" ".join))
def test_rules_are_looked_at_where_a_word_of_what_they_need_opens_one_of_the_text(text: str) -> None:
    phrases, folded = phrases_of("en", "de"), fold_text(text)
    wanted = set()
    for place, rule in enumerate(phrases.rules):
        for need in rule.needs:
            parts = [f"{word[0]} " if word.end() < len(need) else word[0] for word in WORD.finditer(need)]
            telling = max(parts, key=len) if parts else None
            if need in folded if telling is None else any(f"{word} ".startswith(telling) for word in words(folded)):
                wanted.add(place)
    assert phrases.needs.met(folded) == wanted
