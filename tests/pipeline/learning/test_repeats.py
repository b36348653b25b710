"""What recurs on a site is learned; what is news is not, though it stands on many pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import copydesk
from copydesk import Dataset, SettingsError
from copydesk.learning import repeats
from support.object_server import S3
from support.small_dataset import said, speaking
from support.tiny_desk import desk, put

FOOTER = "The Harbour Post is printed on the quay."
PLACES = ("bridge", "pier", "school", "market", "church", "station", "library", "theatre", "mill", "tower", "park", "ferry")


def own(number: int, count: int = 4) -> list[str]:
    """Paragraphs that no other article has."""
    return [f"At the {place} the council counted {number * 100 + at} visitors in May, and {number * 7 + at} of them came by boat."
            for at, place in enumerate(PLACES[:count])]


def dataset(folder: Path, sites: Mapping[str, Sequence[Sequence[str]]]) -> Dataset:
    """A dataset of articles given by their paragraphs."""
    for site, articles in sites.items():
        for number, paragraphs in enumerate(articles):
            put(folder / "in", f"{site}/{number:04}.txt", "\n".join([f"Headline {number}", f"url https://{site}/{number}", *paragraphs]))
    copydesk.run([folder / "in"], folder / "out", desk(folder))
    return copydesk.open_dataset(folder / "out")


def learned(made: Dataset, **options: float) -> dict[tuple[str, str], int]:
    found = repeats.learn(made, **options)  # type: ignore[arg-type]  # options of learn
    return {(each.site, each.text): each.pages for each in found.found}


def test_what_recurs_on_one_site_is_learned_and_nothing_of_the_others(tmp_path: Path) -> None:
    made = dataset(tmp_path, {
        "a.example": [[*own(number), FOOTER] for number in range(6)],
        "b.example": [[*own(number + 50), FOOTER] for number in range(4)],
        "c.example": [own(number + 90) for number in range(6)]})
    assert learned(made) == {("a.example", FOOTER): 6}
    assert learned(made, min_pages=7) == {}
    assert learned(made, min_pages=4) == {("a.example", FOOTER): 6, ("b.example", FOOTER): 4}
    assert learned(made, min_pages=2, site="b.example") == {("b.example", FOOTER): 4}  # type: ignore[arg-type]  # options of learn
    with pytest.raises(SettingsError, match=r"no article of 'd.example'"):
        repeats.learn(made, site="d.example")


def test_spellings_of_one_text_count_together(tmp_path: Path) -> None:
    spelt = [FOOTER, FOOTER.upper(), FOOTER.replace(" ", "\u00a0"), FOOTER, FOOTER, FOOTER]
    assert list(learned(dataset(tmp_path, {"a.example": [[*own(n), text] for n, text in enumerate(spelt)]})).values()) == [6]


def test_several_footers_are_learned_beside_enough_text_of_an_article(tmp_path: Path) -> None:
    lines = [FOOTER, "Letters to the Post are welcome.", "The Post is a member of the press board."]
    made = dataset(tmp_path, {"a.example": [[*own(n), *lines] for n in range(6)]})
    assert {text for _, text in learned(made)} == set(lines)


def test_copies_and_updates_of_an_article_teach_nothing(tmp_path: Path) -> None:
    """One agency's story under eight addresses, each with a paragraph of its own."""
    made = dataset(tmp_path, {"a.example": [[*own(0, 8), *own(n, 1)] for n in range(1, 9)]})
    assert learned(made) == {}


def test_few_copies_of_few_articles_are_no_many_articles(tmp_path: Path) -> None:
    """Two articles, each under three addresses, share a paragraph: two articles, not six."""
    made = dataset(tmp_path, {"a.example": [[*own(n % 2), FOOTER] for n in range(6)]})
    assert learned(made) == {}
    assert learned(made, min_pages=3) == {}


def test_a_long_paragraph_has_to_recur_the_more_often(tmp_path: Path) -> None:
    background = " ".join(f"The trial of the harbour master, which began in week {n}, goes on in the town hall." for n in range(6))
    made = dataset(tmp_path, {"a.example": [[*own(n, 12), background] for n in range(12)],
                              "b.example": [[*own(n + 50, 12), background] for n in range(25)]})
    assert len(background) // repeats.LENGTH_STEP == 3
    assert learned(made) == {("b.example", background): 25}


def test_a_line_inside_articles_has_to_recur_the_more_often(tmp_path: Path) -> None:
    def articles(count: int, first: int) -> list[list[str]]:
        return [[*own(n)[:2], "No arrests were made.", *own(n)[2:]] for n in range(first, first + count)]

    made = dataset(tmp_path, {"a.example": articles(14, 0), "b.example": articles(15, 50)})
    assert learned(made) == {("b.example", "No arrests were made."): 15}


def test_a_share_of_the_pages_of_a_site_can_be_asked_for(tmp_path: Path) -> None:
    made = dataset(tmp_path, {"a.example": [[*own(n), *[FOOTER] * (n < 6)] for n in range(12)]})
    assert learned(made, min_share=0.5) == {("a.example", FOOTER): 6}
    assert learned(made, min_share=0.51) == {}


def test_what_is_no_word_or_too_long_is_not_learned(tmp_path: Path) -> None:
    long = "The Harbour Post is printed on the quay, and has been so for many years. " * 30
    made = dataset(tmp_path, {"a.example": [["* * *", *own(n, 12), "2024", long.strip()] for n in range(80)]})
    assert len(long) > 2_000
    assert learned(made) == {}


def test_an_article_that_is_nothing_but_what_recurs_does_not_count(tmp_path: Path) -> None:
    made = dataset(tmp_path, {"a.example": [[*own(0), FOOTER]] * 9})
    assert learned(made) == {}


@pytest.mark.parametrize("cells", [1, 1_024])
def test_memory_is_bounded_by_giving_up_what_is_rare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    """With few cells and room for a handful of paragraphs the most frequent one is still found; with no cells to speak of it is told."""
    sites = {"a.example": [[*own(n), *[FOOTER] * (n % 4 > 0)] for n in range(60)]}
    made = dataset(tmp_path, sites)
    exact = learned(made)
    assert exact == {("a.example", FOOTER): 45}
    monkeypatch.setattr(repeats, "CELLS", cells)
    monkeypatch.setattr(repeats, "MOST_HELD", 9_000)
    if cells == 1:
        with pytest.raises(copydesk.DatasetError, match="look at one site at a time"):
            repeats.learn(made, min_pages=2)
        return
    found = repeats.learn(made, min_pages=2)
    assert found.least > 2
    assert [each.text for each in found.found] == [FOOTER]
    assert 30 <= found.found[0].pages <= 45, "an article whose own paragraphs are taken for others' does not count"


def test_the_same_is_learned_there(server: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CACHE_DIR", str(tmp_path / "cache"))
    for number in range(6):
        put(tmp_path / "in", f"{number}.txt", said(number, f"Bridge {number} is the {number}th in town and was built by hand, too."))
    url = f"s3://{server.bucket()}/news"
    for output in (tmp_path / "out", url):
        copydesk.run([tmp_path / "in"], output, speaking(tmp_path))
    here, there = (repeats.learn(copydesk.open_dataset(where), 2) for where in (tmp_path / "out", url))
    assert here == there
    assert (here.articles, len(here.found)) == (6, 1)
