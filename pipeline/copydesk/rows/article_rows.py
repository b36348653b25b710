"""Turn an article or a reject into rows of the dataset's tables (`copydesk.dataset.format.schemas`)."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from copydesk.model.article import Article, Quote
from copydesk.model.metadata import Claim, When
from copydesk.model.outcome import Reject
from copydesk.text.strings import count_words

Row = dict[str, object]


def article_row(article: Article, fingerprint: str) -> Row:
    """Return the row of ``articles``."""
    meta, page = article.metadata, article.page
    return {
        "article_id": article.article_id, "url": meta.url, "canonical_url": meta.canonical_url, "domain": meta.domain,
        "publisher": meta.publisher, "headline": meta.headline, "description": meta.description, "byline": meta.byline,
        "authors": [asdict(person) for person in meta.authors],
        "contributors": [asdict(person) for person in meta.contributors],
        "credit_text": meta.credit_text, "dateline": meta.dateline,
        "date_published": _instant(meta.date_published), "date_published_local": _local(meta.date_published),
        "date_published_precision": str(meta.date_published.precision) if meta.date_published else None,
        "date_modified": _instant(meta.date_modified), "date_modified_local": _local(meta.date_modified),
        "page_type": meta.page_type, "confidence": article.confidence, "in_language": meta.in_language,
        "article_section": list(meta.article_section), "keywords": list(meta.keywords),
        "is_accessible_for_free": meta.is_accessible_for_free, "images": [asdict(image) for image in meta.images],
        "article_body": article.body, "paragraphs": [asdict(span) for span in article.paragraphs],
        "word_count": count_words(article.body), "quote_count": len(article.quotes), "text_sha256": article.text_sha256,
        "source_path": page.source_path, "source_record": page.source_record, "source_offset": page.source_offset,
        "source_sha256": page.sha256, "warc_record_id": page.warc_record_id, "date_captured": page.date_captured,
        "media_type": str(page.media_type), "charset": article.charset, "fingerprint": fingerprint,
    }


def quote_rows(article: Article) -> Iterator[Row]:
    """Yield the rows of ``quotes``, in the order of the text."""
    for position, quote in enumerate(article.quotes):
        yield _quote_row(article, quote, position)


def _quote_row(article: Article, quote: Quote, position: int) -> Row:
    meta = article.metadata
    return {
        "quote_id": f"{article.article_id}-{position}", "article_id": article.article_id, "position": position,
        "text": quote.text, "kind": str(quote.kind), "start": quote.start, "end": quote.end,
        "paragraph": bisect_right(article.paragraphs, quote.start, key=lambda span: span.start) - 1,
        "speaker": quote.speaker, "speaker_text": quote.speaker_text, "speaker_start": quote.speaker_start,
        "speaker_end": quote.speaker_end, "speaker_type": quote.speaker_type, "speaker_role": quote.speaker_role,
        "cue": quote.cue, "cue_start": quote.cue_start, "cue_end": quote.cue_end,
        "clause_start": quote.clause_start, "clause_end": quote.clause_end,
        "utterance_id": f"{article.article_id}-u{quote.utterance}", "part": quote.part,
        "pattern": quote.pattern, "confidence": quote.confidence,
        "url": meta.url or meta.canonical_url, "domain": meta.domain, "date_published": _instant(meta.date_published),
    }


def removal_rows(article: Article) -> Iterator[Row]:
    """Yield the rows of ``removals``, in the order of the page."""
    for position, removal in enumerate(article.removals):
        yield {"article_id": article.article_id, "position": position, **asdict(removal)}


def claim_rows(article: Article) -> Iterator[Row]:
    """Yield the rows of ``claims``: every proposed value, and whether it was chosen."""
    chosen = set(article.metadata.chosen)
    for claim in article.claims:
        yield {"article_id": article.article_id, "field": claim.field, "value": claim_text(claim),
               "evidence": claim.evidence, "plugin": claim.plugin, "rank": claim.rank, "chosen": claim in chosen}


def claim_text(claim: Claim) -> str:
    """Return a claim's value as one string: a date as ISO 8601; people, images and lists as JSON."""
    value = claim.value
    if isinstance(value, str):
        return value
    if isinstance(value, When):
        return value.local
    plain = value if isinstance(value, bool) else [item if isinstance(item, str) else asdict(item) for item in value]
    return json.dumps(plain, ensure_ascii=False)


def reject_row(reject: Reject) -> Row:
    """Return the row of ``rejects``."""
    return {"source_path": reject.source_path, "record": reject.source_record, "offset": reject.source_offset,
            "sha256": reject.sha256, "url": reject.url, "stage": reject.stage, "plugin": reject.plugin,
            "code": reject.code, "message": reject.message, "outcome": str(reject.status)}


def _instant(when: When | None) -> datetime | None:
    return when.instant if when else None


def _local(when: When | None) -> str | None:
    return when.local if when else None
