"""A log replayed by the whole stack: what it came to, and what it cost each process, as tables."""
import collections
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from conditions import BUILD, ROOT

KOPPEL = BUILD / "bin/koppel"
TICKS = os.sysconf("SC_CLK_TCK")


def koppel(*arguments):
    return subprocess.run([KOPPEL, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout


@contextlib.contextmanager
def folder():
    """For a log and a stack, which is ended and removed."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="koppel-bench-", dir="/var/tmp"))
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        if (path / "stack").exists():
            subprocess.run([KOPPEL, "down", "--dir", path / "stack"], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(path, ignore_errors=True)


def process(pid):
    """(parent's pid, when it began, seconds of processor time) of a process."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[1]), int(fields[19]), (int(fields[11]) + int(fields[12])) / TICKS


def processes(stack):
    """Seconds of processor time of each process of the stack, by (pid, when it began, who, which part of whom)."""
    spent = {}
    for path in (stack / "run").glob("*.pid"):
        if path.stem not in ("supervisor", "postgres"):
            pid = int(path.read_text().split()[0])
            _, began, seconds = process(pid)
            spent[pid, began, path.stem, "service"] = seconds
    postmaster = int((stack / "pg/postmaster.pid").read_text().split()[0])
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent, began, seconds = process(entry.name)
            words = (entry / "cmdline").read_text().replace("\0", " ").split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == postmaster:
            who = words[1] if len(words) > 2 and words[2] == "koppel" else "the rest of the database"
            spent[entry.name, began, who, "database"] = seconds
    return spent


def costs(spent):
    """The same by what for: each service, its database sessions, and the rest of the database."""
    total = collections.Counter()
    for (_, _, who, part), seconds in spent.items():
        total[who, part] += seconds
    return dict(total)


def sums(played, spent):
    """What `koppel replay` printed, as a table of one row."""
    inputs, seconds, said, handled, steps = map(float, re.search(
        r"played +(\d+) inputs .* in ([\d.]+) s: (\d+) events said, (\d+) messages handled\n.* (\d+) supersteps",
        played).groups())
    cpu = sum(spent.values())
    return ("| inputs | said | handled | supersteps | seconds | said/s | handled/s | CPU | µs an event said |\n"
            "|---|---|---|---|---|---|---|---|---|\n"
            f"| {inputs:,.0f} | {said:,.0f} | {handled:,.0f} | {steps:,.0f} | {seconds:.1f} | {said / seconds:,.0f} | "
            f"{handled / seconds:,.0f} | {cpu:.1f} s | {1e6 * cpu / said:.0f} |")


def bill(spent):
    """Who had the processor, the dearest first."""
    totals = {who: sum(s for (w, _), s in spent.items() if w == who) for who, _ in spent}
    lines = ["| CPU seconds | service | its database sessions |", "|---|---|---|"]
    for who in sorted(totals, key=totals.get, reverse=True):
        lines.append(f"| {who} | " + " | ".join(f"{spent[who, part]:.1f}" if (who, part) in spent else ""
                                                for part in ("service", "database")) + " |")
    return "\n".join(lines)
