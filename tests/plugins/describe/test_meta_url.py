import pytest

from copydesk import Field
from copydesk_plugins.describe.meta_url import Plugin
from support.metadata_pages import html, scrape, values

PLUGIN = Plugin()
STORY = "Storm closes harbor bridge\n\nThe bridge was closed on Monday after a storm, the city said.\n\n"


@pytest.mark.parametrize(("path", "day"), [
    ("/2024/10/18/storm", "2024-10-18"), ("/World/2024/1018/storm", "2024-10-18"), ("/news/20241018/storm", "2024-10-18"),
    ("/news/2024-10-18-storm.html", "2024-10-18"), ("/2024/oct/18/storm", "2024-10-18"), ("/2024/1/5/storm", "2024-01-05"),
    ("/2024/02/31/storm", None), ("/2024/1399/storm", None), ("/storm-1234567890", None), ("/2024/10/storm", None),
    ("/?d=/2024/10/18/", None), ("/2024/october/18/storm", "2024-10-18"), ("/18-oct-2024/storm", "2024-10-18"),
    ("/18/10/2024/storm", "2024-10-18"), ("/storm-18-10-2024.html", "2024-10-18"), ("/04/04/2024/storm", "2024-04-04"),
    ("/03/04/2024/storm", None), ("/10/18/2024/storm", None), ("/2024.10.18/storm", "2024-10-18"), ("/storm.20241018", "2024-10-18"),
    ("/storm-2024-10-18", "2024-10-18"), ("/years-after-1995-04-19-attack", None), ("/31-02-2024/storm", None),
])
def test_date_in_path(path: str, day: str | None) -> None:
    found = Plugin().date_in_path(f"https://example.com{path}")
    assert (found.local if found else None) == day


def test_announced_address_of_a_scrape() -> None:
    page = scrape(f"{STORY}Read this article online\nhttps://paper.example/2024/1018/weather-and-traffic\n\n"
                  "Subscribe today\nhttps://paper.example/subscribe")
    assert [value for value, _ in values(PLUGIN, page, Field.CANONICAL_URL)] == ["https://paper.example/2024/1018/weather-and-traffic"]
    dates = values(PLUGIN, page, Field.DATE_PUBLISHED)
    assert [(value.local, evidence.endswith(":path")) for value, evidence in dates] == [("2024-10-18", True)]  # type: ignore[attr-defined]


def test_address_that_shares_words_with_the_headline() -> None:
    page = scrape(f"{STORY}https://paper.example/a/storm-closes-bridge")
    assert len(values(PLUGIN, page, Field.CANONICAL_URL)) == 1


@pytest.mark.parametrize("tail", ["Subscribe: https://paper.example/offer", "https://paper.example/",
                                  "See https://other.example/report for the report.",
                                  "Read this article at http://127.0.0.1/storm-bridge"])
def test_other_addresses_are_not_the_pages_own(tail: str) -> None:
    assert values(PLUGIN, scrape(STORY + tail), Field.CANONICAL_URL) == []


def test_addresses_in_html_text_make_no_claim() -> None:
    assert values(PLUGIN, html(body="<p>Read this article at https://paper.example/storm-bridge</p>"), Field.CANONICAL_URL) == []


FAR, NEAR = "https://elsewhere.example/2019/01/01/storm", "https://home.example/2024/10/18/storm"


@pytest.mark.parametrize(("fetched", "canonical", "og", "wanted"), [
    ("https://home.example/a", FAR, NEAR, ["2024-10-18"]), ("https://home.example/a", FAR, "", []),
    (None, FAR, NEAR, []), (None, NEAR, NEAR, ["2024-10-18"])])
def test_only_own_addresses_date_a_page(fetched: str | None, canonical: str, og: str, wanted: list[str]) -> None:
    head = f'<link rel="canonical" href="{canonical}"><meta property="og:url" content="{og}">'
    found = values(Plugin(), html(head, url=fetched), Field.DATE_PUBLISHED)
    assert [value.local for value, _ in found] == wanted  # type: ignore[attr-defined]
