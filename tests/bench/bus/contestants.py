"""Who competes: how each is set to work, and what its rows tell. Its writer and, but for Koppel's, its reader are
build/bin/bench-<client>."""
import dataclasses
import os
import subprocess

from conditions import BUILD
from ports import free_ports
from pauses import Pauses
from servers import HOST
from waiting import eventually

COMMITTED = "(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint"


@dataclasses.dataclass
class Row:
    """Times in microseconds of the wall clock: when the writer took the event up, when its row was committed."""
    said: int
    committed: int


class Contestant:
    """`name`, `client`, `title`, and `rows`: the table of its effects."""
    rows = "bare.effect"

    def __init__(self, stack, conninfo):
        self.stack, self.conninfo = stack, conninfo

    def program(self, verb, *more):
        return [str(x) for x in (BUILD / f"bin/bench-{self.client}", verb, HOST, self.port(), self.conninfo, *more)]

    def port(self):
        raise NotImplementedError

    def write(self, events, rate):
        """When it began, in microseconds of the wall clock."""
        environment = {**os.environ, "BUS_KEYS_DIR": str(self.stack.keys)}
        return int(subprocess.run(self.program("write", events, rate), check=True, stdout=subprocess.PIPE, text=True,
                                  env=environment).stdout)

    def work(self, events, rate):
        """All of it, until the last row is committed; returns when the first event was due."""
        self.stack.psql("TRUNCATE bare.effect; UPDATE bare.position SET number = 0")
        subprocess.run(self.program("renew"), check=True)
        with subprocess.Popen(self.program("read", events), stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout.readline() == "ready\n"
            began = self.write(events, rate)
        assert reader.returncode == 0, f"the reader of {self.title} failed"
        return began

    def check(self, events):
        """Every event once, none missing."""
        found = self.stack.psql(f"SELECT count(*), count(DISTINCT number), max(number) - min(number) + 1 FROM {self.rows}")
        assert found == f"{events}|{events}|{events}", f"{self.title}: {found} rows, numbers, range rather than {events}"

    def last_commit(self):
        return int(self.stack.psql(f"SELECT max({COMMITTED}) FROM {self.rows}"))

    def rows_in_order(self):
        out = self.stack.psql(f"SELECT said_us, {COMMITTED} FROM {self.rows} ORDER BY number")
        return [Row(*map(int, line.split("|"))) for line in out.splitlines()]


class Ceiling(Contestant):
    """Has no server: its reader listens."""
    name, client, title = "ceiling", "ceiling", "Bare ceiling"

    def __init__(self, stack, conninfo):
        super().__init__(stack, conninfo)
        self.listens = free_ports(1)[0]

    def port(self):
        return self.listens


class Koppel(Contestant):
    """Two services: one says events on command, the other keeps a row for each."""
    name, client, title, rows = "koppel", "koppel", "Koppel", "drain.drained"

    def port(self):
        return self.stack.requests["source"].rsplit(":", 1)[1]

    def work(self, events, rate):
        """The writer returns when all is said; how long the reader still takes, its rows will tell."""
        self.stack.psql("TRUNCATE drain.drained")
        began = self.write(events, rate)
        head = self.stack.client.admin("source", "STATUS")["head"]
        eventually(lambda: self.stack.client.admin("drain", "STATUS")["follows"][0]["seq"] == head, what="the last row")
        return began


class Peer(Contestant):
    """A server of somebody else's."""

    def __init__(self, server, stack, conninfo):
        super().__init__(stack, conninfo)
        self.name, self.client, self.title, self.server = server.name, server.client, server.title, server

    def port(self):
        return self.server.port


def quantiles(times_ms):
    ordered = sorted(times_ms)
    return {str(p): ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))] for p in (10, 50, 90, 99)}


def latency(contestant, rate, seconds):
    """{"due": quantiles from when an event was due, "turn": from when its writer took it up; "due calm" and "turn calm": of the
    events that met no pause of the machine; "away": which part of the time those took; "witness": with what right they were seen}"""
    events = rate * seconds
    with Pauses() as machine:
        began = contestant.work(events, rate)
    contestant.check(events)
    found = {"away": machine.away(began, began + seconds * 1e6), "witness": machine.right}
    rows = list(zip((began + i * 1e6 / rate for i in range(events)), contestant.rows_in_order()))
    calm = [(due, row) for due, row in rows if not machine.met(due, row.committed)]
    for which, some in (("", rows), (" calm", calm)):
        found["due" + which] = quantiles((row.committed - due) / 1e3 for due, row in some)
        found["turn" + which] = quantiles((row.committed - row.said) / 1e3 for _, row in some)
    return found
