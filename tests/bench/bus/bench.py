"""The same work by Koppel, by what people use instead and by the bare ceiling, in one run on one machine, in turns:
events of 300 bytes, from the first send until each has its row in the reader's own Postgres table exactly once; and
latency at steady rates. bench.py [EVENTS [ROUNDS [FOLDER]]] puts the figures into bench.md there and draws bench.svg."""
import contextlib
import json
import os
import pathlib
import sys

import report
from conditions import BUILD, Conditions
from contestants import Ceiling, Koppel, Peer, latency
from ministack import MiniStack
from servers import NOT_INSTALLED, SERVERS

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 200000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
FOLDER = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else BUILD / "bench")
RATES, SECONDS = (500, 2000), 5
PROGRAMS = {"source": BUILD / "bin/ledger-source", "drain": BUILD / "bin/ledger-drain"}
POSTGRES = ["-c", "track_commit_timestamp=on", "-c", "track_wal_io_timing=on"]
TABLES = """CREATE ROLE bare LOGIN; CREATE SCHEMA bare AUTHORIZATION bare; ALTER ROLE bare SET search_path = bare;
SET ROLE bare; SET search_path = bare;
CREATE TABLE bare_log (seq bigint PRIMARY KEY, data bytea NOT NULL);
CREATE TABLE position (number bigint NOT NULL); INSERT INTO position VALUES (0);
CREATE TABLE effect (seq bigint NOT NULL, number bigint NOT NULL, said_us bigint NOT NULL)"""


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


def present(server):
    """Says why where it is not."""
    why = server.missing()
    if why is None and not (BUILD / f"bin/bench-{server.client}").exists():
        why = f"its C client library {NOT_INSTALLED}"
    if why:
        print(f"{server.title} is passed over: {why}")
    return why is None


def throughput(one, stack):
    """Events a second, and microseconds of processor time for each."""
    stack.psql("CHECKPOINT")
    before = cpu_seconds()
    began = one.work(EVENTS, 0)
    cpu = (cpu_seconds() - before) / EVENTS * 1e6
    one.check(EVENTS)
    return EVENTS / (one.last_commit() - began) * 1e6, cpu


def compete(contestants, stack):
    """{name: {"rate": […], "cpu": […], "500": [{"due": quantiles, "turn": quantiles}, …], "2000": […]}}"""
    found = {one.name: {"rate": [], "cpu": [], **{str(rate): [] for rate in RATES}} for one in contestants}
    for one in contestants:
        one.work(20000, 0)
    for turn in range(ROUNDS):
        for one in contestants:
            rate, cpu = throughput(one, stack)
            found[one.name]["rate"].append(rate)
            found[one.name]["cpu"].append(cpu)
            print(f"  round {turn + 1} {one.title:16} {rate:8.0f} events/s {cpu:6.1f} µs of CPU each", flush=True)
        for rate in RATES:
            for one in contestants:
                found[one.name][str(rate)].append(latency(one, rate, SECONDS))
                last = found[one.name][str(rate)][-1]
                print(f"  round {turn + 1} {one.title:16} {rate:8} events/s {last['due']['50']:6.2f} ms, p99 {last['due']['99']:.2f}, "
                      f"without the machine's pauses {last['due calm']['99']:.2f} ({last['away']:.1%})", flush=True)
    return found


def version(stack):
    return stack.psql("SHOW server_version").split()[0]


def flush_ms(stack):
    """What Postgres took for one flush to disk, on average over all that was measured."""
    return float(stack.psql("SELECT wal_sync_time / wal_sync FROM pg_stat_wal"))


def main():
    with contextlib.ExitStack() as running:
        stack = running.enter_context(MiniStack(["source", "drain"], PROGRAMS, durable=True, postgres=POSTGRES))
        stack.psql(TABLES)
        conninfo, conditions = f"host={stack.folder} dbname=koppel user=bare", Conditions()
        servers = [running.enter_context(kind(stack.folder)) for kind in SERVERS if present(kind)]
        contestants = [Ceiling(stack, conninfo), Koppel(stack, conninfo), *(Peer(one, stack, conninfo) for one in servers)]
        found = compete(contestants, stack)
        result = {"events": EVENTS, "rounds": ROUNDS, "seconds": SECONDS, "found": found,
                  "titles": {one.name: one.title for one in contestants},
                  "conditions": f"{conditions.tell()}; Postgres {version(stack)}, "
                                f"a flush to disk {flush_ms(stack):.2f} ms",
                  "servers": {one.name: f"{one.title} {one.version()}: {one.settings}" for one in servers}}
    (BUILD / "bench").mkdir(exist_ok=True)
    (BUILD / "bench/bus.json").write_text(json.dumps(result, indent=1))
    report.write(result, FOLDER)


if __name__ == "__main__":
    main()
