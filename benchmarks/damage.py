"""A web archive of 2,000 records, 20 of them damaged at random places: what is written, what is a fault, and what is missing.

    python benchmarks/damage.py [--records 2000] [--damaged 20] [--seed 7]

The archive is written by warcio, plain and packed (a gzip member a record). In each damaged record 30 bytes from a random offset on are
overwritten with random ones. Every other record must be an article of the dataset; every damaged one a row of ``rejects`` with the file
and the offset of its record, or a whole article (where the damage hit header lines that a page does not need, and the record's digest
proves its page). Ends with 1 when one is neither, or when an intact record is missing.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import copydesk
from copydesk.settings.schema import from_mapping

BYTES = 30
WORDS = ("harbour", "ferry", "council", "bridge", "winter", "market", "signal", "orchard", "ledger", "quay", "lantern", "meadow")


def page(number: int) -> bytes:
    """A page with a text of its own."""
    chance = random.Random(number)
    lines = (f"<p>The {' '.join(chance.choices(WORDS, k=24))} of number {number}, the mayor said on Friday.</p>" for _ in range(6))
    return f"<html><head><title>Story {number}</title></head><body><h1>Story {number}</h1>{''.join(lines)}</body></html>".encode()


def records(count: int, packed: bool) -> Iterator[bytes]:
    """The records of an archive as they are stored, one by one."""
    for number in range(count):
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=packed)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url(number), "response", payload=io.BytesIO(page(number)), http_headers=headers))
        yield out.getvalue()


def url(number: int) -> str:
    """The address of a page."""
    return f"https://news.example.com/{number}"


def harm(record: bytes, chance: random.Random) -> bytes:
    """A record with some bytes overwritten."""
    at = chance.randrange(len(record) - BYTES)
    return record[:at] + chance.randbytes(BYTES) + record[at + BYTES:]


def measure(folder: Path, packed: bool, count: int, damaged: int, seed: int) -> bool:
    """Write, harm, run, compare, print; whether all is as it must be."""
    chance = random.Random(seed)
    harmed = set(chance.sample(range(count), damaged))
    name = "archive.warc.gz" if packed else "archive.warc"
    starts, offset = {}, 0
    with (folder / name).open("wb") as file:
        for number, record in enumerate(records(count, packed)):
            starts[offset] = number
            offset += file.write(harm(record, chance) if number in harmed else record)
    copydesk.run([folder / name], folder / f"out-{name}", from_mapping({"dataset": {"batch_files": 500}}))
    dataset = copydesk.open_dataset(folder / f"out-{name}")
    written = {starts[at] for at in dataset.table("articles")["source_offset"].to_pylist() if at in starts}
    rejects = dataset.table("rejects")
    faults = {starts[at] for at in pc.drop_null(rejects["offset"]).to_pylist() if at in starts}
    missing = set(range(count)) - harmed - written
    untold = harmed - written - faults
    print(f"{name}: {count - damaged - len(missing)} of {count - damaged} intact records written; of {damaged} damaged ones "
          f"{len(harmed & faults)} are faults with their offset, {len(harmed & written)} whole pages, {len(untold)} untold; "
          f"{rejects.num_rows} rejects in all")
    return not missing and not untold


def main() -> None:
    """Measure plain and packed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2_000)
    parser.add_argument("--damaged", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        right = [measure(Path(name), packed, options.records, options.damaged, options.seed) for packed in (True, False)]
    sys.exit(0 if all(right) else 1)


if __name__ == "__main__":
    main()
