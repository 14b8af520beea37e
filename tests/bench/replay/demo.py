"""The demonstration through all six services: simulated, then replayed as fast as it goes into a new stack.
demo.py [FOLDER] puts what it came to into bench.md there."""
import pathlib
import sys

import page
from conditions import Conditions
from replayed import BUILD, ROOT, bill, costs, folder, koppel, processes, sums

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else BUILD / "bench")


def main():
    with folder() as work:
        stack, log = work / "stack", work / "demo.log"
        koppel("simulate", log, *sorted((ROOT / "data/simulation").glob("*.json")))
        conditions = Conditions()
        played = koppel("replay", log, "--fresh", stack)
        spent, under = costs(processes(stack)), conditions.tell()
    text = (f"{sums(played, spent)}\n\n{bill(spent)}\n\nConditions: the start of the stack is in the CPU seconds; commits not "
            f"awaited on the disk, as in every replay. {under}.")
    page.put_and_tell(FOLDER / "bench.md", text, "figures of the demonstration")


if __name__ == "__main__":
    main()
