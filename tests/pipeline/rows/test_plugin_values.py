"""Plugins' own tables: schemas that a dataset cannot hold, and values that Arrow would alter or Parquet refuse too late."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk import Settings, Table
from copydesk.plugins.manager import Plugins, load
from copydesk.rows.arrow_batches import unpacked
from copydesk.rows.plugin_tables import UnfitRowError, own_batches
from copydesk.rows.plugin_values import unstorable
from copydesk.testing.fixtures.builders import article

NEEDED = pa.field("name", pa.string(), nullable=False)
NESTED = pa.struct([NEEDED, pa.field("counts", pa.list_(pa.int32()))])


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load(Settings())


def _stored(plugins: Plugins, kind: pa.DataType, value: object) -> object:
    """A value as it comes back from Parquet, on the way that a run takes."""
    story = article("Rain fell on the harbour.")
    schema = pa.schema([("article_id", pa.string()), ("x", kind)])
    table = Table("own", schema, lambda each: [{"article_id": each.article_id, "x": value}])
    file = io.BytesIO()
    pq.write_table(pa.Table.from_batches([unpacked(own_batches(plugins, [("own", table)], story), {"own": schema})["own"]]), file)
    return pq.read_table(file).column("x").to_pylist()[0]


@pytest.mark.parametrize(("kind", "value"), [
    (NESTED, {"name": "a", "counts": [1, None, 3]}),
    (pa.list_(NESTED), [{"name": "a", "counts": None}, None]),
    (pa.int32(), 2.0),
    (pa.list_(pa.float32()), [0.5, None]),
    (pa.int32(), Decimal("2.0")),
    (pa.float32(), float("-inf")),
    (pa.float64(), 1e300),
    (pa.time64("us"), time(9, 0, 0, 5)),
    (pa.date32(), date(2024, 10, 18)),
    (pa.timestamp("s", "UTC"), datetime(2024, 10, 18, 9, 30, 5, tzinfo=UTC)),
    (pa.timestamp("ms", "UTC"), datetime(2024, 10, 18, 9, 30, 5, 250_000, tzinfo=UTC)),
    (pa.list_(pa.duration("us")), [timedelta(microseconds=5), None]),
])
def test_what_fits_comes_back_as_it_was(plugins: Plugins, kind: pa.DataType, value: object) -> None:
    assert _stored(plugins, kind, value) == value


def test_a_map_comes_back_as_pairs(plugins: Plugins) -> None:
    assert _stored(plugins, pa.map_(pa.string(), pa.int32()), {"a": 1}) == [("a", 1)]


@pytest.mark.parametrize(("kind", "value", "message"), [
    (pa.int32(), 1.5, "column 'x': 1.5 is no int32"),
    (pa.int64(), float("inf"), "column 'x': inf is no int64"),
    (pa.list_(pa.int32()), [1, 2.5], "column 'x[]': 2.5 is no int32"),
    (pa.list_(NEEDED.with_name("item")), ["a", None], "column 'x[]': a value is required"),
    (NESTED, {"counts": []}, "column 'x.name': a value is required"),
    (NESTED, {"name": "a", "count": [1]}, "column 'x': no field 'count' (fields: name, counts)"),
    (NESTED, {"name": "a", "counts": [0.5]}, "column 'x.counts[]': 0.5 is no int32"),
    (pa.map_(pa.string(), pa.int32()), {"a": 0.5}, "column 'x[]': 0.5 is no int32"),
    (pa.int32(), Decimal("1.5"), "column 'x': Decimal('1.5') is no int32"),
    (pa.date32(), 1.5, "column 'x': 1.5 is no date32[day]"),
    (pa.date32(), datetime(2024, 10, 18, 9), "column 'x': datetime.datetime(2024, 10, 18, 9, 0) is no date32[day]"),
    (pa.timestamp("s"), datetime(2024, 1, 1, 0, 0, 0, 9), "column 'x': datetime.datetime(2024, 1, 1, 0, 0, 0, 9) is no timestamp[s]"),
    (pa.list_(pa.time32("ms")), [time(9, 0, 0, 5)], "column 'x[]': datetime.time(9, 0, 0, 5) is no time32[ms]"),
    (pa.int64(), Decimal("Infinity"), "column 'x': Decimal('Infinity') is no int64"),
    (pa.int64(), Decimal("1E+30"), "column 'x': Decimal('1E+30') is no int64"),
    (pa.timestamp("s", "UTC"), 1_700_000_000_000_000_000, "column 'x': 1700000000000000000 is no timestamp[s, tz=UTC]"),
    (pa.timestamp("s"), Decimal("1.7E+18"), "column 'x': Decimal('1.7E+18') is no timestamp[s]"),
    (pa.timestamp("s"), Decimal("NaN"), "column 'x': Decimal('NaN') is no timestamp[s]"),
    (pa.list_(pa.string()), "Rain", "column 'x': 'Rain' is no list<item: string>"),
    (pa.date32(), datetime(2024, 10, 18, 20, tzinfo=timezone(timedelta(hours=-4))),
     "column 'x': datetime.datetime(2024, 10, 19, 0, 0, tzinfo=datetime.timezo is no date32[day]"),
    (pa.time64("us"), time(9, tzinfo=UTC), "column 'x': datetime.time(9, 0, tzinfo=datetime.timezone.utc) is no time64[us]"),
    (pa.float32(), 1e300, "column 'x': 1e+300 is no float"),
    (pa.float64(), True, "column 'x': True is no double"),
    (pa.duration("s"), timedelta(milliseconds=5), "column 'x': datetime.timedelta(microseconds=5000) is no duration[s]"),
])
def test_what_would_be_altered_or_refused_later_is_named(plugins: Plugins, kind: pa.DataType, value: object, message: str) -> None:
    with pytest.raises(UnfitRowError) as raised:
        _stored(plugins, kind, value)
    assert raised.value.detail == f"table 'own', row 1: {message}"


@pytest.mark.parametrize("kind", [
    pa.dictionary(pa.int32(), pa.string()), pa.list_(pa.dictionary(pa.int32(), pa.string())), pa.struct([]),
    pa.run_end_encoded(pa.int32(), pa.string()), pa.month_day_nano_interval(), pa.dense_union([pa.field("a", pa.int32())]),
])
def test_a_type_that_a_dataset_cannot_hold_is_named(kind: pa.DataType) -> None:
    fault = unstorable(pa.schema([("article_id", pa.string()), ("x", kind)]))
    assert fault == f"has a field 'x' of type {kind}, which a dataset cannot hold"


def test_two_columns_of_a_name_are_told() -> None:
    assert unstorable(pa.schema([("article_id", pa.string()), ("x", pa.int32()), ("x", pa.string())])) == "has two fields named 'x'"


@pytest.mark.parametrize("kind", [pa.timestamp("us", "UTC"), pa.date32(), pa.large_string(), pa.binary(), pa.decimal128(9, 2), NESTED])
def test_other_types_can_be_held(kind: pa.DataType) -> None:
    assert unstorable(pa.schema([("article_id", pa.string()), ("x", kind)])) is None
