"""The clean stage: combine labels to verdicts, and make the body and the removals from them."""

from __future__ import annotations

from copydesk.metadata.article_id import identity
from copydesk.model.article import Article
from copydesk.model.document import Document
from copydesk.model.labels import Label, Verdict
from copydesk.model.metadata import Claim, Metadata
from copydesk.stages.proposals import verdicts


def clean(document: Document, labels: tuple[Label, ...], metadata: Metadata,
          claims: tuple[Claim, ...]) -> tuple[Article, tuple[Verdict, ...]]:
    """Make the article. Its body has the blocks that stay, and its removals have all other text.

    A block that may leave only because the metadata keeps its content stays when the metadata does not have it.

    Returns:
        The article, still without quotes, and one verdict for each block of the document.
    """
    found = verdicts.final_verdicts(document.blocks, labels, metadata)
    body, paragraphs, removals = verdicts.assemble(document.blocks, found)
    article = Article(
        page=document.page, metadata=metadata, body=body, paragraphs=paragraphs, removals=removals, claims=claims,
        labels=labels, charset=document.charset, confidence=verdicts.confidence(document.word_counts, found, labels),
        article_id=identity(document.page, metadata, claims, body))
    return article, tuple(found)
