"""The demonstration through all six services: simulated, then replayed as fast as it goes into a new stack. What it
comes to a second, and what it costs each process; beside the conditions, without which the numbers say nothing."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, ROOT  # noqa: E402

KOPPEL = BUILD / "bin/koppel"
TICKS = os.sysconf("SC_CLK_TCK")


def koppel(*arguments):
    return subprocess.run([KOPPEL, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


def cpu_of(pid):
    """(parent's pid, seconds of processor time) of a process."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS


def costs(folder):
    """Seconds of processor time by what for: each service, its database sessions, and the rest of the database."""
    spent = {}
    for path in (folder / "run").glob("*.pid"):
        if path.stem not in ("supervisor", "postgres"):
            spent[path.stem, "service"] = cpu_of(int(path.read_text().split()[0]))[1]
    postmaster = int((folder / "pg/postmaster.pid").read_text().split()[0])
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent, seconds = cpu_of(entry.name)
            words = (entry / "cmdline").read_text().replace("\0", " ").split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == postmaster:
            who = words[1] if len(words) > 2 and words[2] == "koppel" else "others"
            spent[who, "database"] = spent.get((who, "database"), 0) + seconds
    return spent


def tell(played, spent, before, after):
    """What `koppel replay` printed, what it cost, and the load before and after."""
    inputs, seconds, said, handled, steps = re.search(
        r"played +(\d+) inputs .* in ([\d.]+) s: (\d+) events said, (\d+) messages handled\n.* (\d+) supersteps",
        played).groups()
    total = sum(spent.values())
    print(f"conditions  {os.cpu_count()} processors; load {before:.1f} before, {after:.1f} after; Postgres, the six "
          "services and the conductor on this machine; commits not awaited on the disk, as in every replay")
    print(f"played      {inputs} inputs in {steps} supersteps")
    print(f"said        {said} events, {int(said) / float(seconds):.0f} a second over {seconds} s")
    print(f"handled     {handled} messages, {int(handled) / float(seconds):.0f} a second")
    print(f"processor   {total:.1f} s, the start included: {1e6 * total / int(handled):.0f} µs a message handled, "
          f"{1e6 * total / int(said):.0f} an event said")
    for who in sorted({who for who, _ in spent}, key=lambda who: -sum(s for (w, _), s in spent.items() if w == who)):
        print(f"  {who:<14}{spent.get((who, 'service'), 0):6.1f} s in the service"
              f"{spent.get((who, 'database'), 0):6.1f} s in its database sessions")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-bench-", dir="/var/tmp"))
    os.chmod(folder, 0o755)
    stack, log = folder / "stack", folder / "demo.log"
    try:
        koppel("simulate", log, *sorted((ROOT / "data/simulation").glob("*.json")))
        before = os.getloadavg()[0]
        played = koppel("replay", log, "--fresh", stack)
        spent, after = costs(stack), os.getloadavg()[0]
    finally:
        if stack.exists():
            subprocess.run([KOPPEL, "down", "--dir", stack], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
    print(time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))
    tell(played, spent, before, after)


if __name__ == "__main__":
    main()
