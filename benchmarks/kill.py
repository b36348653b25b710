"""Kill -9 runs at random moments while readers read, and count the faults. Exit code 1 when there is one.

    python benchmarks/kill.py [--times 200] [--seed N] [--keep FOLDER]

Needs no material. Each round changes an inbox, runs over it, and kills the run (its whole process group) three to six times before it
may finish; two other processes read all the time, one by commit (`copydesk.open_dataset`), one by glob. After kills the dataset
is recovered and checked from its files alone; after each round its part files must be those of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support.kill_campaign import Campaign


def main() -> None:
    """Kill, count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200, help="how many runs to kill")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="the same pages and moments again")
    parser.add_argument("--keep", type=Path, help="a new folder for the work, to be looked at afterwards")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        campaign = Campaign(options.keep or Path(scratch) / "kill", options.seed)
        campaign.work(options.times)
    for fault in campaign.faults:
        print(fault, file=sys.stderr)
    print("\n".join(campaign.lines()))
    raise SystemExit(1 if campaign.faults else 0)


if __name__ == "__main__":
    main()
