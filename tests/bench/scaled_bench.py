"""The log of every Flemish municipality, as far as a day, through all six services: events a second, the memory of each
service on the way, what each process costs, and how long a restart takes at the end."""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from demo_bench import KOPPEL, ROOT, costs, koppel, tell

SERVICES = ("gateway", "registry", "matching", "scheduling", "notifications", "reporting")


class Memory(threading.Thread):
    """Looks at each service's resident memory every second."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.seen, self.done = folder, [], threading.Event()

    def look(self):
        seen = {}
        for name in SERVICES:
            try:
                pid = (self.folder / f"run/{name}.pid").read_text().split()[0]
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                seen[name] = int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024
            except (FileNotFoundError, ProcessLookupError, AttributeError, IndexError):
                return
        self.seen.append(seen)

    def run(self):
        while not self.done.wait(1):
            self.look()


def replay(log, stack, until):
    """What the replay told, and what was seen of the services' memory."""
    koppel("up", "--conducted", "--dir", stack)
    memory = Memory(stack.resolve())
    memory.start()
    try:
        return koppel("replay", log, "--until", until, "--dir", stack), memory.seen
    finally:
        memory.done.set()
        memory.join()


def restart(stack):
    koppel("down", "--dir", stack)
    began = time.monotonic()
    koppel("up", "--dir", stack)
    return time.monotonic() - began


def tell_memory(seen):
    print("memory      MB after a tenth, a half, and all of the way")
    for name in SERVICES:
        print(f"  {name:<14}" + "".join(f"{seen[int((len(seen) - 1) * part)][name]:8.1f}" for part in (0.1, 0.5, 1)))


def main():
    until = sys.argv[1]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-bench-", dir="/var/tmp"))
    os.chmod(folder, 0o755)
    stack, log = folder / "stack", folder / "scaled.log"
    try:
        began = time.monotonic()
        made = koppel("simulate", log, ROOT / "data/scaled/flanders.json").split()[-2]
        print(f"simulated   {made} inputs in {time.monotonic() - began:.0f} s, "
              f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB of memory, "
              f"{log.stat().st_size / 1e6:.0f} MB of log", flush=True)
        before = os.getloadavg()[0]
        played, seen = replay(log, stack, until)
        spent, after = costs(stack), os.getloadavg()[0]
        again = restart(stack)
    finally:
        if stack.exists():
            subprocess.run([KOPPEL, "down", "--dir", stack], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"until       {until}, of {made} inputs")
    tell(played, spent, before, after)
    tell_memory(seen)
    print(f"restart     ready {again:.1f} s after the start of the stopped stack")


if __name__ == "__main__":
    main()
