"""Labels fold into verdicts, verdicts into a body and removals; no text is lost or made up."""

from hypothesis import given
from hypothesis import strategies as st

from copydesk import Block, BlockKind, Claim, Image, Label, Metadata, Person, Reason
from copydesk.stages.proposals.verdicts import again, assemble, confidence, decide, not_kept

REASONS = [Reason.ARTICLE, Reason.PAYWALL, Reason.RELATED, Reason.CAPTION]


def blocks(*texts: str) -> list[Block]:
    return [Block(index, BlockKind.PARAGRAPH, text) for index, text in enumerate(texts)]


def test_a_block_without_labels_stays() -> None:
    assert not decide(blocks("One."), [])[0].removed


def test_the_heavier_side_wins() -> None:
    keep, leave = Label(0, Reason.ARTICLE, "a", 0.6), Label(0, Reason.PAYWALL, "p", 0.9)
    assert decide(blocks("One."), [keep, leave])[0].reason == Reason.PAYWALL
    assert not decide(blocks("One."), [keep, Label(0, Reason.PAYWALL, "p", 0.55)])[0].removed


def test_weak_evidence_adds_up_and_the_strongest_reason_is_named() -> None:
    labels = [Label(0, Reason.PAYWALL, "p", 0.3), Label(0, Reason.RELATED, "r", 0.4), Label(0, Reason.RELATED, "s", 0.2)]
    verdict = decide(blocks("One."), labels)[0]
    assert (verdict.removed, verdict.reason, verdict.label.rule) == (True, Reason.RELATED, "r")


def test_evidence_below_one_half_removes_nothing() -> None:
    assert not decide(blocks("One."), [Label(0, Reason.PAYWALL, "p", 0.45)])[0].removed


def test_a_span_is_cut_out_and_recorded() -> None:
    page = blocks("It rained. Read more: floods in the valley")
    verdicts = decide(page, [Label(0, Reason.RELATED, "read-more", 0.9, 11, 42)])
    body, spans, removals = assemble(page, verdicts)
    assert body == "It rained."
    assert [removal.text for removal in removals] == ["Read more: floods in the valley"]
    assert body[spans[0].start:spans[0].end] == body


def test_a_span_whose_content_is_metadata_stays_in_the_text() -> None:
    page = blocks("LONDON (AP) — It rained.")
    body, _, removals = assemble(page, decide(page, [Label(0, Reason.DATELINE, "d", 0.9, 0, 13)]))
    assert body == page[0].text
    assert removals == ()


def test_a_credit_inside_a_paragraph_leaves_only_when_the_metadata_keeps_it() -> None:
    page = blocks("It rained. (Reporting by Ann Example)")
    labels = [Label(0, Reason.CREDIT, "inner", 0.9, 11, 37)]
    verdicts = decide(page, labels)
    kept = Metadata(chosen=(Claim("contributors", (Person("Ann Example"),), "text:credit", blocks=(0,)),))
    assert not_kept(page, verdicts, kept) == {}
    assert assemble(page, verdicts)[0] == "It rained."
    lost = not_kept(page, verdicts, Metadata())
    assert assemble(page, again(verdicts, labels, lost))[0] == page[0].text


def test_a_caption_leaves_only_when_the_metadata_keeps_it() -> None:
    page = blocks("A bridge at dusk.", "It rained.")
    verdicts = decide(page, [Label(0, Reason.CAPTION, "c", 0.9)])
    assert not_kept(page, verdicts, Metadata(images=(Image("A bridge at dusk."),))) == {}
    assert not_kept(page, verdicts, Metadata(chosen=(Claim("images", (Image("Dusk"),), "text:caption", blocks=(0,)),))) == {}
    lost = not_kept(page, verdicts, Metadata())
    assert not again(verdicts, [Label(0, Reason.CAPTION, "c", 0.9)], lost)[0].removed
    still = [Label(0, Reason.CAPTION, "c", 0.9), Label(0, Reason.BOILERPLATE, "b", 0.65)]
    assert again(verdicts, still, lost)[0].reason == Reason.BOILERPLATE


def expected(labels: list[Label], *lengths: int) -> float:
    return confidence(lengths, decide(blocks(*(["One."] * len(lengths))), labels), labels)


def test_confidence_is_the_f1_that_the_chances_lead_to_expect() -> None:
    sure = [Label(0, Reason.ARTICLE, "a", 0.6, chance=1.0), Label(1, Reason.BOILERPLATE, "b", 0.65, chance=0.0)]
    assert expected(sure, 10, 10) == 1.0
    unsure = [Label(0, Reason.ARTICLE, "a", 0.6, chance=0.5), Label(1, Reason.BOILERPLATE, "b", 0.65, chance=0.25)]
    assert expected(unsure, 10, 20) == 2 * 5 / (10 + 5 + 5)
    assert expected([Label(0, Reason.PAYWALL, "p", 0.9)], 10) == 0.0


def test_a_block_removed_for_a_reason_of_its_own_was_hardly_of_the_article() -> None:
    labels = [Label(0, Reason.ARTICLE, "a", 0.6, chance=0.9), Label(1, Reason.ARTICLE, "a", 0.6, chance=0.9)]
    phrase = [*labels, Label(1, Reason.PAYWALL, "p", 0.9)]
    model = [labels[0], Label(1, Reason.BOILERPLATE, "b", 0.65, chance=0.9)]
    assert expected(phrase, 10, 10) > expected(model, 10, 10)


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from([Reason.ARTICLE, Reason.PAYWALL]), st.floats(0.01, 1.0),
                          st.none() | st.floats(0.0, 1.0)), max_size=20))
def test_confidence_is_between_nothing_and_certainty(lines: list[tuple[int, Reason, float, float | None]]) -> None:
    labels = [Label(at, reason, "r", weight, chance=chance) for at, (_, reason, weight, chance) in enumerate(lines)]
    assert 0.0 <= expected(labels, *(length for length, *_ in lines)) <= 1.0


@st.composite
def labelled(draw: st.DrawFn) -> tuple[list[Block], list[Label]]:
    page = blocks(*draw(st.lists(st.text("ab cd.", min_size=1, max_size=20).map(lambda t: "x" + " ".join(t.split())), max_size=6)))
    labels = []
    for _ in range(draw(st.integers(0, 8)) if page else 0):
        block = draw(st.sampled_from(page))
        weight = draw(st.floats(0.01, 1.0))
        start = end = None
        if draw(st.booleans()):
            start = draw(st.integers(0, len(block.text) - 1))
            end = draw(st.integers(start + 1, len(block.text)))
        labels.append(Label(block.index, draw(st.sampled_from(REASONS)), "r", weight, start, end))
    return page, labels


@given(labelled())
def test_every_character_is_in_the_body_or_in_a_removal(case: tuple[list[Block], list[Label]]) -> None:
    page, labels = case
    body, spans, removals = assemble(page, decide(page, labels))
    out = sorted(char for text in [body, *(r.text for r in removals)] for char in text if not char.isspace())
    assert out == sorted(char for block in page for char in block.text if not char.isspace())
    assert "\n\n".join(body[span.start:span.end] for span in spans) == body
