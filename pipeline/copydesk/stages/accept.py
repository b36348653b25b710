"""The accept stage: refuse pages that are no articles."""

from __future__ import annotations

from copydesk.errors import PageError
from copydesk.model.article import Article
from copydesk.settings.schema import Settings
from copydesk.text.strings import count_words


def accept(article: Article, settings: Settings) -> None:
    """Check that a page is an article that the settings ask for. With the page type ``all`` every page passes.

    Raises:
        PageError: the page type is not among the wanted ones, the page has no text, or its text is short and has neither date nor byline.
    """
    content = settings.content
    if "all" in content.page_types:
        return
    kind = article.metadata.page_type
    if kind not in content.page_types:
        raise PageError("accept", f"page_type_{kind}", f"the page is of type {kind}, not an article (--page-types all keeps it)")
    if not article.body:
        raise PageError("accept", "no_text", "no article text was found on the page")
    dated = article.metadata.date_published or article.metadata.byline or article.metadata.authors
    if count_words(article.body) < content.min_words and not dated:
        raise PageError("accept", "too_short", f"under {content.min_words} words, and neither date nor byline")
