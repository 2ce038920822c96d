"""Prints what became of each test of tests/faults: table.py RESULTS docs/faults.md.

RESULTS is what results.py wrote. Exit code 1: a row that docs/faults.md says is tested has no result, or a result has no row there.
"""
import json
import re
import sys
import textwrap
from pathlib import Path

WIDTH = 130


def rows_in(page):
    """Names of test classes that a page tells of."""
    return set(re.findall(r"`((?:Row\d\d|Shown)\w+)`", page.read_text()))


def number(row):
    found = re.match(r"Row(\d\d)", row)
    return str(int(found[1])) if found else "-"


def main():
    results_path, page = map(Path, sys.argv[1:])
    results = [json.loads(line) for line in results_path.read_text().splitlines()]
    results.sort(key=lambda r: r["row"])
    print(f"\n{'row':<4}{'test':<62}{'s':>6}  result")
    shown = None
    for result in results:
        if result["row"] != shown:
            shown = result["row"]
            print(f"\n{number(shown):<4}{textwrap.shorten(result['fault'] or shown, WIDTH - 4)}")
        why = f": {textwrap.shorten(result['why'], WIDTH)}" if result["why"] else ""
        print(f"    {result['test'].removeprefix('test_'):<62}{result['seconds']:>6}  {result['result']}{why}")
    counts = {kind: sum(r["result"] == kind for r in results) for kind in ("pass", "known defect", "skip", "FAIL")}
    print("\n" + ", ".join(f"{kind} {count}" for kind, count in counts.items()))
    tested, told = {r["row"] for r in results}, rows_in(page)
    for row in sorted(told - tested):
        print(f"{row} is in {page}, and no test of it ran")
    for row in sorted(tested - told):
        print(f"{row} ran, and is not in {page}")
    return 0 if tested == told else 1


if __name__ == "__main__":
    sys.exit(main())
