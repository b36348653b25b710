"""The Arrow schemas of the dataset. Every field has a description, and a type that all common readers read correctly.

Within a major version of `SCHEMA_VERSION`, schemas may only gain fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

__all__ = ["ARTICLES", "CLAIMS", "QUOTES", "REJECTS", "REMOVALS", "SCHEMAS", "SCHEMA_VERSION", "schema"]

SCHEMA_VERSION = "1.0"
"""Major and minor version of the schemas below. A new field raises the minor version, any other change the major one."""
TIMESTAMP = pa.timestamp("us", tz="UTC")
"""A time in microseconds, UTC."""
STRINGS = pa.list_(pa.string())
"""A list of texts."""
PEOPLE = pa.list_(pa.struct([("name", pa.string()), ("role", pa.string()), ("organization", pa.string()), ("location", pa.string())]))
"""A list of people."""
IMAGES = pa.list_(pa.struct([("caption", pa.string()), ("credit", pa.string())]))
"""A list of images."""
SPANS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
"""A list of spans in a text, in Unicode code points, end exclusive."""


def schema(table: str, fields: Iterable[tuple[str, pa.DataType, str]]) -> pa.Schema:
    """Make an Arrow schema. Each field's metadata holds its description; the schema's metadata holds the table's name and the version."""
    return pa.schema([pa.field(name, kind, metadata={"description": text}) for name, kind, text in fields],
                     metadata={"copydesk.table": table, "copydesk.schema_version": SCHEMA_VERSION})


ARTICLES = schema("articles", [
    ("article_id", pa.string(), "identity: hash of the canonicalised fetch URL, else of the page's own canonical URL, else of the text"),
    ("url", pa.string(), "the URL the page was fetched from, canonicalised; null when the record has none"),
    ("canonical_url", pa.string(), "the URL the page names as its own, canonicalised"),
    ("domain", pa.string(), "registrable domain of url or canonical_url"),
    ("publisher", pa.string(), "name of the publication"),
    ("headline", pa.string(), "headline of the article"),
    ("description", pa.string(), "standfirst or summary as the page gives it"),
    ("byline", pa.string(), "the byline as it stands on the page"),
    ("authors", PEOPLE, "the people who wrote the article; unknown parts are empty strings"),
    ("contributors", PEOPLE, "people named as reporting, editing or contributing"),
    ("credit_text", pa.string(), "the wire service or agency that the article is credited to, by its full name"),
    ("dateline", pa.string(), "place (and agency, date) at the opening of the text, as written"),
    ("date_published", TIMESTAMP, "publication in UTC; midnight when only the day is known"),
    ("date_published_local", pa.string(), "publication in ISO 8601 as on the page: with its offset, or the day alone"),
    ("date_published_precision", pa.string(), "second, minute or day"),
    ("date_modified", TIMESTAMP, "last modification in UTC"),
    ("date_modified_local", pa.string(), "last modification in ISO 8601 as on the page"),
    ("page_type", pa.string(), "article, live_blog, gallery, video, stub, index, error or other"),
    ("confidence", pa.float32(), "0 to 1: the F1 in words that the body text is expected to have (reliability in docs/accuracy.md)"),
    ("in_language", pa.string(), "ISO 639-1 code of the text's language"),
    ("article_section", STRINGS, "sections of the publication"),
    ("keywords", STRINGS, "keywords as the page gives them"),
    ("is_accessible_for_free", pa.bool_(), "false behind a paywall, true when the page says so, null when it says nothing"),
    ("images", IMAGES, "captions and credits of the article's images"),
    ("article_body", pa.string(), "the text of the article: paragraphs with a blank line between them"),
    ("paragraphs", SPANS, "where each paragraph stands in article_body, in Unicode code points, end exclusive"),
    ("word_count", pa.int32(), "words in article_body; half the characters where words are not set apart"),
    ("quote_count", pa.int32(), "rows of this article in quotes"),
    ("text_sha256", pa.string(), "SHA-256 of headline and article_body"),
    ("source_path", pa.string(), "the input file, relative to the input root; bytes that are not UTF-8 as backslash escapes"),
    ("source_record", pa.string(), "the record within the file; empty for a file that is one page"),
    ("source_offset", pa.int64(), "byte offset of the record in the file; null for a file that is one page"),
    ("source_sha256", pa.string(), "SHA-256 of the page's bytes, expanded"),
    ("warc_record_id", pa.string(), "WARC-Record-ID"),
    ("date_captured", TIMESTAMP, "when the page was fetched, from its record or index; never a file's time"),
    ("media_type", pa.string(), "text/html or text/plain"),
    ("charset", pa.string(), "the encoding that the page was decoded with"),
    ("fingerprint", pa.string(), "of the plugins and settings that made this row"),
])

QUOTES = schema("quotes", [
    ("quote_id", pa.string(), "article_id and position"),
    ("article_id", pa.string(), "the article"),
    ("position", pa.int32(), "order in the article, from 0"),
    ("text", pa.string(), "the quoted words, without the marks; article_body[start:end]"),
    ("kind", pa.string(), "direct (whole clauses), mixed (words inside the writer's sentence) or indirect (no marks)"),
    ("start", pa.int32(), "offset in article_body in Unicode code points"),
    ("end", pa.int32(), "end offset, exclusive"),
    ("paragraph", pa.int32(), "index into the article's paragraphs"),
    ("speaker", pa.string(), "the speaker by the fullest name that the text gives; where it gives none, the words as they stand"),
    ("speaker_text", pa.string(), "the speaker as written at the quote"),
    ("speaker_start", pa.int32(), "offset of speaker_text in article_body"),
    ("speaker_end", pa.int32(), "end offset of speaker_text"),
    ("speaker_type", pa.string(), "person, organization or unknown"),
    ("speaker_role", pa.string(), "role or title of the speaker as the article gives it"),
    ("cue", pa.string(), "the reporting verb or phrase"),
    ("cue_start", pa.int32(), "offset of the cue in article_body"),
    ("cue_end", pa.int32(), "end offset of the cue"),
    ("clause_start", pa.int32(), "start of the reported clause around a mixed quote"),
    ("clause_end", pa.int32(), "end of the reported clause"),
    ("utterance_id", pa.string(), "stretches of one utterance share it, over paragraphs too"),
    ("part", pa.int32(), "order of the stretch in its utterance, from 0"),
    ("pattern", pa.string(), "the sentence pattern that linked speaker and quote"),
    ("confidence", pa.float32(), "0 to 1: how sure the speaker is"),
    ("url", pa.string(), "the article's url, or canonical_url when it has none"),
    ("domain", pa.string(), "the article's domain"),
    ("date_published", TIMESTAMP, "the article's date_published"),
])

REMOVALS = schema("removals", [
    ("article_id", pa.string(), "the article"),
    ("position", pa.int32(), "order on the page, from 0"),
    ("text", pa.string(), "the passage that is not in article_body"),
    ("reason", pa.string(), "what it is: paywall, donation, related, caption …"),
    ("rule", pa.string(), "the rule that said so"),
    ("plugin", pa.string(), "the plugin that the rule belongs to"),
])

CLAIMS = schema("claims", [
    ("article_id", pa.string(), "the article"),
    ("field", pa.string(), "the metadata field"),
    ("value", pa.string(), "the candidate's value; people, images and lists as JSON"),
    ("evidence", pa.string(), "where on the page it stands"),
    ("plugin", pa.string(), "the plugin that proposed it"),
    ("rank", pa.int32(), "its trust; smaller is more trusted"),
    ("chosen", pa.bool_(), "whether the field's value is this one"),
])

REJECTS = schema("rejects", [
    ("source_path", pa.string(), "the input file, relative to the input root"),
    ("record", pa.string(), "the record within the file"),
    ("offset", pa.int64(), "byte offset of the record in the file"),
    ("sha256", pa.string(), "SHA-256 of the page's bytes, when they could be read"),
    ("url", pa.string(), "the URL it was fetched from, when known"),
    ("stage", pa.string(), "the stage that stopped it"),
    ("plugin", pa.string(), "the plugin that stopped it, empty for the core"),
    ("code", pa.string(), "why, for machines"),
    ("message", pa.string(), "why, for people"),
    ("outcome", pa.string(), "rejected, quarantined or duplicate"),
])

SCHEMAS: Mapping[str, pa.Schema] = {
    "articles": ARTICLES, "quotes": QUOTES, "removals": REMOVALS, "claims": CLAIMS, "rejects": REJECTS,
}
