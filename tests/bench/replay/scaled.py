"""The log of every Flemish municipality, as far as a day, through all six services: events a second, what each process costs
and how much memory each service has on the way, and how long a restart takes at the end. scaled.py UNTIL [FOLDER]
puts that into bench.md there."""
import pathlib
import resource
import sys
import time

import page
from conditions import Conditions
from replayed import BUILD, ROOT, folder, koppel, sums
from watch import Watch

UNTIL = sys.argv[1]
FOLDER = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else BUILD / "bench")


def simulate(log):
    began = time.monotonic()
    made = int(koppel("simulate", log, ROOT / "data/scaled/flanders.json").split()[-2])
    return (f"The whole log: {made:,} inputs, {log.stat().st_size / 1e6:.0f} MB, made in {time.monotonic() - began:.0f} s with "
            f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB of memory. Replayed before {UNTIL}:")


def replay(log, stack):
    """What the replay told, and what was seen on the way."""
    koppel("up", "--conducted", "--dir", stack)
    with Watch(stack.resolve()) as watch:
        return koppel("replay", log, "--until", UNTIL, "--dir", stack), watch


def restart(stack):
    """Seconds until a stopped stack is ready again."""
    koppel("down", "--dir", stack)
    began = time.monotonic()
    koppel("up", "--dir", stack)
    return time.monotonic() - began


def main():
    with folder() as work:
        stack, log = work / "stack", work / "scaled.log"
        made, conditions = simulate(log), Conditions()
        played, watch = replay(log, stack)
        under = conditions.tell()
        again = restart(stack)
    text = (f"{made}\n\n{sums(played, watch.spent())}\n\n{watch.costs()}\n\n{watch.memory()}\n\n"
            f"Stopped at the end and started again, it is ready in {again:.1f} s. Conditions: the start of the stack is in the "
            f"CPU seconds; commits not awaited on the disk. {under}.")
    page.put_and_tell(FOLDER / "bench.md", text, f"figures until {UNTIL}")


if __name__ == "__main__":
    main()
