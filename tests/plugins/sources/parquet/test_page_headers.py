"""Headers of pages, checked before Arrow reads what they announce."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Page
from copydesk_plugins.sources.parquet.page_headers import _HEADER
from copydesk_plugins.sources.parquet.thrift import ThriftReader
from support.parquet_files import only, opened, written


def test_a_dictionary_that_multiplies_is_refused(tmp_path: Path) -> None:
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array(["x" * 100_000]))
    path = written(tmp_path / "a.parquet", {"text": bomb})
    fault = only(opened(path))
    assert fault.code == "limit_expansion"
    assert path.stat().st_size < 100_000


def test_repeated_rows_are_read(tmp_path: Path) -> None:
    items = opened(written(tmp_path / "a.parquet", {"text": ["The same text. " * 20] * 3_000}))
    assert len(items) == 3_000
    assert all(isinstance(item, Page) for item in items)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_a_header(data: bytes) -> None:
    reader = ThriftReader(data)
    try:
        reader.struct(_HEADER)
    except (IndexError, ValueError):
        return
    assert reader.at <= len(data)
