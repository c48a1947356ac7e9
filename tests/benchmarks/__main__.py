"""python -m tests.benchmarks [NAME ...]: measures everything, or what is named, and prints a table.

A missed target is a figure, not a failure: the exit code is 1 only where a benchmark could not be carried out.
"""

import argparse
import sys
import time
import traceback
from importlib import import_module

from tests.benchmarks.harness import Figure, machine, say, table

NAMES = ("startup", "reading", "pressing", "rows", "viewer", "repaints", "walk", "filtering", "topics", "idle")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Measures what sluice costs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which, of {', '.join(NAMES)}; all without a name")
    names = parser.parse_args().names or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        parser.error(f"there is no {unknown[0]!r}; there are {', '.join(NAMES)}")
    figures: list[Figure] = []
    broken: list[str] = []
    for name in names:
        started = time.monotonic()
        say(f"{name} …")
        try:
            figures += import_module(f"tests.benchmarks.{name}").measure()
        except Exception:  # the others are still worth measuring
            traceback.print_exc()
            broken.append(name)
        say(f"{name}: {time.monotonic() - started:.0f} s")
    print(f"sluice on {machine()}\n")
    print(table(figures))
    for name in broken:
        print(f"\n{name} could not be measured; see above")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
