"""Every plugin that comes with copydesk holds to the contract that it asks of others."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk.plugins.discovery import installed_names
from copydesk.testing.plugin_check.check import check_plugin

PAGE = "<html><head><title>Pier</title></head><body><p>The pier in Port Ashby opened again after eleven weeks.</p></body></html>"
RESPONSE = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n{PAGE}"
WARC = (f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/pier\r\nWARC-Date: 2026-03-02T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(RESPONSE)}\r\n\r\n{RESPONSE}\r\n\r\n").encode()
ROW = {"url": "https://example.org/pier", "html": PAGE}


@pytest.fixture
def samples(tmp_path: Path) -> dict[str, list[Path]]:
    """Files of the formats of the source plugins, by the plugin's name."""
    lines = [json.dumps({**ROW, "url": f"{ROW['url']}-{number}"}) for number in range(3)]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "pages.warc.gz").write_bytes(gzip.compress(WARC) * 2)
    pq.write_table(pa.Table.from_pylist([ROW] * 3), tmp_path / "pages.parquet")
    return {"source_jsonl": [tmp_path / "pages.jsonl"], "source_warc": [tmp_path / "pages.warc.gz"],
            "source_parquet": [tmp_path / "pages.parquet"]}


@pytest.mark.parametrize("name", [name for name in installed_names() if not name.startswith("copydesk")])
def test_it_holds_to_the_contract(name: str, samples: dict[str, list[Path]]) -> None:
    found = check_plugin(name, samples=samples.get(name, ()))
    found.raise_if_failed()
    assert found.hooks
    assert not found.notes
    assert set(found.milliseconds) == set(found.hooks) - {"plan_source", "open_source"}
