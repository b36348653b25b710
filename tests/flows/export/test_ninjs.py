"""Articles as ninjs, the news agencies' JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from copydesk.dataset.format.schemas import SCHEMAS
from copydesk_flows.export.ninjs import STANDARD, item
from support.command_line import Command
from support.dataset_rows import rows

TEXT = {"type": "string", "minLength": 1}
VALUES = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["value"], "additionalProperties": False, "properties": {
    "role": TEXT, "contentType": TEXT, "charCount": {"type": "integer"}, "wordCount": {"type": "integer"}, "value": TEXT}}}
NAMED = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {
    "name": TEXT, "rel": TEXT, "role": TEXT}}}
PROPERTIES = {
    "uri": {"type": "string", "pattern": "^[a-z]+:[^ ]+$"}, "standard": {"const": STANDARD}, "type": {"enum": ["text", "picture"]},
    "contentCreated": {"type": "string", "format": "date-time"}, "versionCreated": {"type": "string", "format": "date-time"},
    "language": TEXT, "by": TEXT, "located": TEXT, "headlines": VALUES, "descriptions": VALUES, "bodies": VALUES, "people": NAMED,
    "organisations": NAMED, "infoSources": NAMED, "subjects": NAMED,
    "altIds": {"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": {"role": TEXT, "value": TEXT}}},
}
NINJS = {"type": "object", "required": ["uri"], "additionalProperties": False, "properties": {**PROPERTIES, "associations": {
    "type": "array", "items": {"type": "object", "required": ["name", "uri"], "additionalProperties": False,
                               "properties": {**PROPERTIES, "name": TEXT}}}}}
"""What the standard's schema (3.0) says of the properties that we use, in our words."""


def test_ninjs_is_as_its_schema_wants_it(copydesk: Command, seeds_dataset: Path) -> None:
    done = copydesk("dataset", "export", seeds_dataset, "--format", "ninjs")
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in done.stdout.splitlines()]
    articles = rows(seeds_dataset, "articles")
    assert len(items) == len(articles)
    for made, row in zip(items, articles, strict=True):
        jsonschema.validate(made, NINJS, format_checker=jsonschema.FormatChecker())
        assert made["bodies"][0]["value"] == row["article_body"]
        assert [person["name"] for person in made.get("people", [])] == [each["name"] for each in (*row["authors"], *row["contributors"])]
        assert ("contentCreated" in made) == (row["date_published"] is not None)
    assert len({made["uri"] for made in items}) == len(items)
    assert any(made.get("infoSources") == [{"name": "Reuters", "role": "agency"}] for made in items)


def test_an_article_with_nothing_but_text_is_an_item() -> None:
    row: dict[str, Any] = dict.fromkeys(SCHEMAS["articles"].names)
    row |= {"article_id": "a1", "article_body": "Text.", "word_count": 1}
    jsonschema.validate(item(row), NINJS)
