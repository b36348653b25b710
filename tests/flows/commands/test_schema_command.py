"""``copydesk schema``: every field of every table, for people and for programs."""

from __future__ import annotations

import json

import pytest

from copydesk.dataset.format.schemas import SCHEMAS
from support.command_line import Command


def test_schema_shows_every_field_with_type_and_description(copydesk: Command) -> None:
    shown = copydesk("schema").stdout
    listed = json.loads(copydesk("schema", "--json").stdout)
    assert set(SCHEMAS) <= set(listed)
    for name, schema in SCHEMAS.items():
        assert [field["name"] for field in listed[name]] == schema.names
        for field in listed[name]:
            assert field["description"]
            assert field["description"] in shown
    assert list(json.loads(copydesk("schema", "quotes", "--json").stdout)) == ["quotes"]


@pytest.mark.parametrize("columns", [{}, {"COLUMNS": ""}], ids=["unset", "empty"])
def test_a_pipe_gets_a_line_a_field(copydesk: Command, columns: dict[str, str]) -> None:
    _, heads, *lines = copydesk("schema", "articles", env=columns).stdout.rstrip().splitlines()
    assert heads.split() == ["field", "type", "description"]
    assert [line.split()[0] for line in lines] == SCHEMAS["articles"].names
