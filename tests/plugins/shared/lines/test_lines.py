"""Lines that say who, when and where: dates, bylines, credits, credits of images, datelines, names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk_plugins.shared.lines.lines import BYLINE_WORDS, CREDIT_WORDS, Lines, _short
from copydesk_plugins.shared.prose import sentences

LINES = Lines()


@pytest.mark.parametrize(
    "text",
    [
        "Published Oct. 18, 2024",
        "Updated 5 hours ago",
        "3 min read",
        "Nov. 19, 2019 8:03 am ET",
        "Sat 2 Mar 2024 17.00 CET",
        "13/06/2014",
        "Stand: 18.10.2024, 09:30 Uhr",
        "Publié le 3 mai 2024 à 14h20",
        "Posted: Fri 6:45 PM, Feb 16, 2018",
    ],
)
def test_date_lines(text: str) -> None:
    assert LINES.is_date(text)


@pytest.mark.parametrize(
    "text", ["March on the capital", "Sunday roast", "1984", "May", "Mark May 5 in your diary", "In May 2024 it rained.", "Five days"]
)
def test_no_date_lines(text: str) -> None:
    assert not LINES.is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Ann Example",
        "BY ANN EXAMPLE AND BO LUND",
        "Bo Lund, Staff writer",
        "The Associated Press",
        "Reuters Staff",
        "Von Anna Beispiel",
        "Ann Example - Nov 19, 2019, 10:31 pm",
        "By Ann Example | Quay Media",
        "Par Jeanne de la Tour",
        "Story by Ann Example • 3h ago",
        "Ann Example in Oost and Bo Lund in Rome",
        "From our own correspondent in Oost",
        "Staff and wire reports",
        "From wire services",
        "By the Quay Post Editorial Board",
        "ANN EXAMPLE Staff Reporter ann@quaypost.example",
        "By Ann Example, Associated Press",
    ],
)
def test_bylines(text: str) -> None:
    assert LINES.is_byline(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Monday, the river had risen.",
        "By the time help came it was over.",
        "By 2030 Europe wants none",
        "Lund said, as a reporter looked on.",
        "Von der Küste kommt kein Schiff mehr",
        "Ann Example",
        "Quay Post Press Correspondent",
        "By the River Thames",
        "The agency",
        "Fire in Oost and flood in Rome",
        "PA",
    ],
)
def test_no_bylines(text: str) -> None:
    assert not LINES.is_byline(text)


@pytest.mark.parametrize(
    "text",
    [
        "This story was reported by The Associated Press. AP writer Bo Lund in Oslo contributed to this report.",
        "Reporting by Bo Lund",
        "(Reporting by Bo Lund in Oslo; Editing by Ann Example)",
        "With files from The Canadian Press",
        "(c) AFP",
        "Additional reporting by Bo Lund",
        "Associated Press writers Bo Lund in Oslo and Ann Example in Rome contributed to this report.",
        "With inputs from agencies",
        "— AP",
        "This report contains material from AFP and Reuters.",
        "With AFP, dpa",
    ],
)
def test_credits(text: str) -> None:
    assert LINES.is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "The senator contributed to the bill and later regretted it.",
        "This report by the auditor was damning.",
        "AP Moller, the shipping group, ordered twelve tankers.",
        "Reporting by the numbers is hard.",
        "Source: File",
        "This report contains three errors.",
    ],
)
def test_no_credits(text: str) -> None:
    assert not LINES.is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bo Lund/Sputnik/AP/File",
        "Photo: Bo Lund",
        "(AP Photo/Bo Lund)",
        "Bo Lund | Getty Images",
        "Image Credit: Quay Media",
        "REUTERS/Bo Lund/File Photo",
        "Illustration by Ann Example",
        "Getty Images",
        "(Bo Lund / Quay Post)",
        "© Bo Lund",
        "Bo Lund/NurPhoto",
    ],
)
def test_image_credits(text: str) -> None:
    assert LINES.is_image_credit(text)


@pytest.mark.parametrize(
    "text", ["Photo finish in the derby", "Reuters reported on Monday.", "Credit Suisse falls again", "Image is all, he says.",
             "By Bo Lund, Associated Press", "With AFP, dpa", "© Quay Post Media"]
)
def test_no_image_credits(text: str) -> None:
    assert not LINES.is_image_credit(text)


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("LONDON (AP) — Police", "LONDON (AP) — "),
        ("BERLIN, Oct 18 (Reuters) - The", "BERLIN, Oct 18 (Reuters) - "),
        ("(Reuters) - The", "(Reuters) - "),
        ("SALEM, Ore. (AP) — The", "SALEM, Ore. (AP) — "),
        ("LONDON (Associated Press) — Police", "LONDON (Associated Press) — "),
        ("VIENNA — The", "VIENNA — "),
        ("The man - who", ""),
        ("He (AP) - x", ""),
    ],
)
def test_dateline_at_the_start(text: str, dateline: str) -> None:
    assert text[: LINES.dateline_end(text)] == dateline


@pytest.mark.parametrize(("text", "name"), [("Ann Example", True), ("Jean de la Tour", True), ("Middle East", False), ("World News", False),
                                            ("Ann", False), ("Ann example", False), ("May 2024", False), ("Staff Writer", False)])
def test_names_and_sections(text: str, name: bool) -> None:
    assert LINES.is_person(text) is name


@given(st.text(max_size=200) | st.sampled_from([" ".join("a" * n) for n in (27, 28, 29, 79, 80, 81)]))
def test_short_lines_are_short_by_their_words(text: str) -> None:
    for most in (BYLINE_WORDS, CREDIT_WORDS):
        assert _short(text, most) == _short(text, most, sentences.count_words(text)) == (sentences.count_words(text) <= most)
