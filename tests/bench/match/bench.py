"""Matching at scale: what bench-match prints, as tables. bench.py FOLDER PEOPLE EDGES ROUNDS CHANGES puts them into
bench-match.md there."""
import collections
import pathlib
import subprocess
import sys

import page
from conditions import BUILD, Conditions

FOLDER, SIZES = pathlib.Path(sys.argv[1]), sys.argv[2:]


def measure():
    """The lines of both parts, split in words: what is behind a shape's name, and {change: {shape: numbers}}."""
    solves, changes, shape = {}, collections.defaultdict(dict), None
    with subprocess.Popen([BUILD / "bin/bench-match", *SIZES], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            print(line, end="", flush=True)
            words = line.split()
            if line[:1].isalpha() and len(words) > 7 and words[1].isdigit():
                solves[words[0]] = words[1:]
            elif len(words) == 1:
                shape = words[0]
            elif len(words) > 8 and words[-1].isdigit():
                changes[" ".join(words[:-7])][shape] = words[-7:]
            elif words[:1] == ["afterwards:"] and words[-2:] != ["same", "total"]:
                raise SystemExit("the optimum was not kept")
    if run.returncode or not solves:
        raise SystemExit("bench-match failed")
    return solves, changes


def solve_table(solves):
    lines = ["| CPU seconds | Koppel | LEMON | ratio (aim: 0.5) | totals |", "|---|---|---|---|---|"]
    for shape, (_, ours, _, lemon, _, ratio, *totals) in solves.items():
        lines.append(f"| {shape} | {ours} | {lemon} | {ratio} | {' '.join(totals)} |")
    return "\n".join(lines)


def change_table(changes, shapes):
    head = " | ".join(f"{shape} p50 | p99 | nodes p50 | p99" for shape in shapes)
    lines = [f"| CPU µs | {head} |", "|---" * (1 + 4 * len(shapes)) + "|"]
    for change, by_shape in changes.items():
        numbers = [f"{int(by_shape[shape][at]):,}" for shape in shapes for at in (1, 2, 5, 6)]
        lines.append(f"| {change} | " + " | ".join(numbers) + " |")
    return "\n".join(lines)


def main():
    people, edges, rounds, each = SIZES
    conditions = Conditions()
    solves, changes = measure()
    text = (f"{solve_table(solves)}\n\n{change_table(changes, list(solves))}\n\nConditions: {int(people):,} newcomers with {edges} "
            f"eligible volunteers each; rounds in turns, of which the medians: {rounds}; {int(each):,} random changes. "
            f"{conditions.tell()}.")
    page.put_and_tell(FOLDER / "bench-match.md", text)


if __name__ == "__main__":
    main()
