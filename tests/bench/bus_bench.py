"""The bus beside its bare ceiling, in one run on one durable Postgres, in turns: throughput, and latency at a steady
rate. bus_bench.py [EVENTS [ROUNDS]]"""
import pathlib
import statistics
import subprocess
import sys
import time

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ministack import BUILD, MiniStack, eventually, free_ports  # noqa: E402

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 200000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
PER_COMMAND, AT_ONCE, RATE, SECONDS = 1000, 6, 500, 8
CEILING = BUILD / "bin/bench-ceiling"
PROGRAMS = {"source": BUILD / "bin/ledger-source", "drain": BUILD / "bin/ledger-drain"}


class Bench:
    def __init__(self, stack):
        self.stack = stack
        stack.psql("CREATE ROLE bare LOGIN; CREATE SCHEMA bare AUTHORIZATION bare; ALTER ROLE bare SET search_path = bare")
        stack.psql("SET ROLE bare; SET search_path = bare; CREATE TABLE bare_log (seq bigint PRIMARY KEY, data bytea NOT NULL);"
                   "CREATE TABLE bare_effect (seq bigint NOT NULL, number bigint NOT NULL, said_us bigint NOT NULL);"
                   "CREATE TABLE bare_position (seq bigint NOT NULL); INSERT INTO bare_position VALUES (0)")
        self.conninfo = f"host={stack.folder} dbname=koppel user=bare"

    def ceiling(self, events, rate):
        self.stack.psql("TRUNCATE bare.bare_log, bare.bare_effect")
        endpoint = f"tcp://127.0.0.1:{free_ports(1)[0]}"
        reader = subprocess.Popen([CEILING, "read", self.conninfo, endpoint, str(events)], stdout=subprocess.PIPE, text=True)
        assert reader.stdout.readline() == "ready\n"
        began = int(subprocess.run([CEILING, "write", self.conninfo, endpoint, str(events), str(rate)], check=True,
                                   stdout=subprocess.PIPE, text=True).stdout)
        ended = int(reader.communicate()[0])
        return events / ((ended - began) / 1e6)

    def frames(self, n, i):
        header = {"id": f"bench-{time.monotonic_ns()}-{i}", "source": "/bench", "type": "koppel.source.emit.v1", "specversion": "1.0"}
        return [b"%08d" % i, b"", b"COMMAND", msgpack.packb(header), msgpack.packb({"subject": "bench", "n": n, "bytes": 230})]

    def drained(self):
        status = self.stack.client.admin("drain", "STATUS", seconds=60)
        return status["follows"][0]["seq"]

    def head(self):
        return self.stack.client.admin("source", "STATUS", seconds=60)["head"]

    def bus(self, events):
        sock = self.stack.client.dealer("source")
        commands = events // PER_COMMAND
        upto = self.head() + events + commands
        began = time.monotonic()
        sent = answered = 0
        while answered < commands:
            while sent < commands and sent - answered < AT_ONCE:
                sock.send_multipart(self.frames(PER_COMMAND, sent))
                sent += 1
            sock.recv_multipart()
            answered += 1
        while self.drained() < upto:
            time.sleep(0.005)
        return events / (time.monotonic() - began)

    def steady(self, events, rate):
        sock = self.stack.client.dealer("source")
        upto = self.head() + 2 * events
        self.stack.psql("TRUNCATE drain.drained")
        began = time.monotonic()
        for i in range(events):
            time.sleep(max(0, began + i / rate - time.monotonic()))
            sock.send_multipart(self.frames(1, i))
            while sock.poll(0):
                sock.recv_multipart()
        eventually(lambda: self.drained() == upto, what="the steady events")
        while sock.poll(100):
            sock.recv_multipart()

    def latency(self, table):
        return [float(x) for x in self.stack.psql(
            "SELECT round(percentile_cont(p) WITHIN GROUP (ORDER BY ms)::numeric, 2) FROM (VALUES (0.5), (0.99)) AS p(p), "
            "(SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 - said_us / 1000.0 AS ms "
            f"FROM {table}) AS x GROUP BY p ORDER BY p").split()]


def main():
    with MiniStack(["source", "drain"], PROGRAMS, durable=True, postgres=["-c", "track_commit_timestamp=on"]) as stack:
        bench = Bench(stack)
        bench.bus(PER_COMMAND * 20)
        bench.ceiling(PER_COMMAND * 20, 0)
        found = {"ceiling": [], "bus": []}
        for _ in range(ROUNDS):
            found["ceiling"].append(bench.ceiling(EVENTS, 0))
            found["bus"].append(bench.bus(EVENTS))
            stack.psql("TRUNCATE drain.drained; CHECKPOINT")
        late = {"ceiling": [], "bus": []}
        for _ in range(ROUNDS):
            bench.ceiling(RATE * SECONDS, RATE)
            late["ceiling"].append(bench.latency("bare.bare_effect"))
            bench.steady(RATE * SECONDS, RATE)
            late["bus"].append(bench.latency("drain.drained"))
    rate = {who: statistics.median(runs) for who, runs in found.items()}
    p50, p99 = ({who: statistics.median(run[i] for run in runs) for who, runs in late.items()} for i in (0, 1))
    print(f"{EVENTS} events of 300 bytes, {ROUNDS} rounds in turns, medians; latency at {RATE}/s")
    print(f"{'':10} {'events/s':>10} {'p50 ms':>8} {'p99 ms':>8}   rounds")
    for who in ("ceiling", "bus"):
        print(f"{who:10} {rate[who]:10.0f} {p50[who]:8.2f} {p99[who]:8.2f}   " + " ".join(f"{x:.0f}" for x in found[who]))
    print(f"{'ratio':10} {rate['bus'] / rate['ceiling']:10.2f} {p50['bus'] / p50['ceiling']:8.2f} {p99['bus'] / p99['ceiling']:8.2f}")


if __name__ == "__main__":
    main()
