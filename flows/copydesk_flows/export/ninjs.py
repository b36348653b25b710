"""Convert an article to a news item of IPTC's ninjs 3.0 (https://iptc.org/standards/ninjs/)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

Item = dict[str, Any]
STANDARD = {"name": "ninjs", "version": "3.0", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json#"}


def item(row: Item) -> Item:
    """Return the news item of a row of ``articles``. Fields without a value are left out. A date without a time is midnight UTC."""
    made: Item = {
        "uri": f"urn:x-copydesk:{row['article_id']}", "standard": STANDARD, "type": "text",
        "contentCreated": _instant(row["date_published"]), "versionCreated": _instant(row["date_modified"]) or
        _instant(row["date_published"]), "language": row["in_language"], "by": row["byline"], "located": row["dateline"],
        "headlines": _text("main", row["headline"]), "descriptions": _text("summary", row["description"]),
        "bodies": [{"role": "main", "contentType": "text/plain", "charCount": len(row["article_body"]), "wordCount": row["word_count"],
                    "value": row["article_body"]}],
        "people": list(_people(row)),
        "organisations": [{"name": row["publisher"], "rel": "publisher"}] if row["publisher"] else [],
        "infoSources": [{"name": row["credit_text"], "role": "agency"}] if row["credit_text"] else [],
        "subjects": [{"name": name, "rel": rel} for rel, names in (("section", row["article_section"]), ("keyword", row["keywords"]))
                     for name in names or ()],
        "altIds": [{"role": name, "value": row[name]} for name in ("url", "canonical_url") if row[name]],
        "associations": list(_images(row)),
    }
    return {name: value for name, value in made.items() if value not in (None, [], "")}


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def _text(role: str, value: str | None) -> list[Item]:
    return [{"role": role, "contentType": "text/plain", "value": value}] if value else []


def _people(row: Item) -> Iterator[Item]:
    for rel, people in (("author", row["authors"]), ("contributor", row["contributors"])):
        for person in people or ():
            yield {"name": person["name"], "rel": person["role"] or rel}


def _images(row: Item) -> Iterator[Item]:
    for number, image in enumerate(row["images"] or (), 1):
        name = f"image-{number}"
        made = {"name": name, "uri": f"urn:x-copydesk:{row['article_id']}:{name}", "type": "picture",
                "descriptions": _text("caption", image["caption"]), "by": image["credit"]}
        yield {key: value for key, value in made.items() if value not in (None, [], "")}
