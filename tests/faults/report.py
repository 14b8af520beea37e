"""What a storm has shown: told as it ends, and written with a timeline into faults.md of a folder."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import page  # noqa: E402
import timeline  # noqa: E402
from stack import SERVICES  # noqa: E402

FAULTS = {  # kinds of trouble, in the order of the page
    "asleep": "a service stopped for up to 7 s, anywhere",
    "terminate": "a service told to end",
    "frames": "frames mistreated from now on: the rates of one connection changed",
    "deaf": "a connection silent for up to 4 s",
    "rebind": "a connection cut",
    "reconnects": "ten connections cut within half a second",
    "backend": "a service's database sessions ended",
    "crowd": "all of Postgres' connections taken by others",
    "database": "Postgres killed or shut down, and started",
    "disk": "the disk full",
    "poison": "a subject whose events cannot be handled, for a while, or end the process",
    "operator": "all dead letters tried again by an operator, amid the rest",
}
WRONGED = {"drop": "lost", "twice": "doubled", "late": "late", "swap": "out of order", "cut": "cut short", "deaf": "into silence"}
SLICE_S = 5


def counts(words, counter):
    return ", ".join(f"{counter[key]:,} {word}" for key, word in words.items() if counter[key])


def rows(stack, storm):
    places = stack.places
    least = {how: min(places.acted[name, how] for name in places.names) for how in ("KILL", "STOP")}
    at = {how: sum(places.acted[name, how] for name in places.names) for how in ("KILL", "STOP")}
    yield (f"`kill -9` at one of {len(places.names)} labelled steps of the loop, of catch-up and of parking", at["KILL"],
           f"each at least {least['KILL']} times")
    yield "`kill -9` anywhere else", storm.kills["anywhere"], ""
    yield "a service ended by a message that it handles", storm.kills["by a message"], ""
    yield "SIGSTOP at a labelled step, SIGCONT up to 7 s later", at["STOP"], f"each at least {least['STOP']} times"
    notes = {"frames": counts(WRONGED, stack.wronged), "poison": f"{stack.letters()} letters parked",
             "crowd": f"{stack.logged(SERVICES, 'connection slots', 'too many clients')} times a service found none",
             "disk": f"{stack.logged(['pg'], 'No space left')} times Postgres found no room"}
    for kind, words in FAULTS.items():
        if kind == "disk" and not stack.mounted:
            continue
        yield words, storm.trouble.done[kind], notes.get(kind, "")


def tell(stack, storm, loads, samples, stormy):
    kills, events = storm.kills.total(), int(stack.psql("SELECT count(*) FROM sink.ledger"))
    yield f"{kills:,} kills in {stormy / 60:.1f} minutes, {stack.starts:,} starts of three services"
    yield (f"{events:,} events handled, {sum(len(load.answers) for load in loads):,} commands answered, "
           f"{sum(load.repeats for load in loads):,} repeated for want of an answer")
    for name, (before, after) in samples.grown.items():
        yield (f"{name} held {before[0] / 1024:.1f} MB and {before[1]:.0f} descriptors, later {after[0] / 1024:.1f} MB and "
               f"{after[1]:.0f}")


def slices(moments, n):
    found = [0] * n
    for moment in moments:
        if 0 <= moment < n * SLICE_S:
            found[int(moment / SLICE_S)] += 1
    return found


def draw(path, stack, storm, seconds):
    n = int(seconds / SLICE_S) + 1
    handled = stack.psql(f"SELECT extract(epoch FROM at) - {stack.began}, count(*) FROM sink.ledger GROUP BY 1")
    events = [0] * n
    for moment, count in (row.split("|") for row in handled.splitlines()):
        if 0 <= float(moment) < n * SLICE_S:
            events[int(float(moment) / SLICE_S)] += int(count)
    marks = [(words, [at for at, kind in storm.trouble.happened if kind == which])
             for words, which in (("Postgres down", "database"), ("disk full", "disk"), ("connections taken", "crowd"))]
    timeline.draw(path, f"A storm of {seconds:.0f} s", SLICE_S,
                  [("events handled", events), ("kills", slices(storm.killed_at, n))], marks)


def write(folder, stack, storm, told, table, how):
    """`how`: what was run, and under which conditions."""
    text = ["| fault | times | |", "|---|---:|---|", *(f"| {words} | {n:,} | {note} |" for words, n, note in table), "",
            *(f"- {line}" for line in told), "", how]
    page.put(pathlib.Path(folder) / "faults.md", "\n".join(text), "figures of the storm")
    draw(pathlib.Path(folder) / "faults.svg", stack, storm, storm.seconds)
