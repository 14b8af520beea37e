"""The same work by Koppel, by the peers and by the bare ceiling, in one run, in turns on one machine: events of 300
bytes, from the first send until each has its row in the reader's own Postgres table exactly once; and latency at
steady rates. peers_bench.py [EVENTS [ROUNDS [FOLDER]]] puts the figures into bench-peers.md there and draws
bench-peers.svg."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "peers"), str(HERE.parent / "support")]
import bus_bench  # noqa: E402
import peers_report  # noqa: E402
from ministack import BUILD, MiniStack, eventually  # noqa: E402
from servers import HOST, SERVERS  # noqa: E402

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 200000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
FOLDER = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else BUILD / "bench")
RATES, SECONDS = (500, 2000), 5


def cpu_seconds():
    """What all processes below this one have used, ended ones included."""
    used, parents, me = {}, {}, os.getpid()
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents[pid] = int(fields[1])
        own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        used[pid] = ended if pid == me else own + ended

    def below(pid):
        while pid in parents and pid != me:
            pid = parents[pid]
        return pid == me
    return sum(ticks for pid, ticks in used.items() if below(pid)) / os.sysconf("SC_CLK_TCK")


class Contestant:
    """name, title; `work(events, rate)` returns events per second; `rows` is the table it filled: number, said_us."""

    def __init__(self, name, title, bench, rows):
        self.name, self.title, self.bench, self.rows = name, title, bench, rows

    def latencies(self):
        """Milliseconds from when the event was due until its row was committed."""
        out = self.bench.stack.psql(
            f"SELECT (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 - said_us / 1000.0)::float FROM {self.rows}")
        return sorted(float(line) for line in out.splitlines())

    def check(self, events):
        found = self.bench.stack.psql(f"SELECT count(*), count(DISTINCT number) FROM {self.rows}")
        assert found == f"{events}|{events}", f"{self.name}: {found} rows and numbers rather than {events}"


class Koppel(Contestant):
    def __init__(self, bench):
        super().__init__("koppel", "Koppel", bench, "drain.drained")

    def work(self, events, rate):
        self.bench.stack.psql("TRUNCATE drain.drained")
        if rate == 0:
            return self.bench.bus(events)
        self.due = self.steady(events, rate)
        return rate

    def steady(self, events, rate):
        """A command for each event; returns when each was due, by the wall clock, in milliseconds."""
        sock = self.bench.stack.client.dealer("source")
        upto = self.bench.head() + 2 * events
        began, began_ms = time.monotonic(), time.time() * 1000
        for i in range(events):
            time.sleep(max(0, began + i / rate - time.monotonic()))
            sock.send_multipart(self.bench.frames(1, i))
            while sock.poll(0):
                sock.recv_multipart()
        eventually(lambda: self.bench.drained() == upto, what="the steady events")
        while sock.poll(100):
            sock.recv_multipart()
        return [began_ms + i * 1000 / rate for i in range(events)]

    def latencies(self):
        out = self.bench.stack.psql("SELECT (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 "
                                    "FROM drain.drained ORDER BY number")
        return sorted(float(done) - due for done, due in zip(out.splitlines(), self.due))


class Ceiling(Contestant):
    def __init__(self, bench):
        super().__init__("ceiling", "Bare ceiling", bench, "bare.bare_effect")

    def work(self, events, rate):
        return self.bench.ceiling(events, rate)


class Peer(Contestant):
    def __init__(self, server, bench):
        super().__init__(server.name, server.title, bench, "bare.peer_effect")
        self.server, self.program = server, BUILD / f"bin/bench-peer-{server.name}"

    def command(self, verb, *more):
        return [str(x) for x in (self.program, verb, HOST, self.server.port, *more)]

    def work(self, events, rate):
        self.bench.stack.psql("TRUNCATE bare.peer_effect; UPDATE bare.peer_position SET number = 0")
        subprocess.run(self.command("renew"), check=True)
        reader = subprocess.Popen(self.command("read", events, self.bench.conninfo), stdout=subprocess.PIPE, text=True)
        assert reader.stdout.readline() == "ready\n"
        began = int(subprocess.run(self.command("write", events, rate), check=True, stdout=subprocess.PIPE, text=True).stdout)
        ended = int(reader.communicate()[0])
        return events / ((ended - began) / 1e6)


def present(server):
    """Says why where it is not."""
    why = server.missing()
    if why is None and not (BUILD / f"bin/bench-peer-{server.name}").exists():
        why = "its C client library is not installed"
    if why:
        print(f"{server.title} skipped: {why} (make bench-peers-deps)")
    return why is None


def compete(contestants, stack):
    """{name: {"rate": […], "cpu": […], "500": [(p50, p99), …], "2000": […]}}"""
    found = {one.name: {"rate": [], "cpu": [], **{str(rate): [] for rate in RATES}} for one in contestants}
    for one in contestants:
        one.work(20000, 0)
    for turn in range(ROUNDS):
        for one in contestants:
            stack.psql("CHECKPOINT")
            before = cpu_seconds()
            rate = one.work(EVENTS, 0)
            found[one.name]["cpu"].append((cpu_seconds() - before) / EVENTS * 1e6)
            found[one.name]["rate"].append(rate)
            one.check(EVENTS)
            print(f"  round {turn + 1} {one.title:16} {rate:8.0f} events/s {found[one.name]['cpu'][-1]:6.1f} µs of CPU each", flush=True)
        for rate in RATES:
            for one in contestants:
                one.work(rate * SECONDS, rate)
                one.check(rate * SECONDS)
                late = one.latencies()
                found[one.name][str(rate)].append((statistics.median(late), late[int(len(late) * 0.99)]))
    return found


def conditions(servers):
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    return {"events": EVENTS, "rounds": ROUNDS, "cores": os.cpu_count(), "cpu": cpu, "load": os.getloadavg(),
            "servers": {one.name: {"version": one.version(), "settings": one.settings} for one in servers}}


def main():
    with MiniStack(["source", "drain"], bus_bench.PROGRAMS, durable=True, postgres=["-c", "track_commit_timestamp=on"]) as stack:
        bench = bus_bench.Bench(stack)
        stack.psql("SET ROLE bare; SET search_path = bare; CREATE TABLE peer_position (number bigint NOT NULL);"
                   "INSERT INTO peer_position VALUES (0);"
                   "CREATE TABLE peer_effect (seq bigint NOT NULL, number bigint NOT NULL, said_us bigint NOT NULL)")
        servers = []
        try:
            for kind in SERVERS:
                if present(kind):
                    servers.append(kind(stack.folder).__enter__())
            contestants = [Ceiling(bench), Koppel(bench)] + [Peer(server, bench) for server in servers]
            found = compete(contestants, stack)
            result = {"conditions": conditions(servers), "titles": {one.name: one.title for one in contestants}, "found": found}
        finally:
            for server in servers:
                server.__exit__()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (BUILD / "bench").mkdir(exist_ok=True)
    (BUILD / "bench/peers.json").write_text(json.dumps(result, indent=1))
    peers_report.write(result, FOLDER)


if __name__ == "__main__":
    main()
