from __future__ import annotations

import pytest

from copydesk import Block, BlockKind, Document, Field, MediaType, Page, Pipeline, Status, parse_html
from copydesk_plugins.describe.page_type import Plugin
from support.metadata_pages import html, values

TEXT = ("The ferry company said on Friday that its two oldest boats would be sold before the summer and that nobody would lose a job. "
        "Unions answered that they had heard the same promise in four other years, and asked to see the contracts of the crews. ")
STORY = f"<h1>Ferry company sells boats</h1><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p>"
TEASERS = "".join(
    f"<h2><a href=/{n}>Headline of story {n}</a></h2><p>Something happened in town {n} on the same morning, and people were surprised.</p>"
    for n in range(12))


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def best(source: str, url: str | None = None) -> str | None:
    claims = list(Plugin().propose_metadata(parse_html(Page(source.encode(), url=url))))
    return str(min(claims, key=lambda claim: claim.rank).value) if claims else None


@pytest.mark.parametrize(("source", "url", "kind"), [
    (STORY, None, "article"),
    (STORY, "https://a.example/", "article"),
    (json_ld('{"@type": "NewsArticle"}') + "<p>Brief.</p>", "https://a.example/news/1", "article"),
    ('<meta property="og:type" content="article"><p>Brief.</p>', None, "article"),
    (json_ld('{"@type": ["Article", "LiveBlogPosting"]}') + STORY, None, "live_blog"),
    (STORY, "https://a.example/news/live/2026/may/storm", "live_blog"),
    (json_ld('{"@type": "http://schema.org/VideoObject"}') + "<p>A clip.</p>", None, "video"),
    ("<h1>Clip</h1><p>A clip.</p>", "https://a.example/video/clip-of-the-day", "video"),
    (json_ld('{"@type": "VideoObject"}') + STORY, None, "article"),
    ("<h1>Storm in pictures</h1><p>A picture.</p>", "https://a.example/gallery/storm", "gallery"),
    (TEASERS, None, "index"),
    (TEASERS, "https://a.example/", "index"),
    ('<meta property="og:type" content="article">' + TEASERS, "https://a.example/", "index"),
    (json_ld('{"@type": "CollectionPage"}') + TEASERS, "https://a.example/politics", "index"),
    (json_ld("[" + ", ".join(['{"@type": "NewsArticle"}'] * 4) + "]") + TEASERS, None, "index"),
    (STORY + TEASERS, "https://a.example/ferry-company-sells-two-boats", "article"),
    (json_ld('{"@type": "NewsArticle", "isAccessibleForFree": false}') + "<p>The first sentence and no more.</p>", None, "stub"),
    (json_ld('{"@type": "NewsArticle", "isAccessibleForFree": "False"}') + STORY, None, "article"),
    ("<title>404 - Page not found | The Daily</title><p>Try the search.</p>", None, "error"),
    ("<title>The Daily</title><h1>Page not found</h1>", None, "error"),
    ("<title>Access Denied</title><p>You don't have permission.</p>", None, "error"),
    ("<title>Just a moment...</title>", None, "error"),
    ("<title>404 jobs to go at shipyard</title>" + STORY, None, "article"),
    ("<title>Error</title>" + STORY, None, "article"),
    ("<p></p>", None, None)])
def test_kinds(source: str, url: str | None, kind: str | None) -> None:
    assert best(source, url) == kind


def test_text_pages_are_looked_at_for_errors_only() -> None:
    def kinds(text: str) -> list[object]:
        document = Document(Page(text.encode(), MediaType.TEXT), (Block(0, BlockKind.PARAGRAPH, text),))
        return [claim.value for claim in Plugin().propose_metadata(document)]

    assert kinds("404 Not Found") == ["error"]
    assert kinds(TEXT) == []


def test_an_index_page_is_rejected_with_its_code() -> None:
    outcome = Pipeline().process(Page(f"<html><body>{TEASERS}</body></html>".encode(), url="https://a.example/"))
    assert outcome.status is Status.REJECTED
    assert outcome.reject is not None
    assert outcome.reject.code == "page_type_index"


def test_a_url_that_cannot_be_parsed_is_no_evidence() -> None:
    assert best(STORY, "http://[broken") == "article"


def test_the_path_of_another_sites_address_says_nothing() -> None:
    page = html('<link rel="canonical" href="https://elsewhere.example/gallery/x">', "<h1>Storm</h1><p>Rain fell.</p>", url="https://home.example/a")
    assert not any(evidence.startswith("url:") for _, evidence in values(Plugin(), page, Field.PAGE_TYPE))
    page = html('<link rel="canonical" href="https://elsewhere.example/gallery/x"><meta property="og:url" content="https://home.example/a">',
                "<h1>Storm</h1><p>Rain fell.</p>", url=None)
    assert not any(evidence.startswith("url:") for _, evidence in values(Plugin(), page, Field.PAGE_TYPE))
