"""The log of every Flemish municipality, as far as a day, through all six services: events a second, the memory of each
service on the way, what each process costs, and how long a restart takes at the end. scaled.py UNTIL [FOLDER]
puts that into bench.md there."""
import pathlib
import re
import resource
import sys
import threading
import time

import page
from conditions import Conditions
from replayed import BUILD, ROOT, bill, costs, folder, koppel, sums

SERVICES = ("gateway", "registry", "matching", "scheduling", "notifications", "reporting")
UNTIL = sys.argv[1]
FOLDER = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else BUILD / "bench")


class Memory(threading.Thread):
    """Looks at each service's resident memory every second."""

    def __init__(self, stack):
        super().__init__(daemon=True)
        self.stack, self.seen, self.done = stack, [], threading.Event()

    def look(self):
        seen = {}
        for name in SERVICES:
            try:
                pid = (self.stack / f"run/{name}.pid").read_text().split()[0]
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                seen[name] = int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024
            except (FileNotFoundError, ProcessLookupError, AttributeError, IndexError):
                return
        self.seen.append(seen)

    def run(self):
        while not self.done.wait(1):
            self.look()

    def table(self):
        lines = ["| MB of memory | after a tenth | a half | all of the way |", "|---|---|---|---|"]
        for name in SERVICES:
            at = [self.seen[int((len(self.seen) - 1) * part)][name] for part in (0.1, 0.5, 1)]
            lines.append(f"| {name} | " + " | ".join(f"{mb:.0f}" for mb in at) + " |")
        return "\n".join(lines)


def simulate(log):
    began = time.monotonic()
    made = int(koppel("simulate", log, ROOT / "data/scaled/flanders.json").split()[-2])
    return (f"The whole log: {made:,} inputs, {log.stat().st_size / 1e6:.0f} MB, made in {time.monotonic() - began:.0f} s with "
            f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB of memory. Replayed before {UNTIL}:")


def replay(log, stack):
    """What the replay told, and what was seen of the services' memory."""
    koppel("up", "--conducted", "--dir", stack)
    memory = Memory(stack.resolve())
    memory.start()
    try:
        return koppel("replay", log, "--until", UNTIL, "--dir", stack), memory
    finally:
        memory.done.set()
        memory.join()
        memory.look()


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
        played, memory = replay(log, stack)
        spent, under = costs(stack), conditions.tell()
        again = restart(stack)
    text = (f"{made}\n\n{sums(played, spent)}\n\n{bill(spent)}\n\n{memory.table()}\n\n"
            f"Stopped at the end and started again, it is ready in {again:.1f} s. Conditions: the start of the stack is in the "
            f"CPU seconds; commits not awaited on the disk. {under}.")
    page.put_and_tell(FOLDER / "bench.md", text, f"figures until {UNTIL}")


if __name__ == "__main__":
    main()
