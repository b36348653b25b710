"""Whether reading quotes takes time in proportion to length on hostile text: time at n and 2n of cases like make_hostile.py's.

    python benchmarks/quote_growth.py [--characters 200000]

A ratio near 2 is linear, near 4 quadratic. CPU time, the least of three runs; the machine should be quiet.
"""

from __future__ import annotations

import argparse
import time

import copydesk

CASES = {
    "unbalanced straight marks": "\"word ",
    "opening marks": "“word ",
    "mixed marks": "“a‘b’«c»",
    "apostrophes": "rock 'n' roll 'tis '90s o'clock ",
    "said": "said ",
    "endless name": "Mr. A. B. C. ",
    "By": "By ",
    "joined names": "Ann Lee and ",
    "e-mail": "a.",
    "links": "http://",
    "parentheses": "(",
    "blanks": " ",
    "no-break blanks": "\u00a0",
    "line ends": "a\r\n\r\r\n\u2028\u2029",
    "dates": "1/1/ 2024-",
    "digits": "9",
    "initials": "A. ",
    "stops": "...?!",
    "dashes": "- —",
    "one word": "x",
    "marks on a letter": "\u0301",
    "no width": "\u200d\u200b\ufeff",
    "tags": "“A b c,” said Ann Lee. ",
    "pronouns": "Ann Lee sat. “A b c,” she replied. ",
    "turns": "ANN: a b c d\nBOB: e f g h\n",
    "questions": "Q: Why so late?\nA: It was raining.\n",
    "dialogue": "“A b c?” asked Ann Lee.\n“D e f,” said Bob Ray.\n“G h i.”\n",
    "signed lines": "“A b c d e f.”\nTim Moss, singer\n",
    "owners": "'as' bs' cs' ",
    "inches": "12\" wide ",
    "whom": "Ann Lee, whom she called “a b c”, ",
    "namesakes": "Joe Lee and Ann Lee. “A b c,” Lee said. ",
    "led by": "researchers led by Ann Lee led by ",
    "is how": "“A b c d” is how Ann Lee put it ",
    "lists behind dashes": "—dijo que no —\n",
}


def seconds(text: str) -> float:
    """The least CPU time of three runs."""
    found = []
    for _ in range(3):
        started = time.process_time()
        copydesk.find_quotes(text, indirect=True)
        found.append(time.process_time() - started)
    return min(found)


def main() -> None:
    """Print time at n and 2n, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=200_000, help="n, in characters")
    size = parser.parse_args().characters
    copydesk.find_quotes("“Warm up,” said Ann Example.")
    worst = 0.0
    for name, piece in CASES.items():
        start = "The crews said it was late and that they were tired of it.\n"  # reads as English
        short, long = (seconds(start + piece * (length // len(piece))) for length in (size, 2 * size))
        ratio = long / short if short > 0.01 else 0.0  # below that the clock is too coarse
        worst = max(worst, ratio)
        print(f"{name:28} {short:7.3f} s {long:7.3f} s  x {ratio:.1f}", flush=True)
    print(f"largest ratio {worst:.1f}")


if __name__ == "__main__":
    main()
