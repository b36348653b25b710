"""What records say beside their page: people, and the status of the response."""

from __future__ import annotations

from typing import Any

import pytest

from copydesk import Fault, Page, Status
from copydesk_plugins.sources.records.fields import Fields, FieldSettings
from support.records import stated


@pytest.mark.parametrize("record", [
    {"status": 404}, {"statusCode": 500}, {"http_status": 301}, {"status": {"code": 403}}, {"response": {"status": 404, "headers": {}}},
    {"status": "published", "status_code": 404}, {"status_code": 404.0}, {"status": "404"}, {"status": "500"}])
def test_a_response_of_another_status_is_rejected(record: dict[str, Any]) -> None:
    fault = stated({"id": "a", "url": "https://x.example/a", **record})
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status, fault.source_record, fault.url) == ("http_status", Status.REJECTED, "a", "https://x.example/a")
    assert fault.message.startswith("HTTP status ")


@pytest.mark.parametrize("record", [
    {"status": 200}, {"status": 203}, {"status": "published"}, {"status": "200"}, {"status": "0404"}, {"status": " 404"},
    {"status": "404 Not Found"}, {"status": "\u0664\u0660\u0664"}, {"status": "999"}, {"status": 1}, {"status": 600}, {"status": True},
    {"status": None}, {"status": [404]}, {"status": float("nan")}, {"status": float("inf")}, {"status": 404.5}, {"status": {"code": "ok"}},
    {"status": 10 ** 400}])
def test_what_is_no_status_of_an_error_does_not_matter(record: dict[str, Any]) -> None:
    assert isinstance(stated(record), Page)


def test_a_status_can_be_looked_for_nowhere() -> None:
    assert isinstance(stated({"status": 404}, Fields.of(FieldSettings(status=[]))), Page)  # type: ignore[arg-type]  # as TOML has it
