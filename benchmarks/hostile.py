"""Run copydesk over a hostile input set beside good pages, and score what survived (see README.md beside this file).

    python benchmarks/hostile.py [--shared DIR] [--work DIR] [--good N] [--no-big] [--workers N] [--prefect]

Makes the set with ``bench/make_hostile.py``, puts N good pages beside it, runs the good pages alone and all together, and hands both
datasets to ``bench/score_hostile.py``. Ends with the scorer's exit code.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from copydesk import open_dataset


def run(inputs: Path, output: Path, *options: str) -> None:
    """One run of the command line."""
    shutil.rmtree(output, ignore_errors=True)
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "copydesk_flows.cli", "run", inputs, "--output", output, *options], check=False)
    print(f"{inputs}: exit code {done.returncode}, {time.monotonic() - started:.0f} s\n", flush=True)
    if done.returncode not in (0, 3):
        sys.exit(f"the run failed with {done.returncode}")


def folders(work: Path) -> None:
    """The scorer looks for rows under exactly a manifest's name; where that is a folder, say whether the page in it came out."""
    rows = open_dataset(work / "out").table("articles").select(["source_path", "article_body"]).to_pylist()
    for entry in map(json.loads, (work / "manifest.jsonl").open(encoding="utf-8")):
        if (work / "input" / entry["file"]).is_dir() and not (work / "input" / entry["file"]).is_symlink():
            found = [row["source_path"] for row in rows if row["source_path"].startswith(entry["file"] + "/")
                     and entry.get("marker", "") in row["article_body"]]
            print(f"{entry['class']}: the page in the folder {'came out' if found else 'is not there'}: {found[:1]}"[:150])


def main() -> int:
    """Make, run, score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "copydesk-hostile")
    parser.add_argument("--good", type=int, default=40)
    parser.add_argument("--no-big", action="store_true", help="leave out files of many megabytes")
    parser.add_argument("--workers", default="2")
    parser.add_argument("--prefect", action="store_true", help="as a Prefect flow")
    options = parser.parse_args()
    bench, work = options.shared / "bench", options.work
    subprocess.run([sys.executable, bench / "make_hostile.py", "--out", work, *(["--no-big"] if options.no_big else [])], check=True)
    pages = sorted((options.shared / "corpus/extraction/zyte/html").glob("*.html.gz"))[:options.good]
    for folder in (work / "good/good", work / "input/good"):
        folder.mkdir(parents=True, exist_ok=True)
        for page in pages:
            shutil.copy(page, folder)
    how = ["--workers", options.workers, "--prefect" if options.prefect else "--direct"]
    run(work / "good", work / "clean-out", *how)
    run(work / "input", work / "out", *how)
    score = [bench / "score_hostile.py", "--manifest", work / "manifest.jsonl", "--dataset", work / "out", "--clean", work / "clean-out"]
    code = subprocess.run([sys.executable, *score], check=False).returncode
    folders(work)
    return code


if __name__ == "__main__":
    sys.exit(main())
