"""What Prefect adds to a run: as a ratio to the direct run, in memory, and in seconds to the first page.

    python benchmarks/overhead.py [pages] [shards] [start] [server] [--pages 10000] [--times 3] [--shards 2000]

pages   the same pages directly and as a flow at a running server, in turn, each a command of its own, interpreter and all: wall time,
        and CPU time of the command with its page processes and of the server, which tells more on a machine that others use
shards  a flow of n/4 and of n shards: the most resident memory of its process, and what a shard costs beside the direct run
start   seconds from the command to its first page: directly, as a flow at a running server, as a flow with a server of its own
server  that server's start taken apart: imports, migrations of a new database, the rest; with and without the settings we give it

All servers are on loopback, with a home of their own. Pages are the seeds with changed text, or those of --material.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))

from engine import MATERIAL
from engine import pages as fill_pages
from memory import highest

from copydesk_flows.serving.server import TEMPORARY
from support.fault_runs import command, config_file, environment
from support.servers import free_port, start_server
from support.tiny_desk import fill

FIRST = """
import copydesk, os, pathlib, time
HERE = pathlib.Path(__file__).parent
@copydesk.hookimpl
def label_blocks(document):
    if not (HERE / "first").exists():
        (HERE / "first").write_text(str(time.time()))
    return []
"""


@contextmanager
def serving(scratch: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The API's URL of a running server, and its process."""
    port = free_port()
    process = start_server(scratch, port)
    try:
        yield f"http://127.0.0.1:{port}/api", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def cpu() -> float:
    """CPU seconds of all commands that have ended, with the processes that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(scratch: Path, *arguments: str | Path, api: str | None = None) -> tuple[float, float]:
    """A command: its seconds, and the most MB of its own process."""
    environ = environment(PREFECT_HOME=str(scratch / "home"), **({"PREFECT_API_URL": api} if api else {}))
    started, most = time.perf_counter(), 0.0
    with (scratch / "log").open("w+b") as log:
        process = subprocess.Popen([*command("run", *arguments, "--quiet"), "--prefect" if api or "--prefect" in arguments else "--direct"],
                                   env=environ, stdout=log, stderr=log)
        while process.poll() is None:
            most = max(most, highest(process.pid))
            time.sleep(0.02)
        if process.returncode not in (0, 3):
            raise SystemExit(f"a run ended with {process.returncode}: {(scratch / 'log').read_text()[-2000:]}")
    return time.perf_counter() - started, most


def spread(found: list[float], digits: int = 2) -> str:
    """Median, least and greatest."""
    return f"{statistics.median(found):.{digits}f}  (from {min(found):.{digits}f} to {max(found):.{digits}f})"


def pages(scratch: Path, options: argparse.Namespace) -> None:
    """The ratio over many pages."""
    said = fill_pages(options.material, scratch / "in", options.pages)
    print(f"{options.pages:,} pages from {said}, {options.times} pairs of runs, {os.cpu_count()} page processes")
    spent: dict[str, list[float]] = {"direct": [], "flow": []}
    worked: dict[str, list[float]] = {"direct": [], "flow": []}
    with serving(scratch) as (api, server):
        for turn in range(options.times):
            for how in ("direct", "flow") if turn % 2 else ("flow", "direct"):
                before, there = cpu(), sum(server.cpu_times()[:2])
                took, most = run(scratch, scratch / "in", "--output", scratch / f"out-{how}-{turn}", api=api if how == "flow" else None)
                spent[how].append(took)
                worked[how].append(cpu() - before + (sum(server.cpu_times()[:2]) - there if how == "flow" else 0.0))
                print(f"  {how:6} {took:7.1f} s, {worked[how][-1]:7.1f} s of CPU, {most:.0f} MB", flush=True)
    for told, found in (("wall time", spent), ("CPU time", worked)):
        print(f"as a flow against direct, {told}: "
              f"{spread([flow / direct for flow, direct in zip(found['flow'], found['direct'], strict=True)], 3)}")


def shards(scratch: Path, options: argparse.Namespace) -> None:
    """Memory and cost by the number of shards."""
    config = config_file(scratch, dataset={"batch_files": 2}, run={"workers": 1})
    found = []
    with serving(scratch) as (api, _):
        for count in (options.shards // 4, options.shards):
            inbox = scratch / f"in-{count}"
            fill(inbox, 2 * count)
            costs = [run(scratch, inbox, "--output", scratch / f"out-{count}-{how}", "--config", config, api=where)
                     for how, where in (("flow", api), ("direct", None))]
            found.append(costs[0][1])
            flow, direct = costs[0][0], costs[1][0]
            print(f"{count:6,} shards: {found[-1]:6.1f} MB (x{found[-1] / found[0]:.3f}; direct {costs[1][1]:.1f} MB); flow {flow:.1f} s, "
                  f"direct {direct:.1f} s: {1000 * (flow - direct) / count:.1f} ms a shard more", flush=True)


def start(scratch: Path, options: argparse.Namespace) -> None:
    """Seconds from the command to its first page."""
    (scratch / "first.py").write_text(FIRST, encoding="utf-8")
    config = scratch / "first.toml"
    config.write_text('[plugins]\nload = ["first.py"]\n', encoding="utf-8")
    fill_pages(options.material, scratch / "few", 10)

    def once(name: str, *more: str, api: str | None = None) -> tuple[float, float]:
        (scratch / "first").unlink(missing_ok=True)
        begun = time.time()
        took, _ = run(scratch, scratch / "few", "--output", scratch / f"start-{name}-{begun}", "--config", config, *more, api=api)
        return float((scratch / "first").read_text()) - begun, took

    def several(told: str, work: Callable[[], tuple[float, float]]) -> None:
        found = [work() for _ in range(options.times + 1)][1:]  # the first one warms up
        print(f"{told:44} first page after {spread([first for first, _ in found])} s, done after {spread([all_ for _, all_ in found])} s",
              flush=True)

    several("direct", lambda: once("direct"))
    with serving(scratch) as (api, _):
        several("flow, at a running server", lambda: once("flow", api=api))
    several("flow, a server of its own", lambda: once("own", "--prefect"))


def server(scratch: Path, options: argparse.Namespace) -> None:
    """The start of a temporary server, part by part."""

    def timed(code: str, home: str, **variables: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], env=environment(PREFECT_HOME=str(scratch / home), **variables), check=True,
                       capture_output=True)
        return time.perf_counter() - began

    def answers(home: str, **variables: str) -> float:
        began, port = time.perf_counter(), free_port()
        process = subprocess.Popen([sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
                                   env=environment(PREFECT_HOME=str(scratch / home), **variables), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
                    break
            except OSError:
                time.sleep(0.02)
        took = time.perf_counter() - began
        process.terminate()
        process.wait(timeout=60)
        return took

    rounds = range(options.times)
    migrate = "import asyncio; from prefect.server.database import provide_database_interface as f; asyncio.run(f().create_db())"
    parts = {
        "the interpreter": [timed("pass", "a") for _ in rounds],
        "import copydesk_flows.process (prefect, client)": [timed("import copydesk_flows.process", "a") for _ in rounds],
        "import prefect.server.api.server": [timed("import prefect.server.api.server", "a") for _ in rounds],
        "the same, and migrate a new database": [timed(migrate, f"new-{number}") for number in rounds],
        "the same, and find it migrated": [timed(migrate, "new-0") for _ in rounds],
        "server answers, new database, as prefect has it": [answers(f"plain-{number}") for number in rounds],
        "server answers, new database, our settings": [answers(f"ours-{number}", **TEMPORARY) for number in rounds],
        "server answers, database there, our settings": [answers("ours-0", **TEMPORARY) for _ in rounds],
    }
    for told, found in parts.items():
        print(f"{told:50} {spread(found)} s")


PARTS = {"pages": pages, "shards": shards, "start": start, "server": server}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which of {', '.join(PARTS)} [default: all]")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--shards", type=int, default=2_000)
    parser.add_argument("--material", type=Path, default=MATERIAL)
    options = parser.parse_args()
    for name in options.parts or PARTS:
        if name not in PARTS:
            parser.error(f"no part {name}: {', '.join(PARTS)}")
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name](Path(folder), options)


if __name__ == "__main__":
    main()
