"""The weights of the model: how they are summed, stored, and made a confidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk_plugins.label.block_model.element_names import ElementNames
from copydesk_plugins.label.block_model.feature_names import features, place_features
from copydesk_plugins.label.block_model.features import facts
from copydesk_plugins.label.block_model.model import BlockModel, confidence, packed, unpacked
from copydesk_plugins.shared.facts.loading import load
from support.labelled_pages import NAV, STORY, page, paragraphs


def test_every_fact_has_a_name_and_the_score_is_their_sum() -> None:
    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    found = facts(document, ElementNames())
    model, weights = BlockModel.shipped(), unpacked(load("block_model")["first"])
    for at, score in enumerate(model.alone(found)):
        place, rough = found.places[at], found.rough[at]
        names = [*place_features(place, rough)]
        names += [name for number, family in enumerate(found.families[at]) for name in features(number, family)]
        assert score == pytest.approx(sum(weights.get(name, 0.0) for name in ["bias", *names]))


def test_weights_survive_their_file_form() -> None:
    weights = {"bias": -1.25, "kind:1:0:0": 0.5, "n:~text:3@2": -0.07, "n:related:3": 2.0}
    assert unpacked(packed(weights)) == weights


@given(st.lists(st.tuples(st.floats(-50, 50), st.integers(0, 500)), max_size=30))
def test_confidence_is_a_share(blocks: list[tuple[float, int]]) -> None:
    assert 0.0 <= confidence([score for score, _ in blocks], [length for _, length in blocks]) <= 1.0
