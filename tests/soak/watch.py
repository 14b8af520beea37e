"""What must stay flat while services run: their memory and descriptors, their database sessions, the bus's own tables."""
import pathlib
import time

MB = 1 << 20
RSS_MAX = 160 * MB         # of a service at any time: 16 MB of each of two streams, what libzmq has read, and all that
                           # again which glibc holds freed. Not its growth: at work it is the size of its largest burst
GROWTH_SECONDS = 120       # a shorter soak is over before its tables have grown warm: no growth is judged
REST_SECONDS = 15          # after the work is done; a service gives memory back ten seconds after it last did
REST_GROWTH_MAX = 8 * MB   # of what a service holds at rest, from the first quarter on
DESCRIPTORS_MAX = 80
SESSIONS_MAX = 30          # of three services, with those that a crash has left behind
TABLES = ("stream_head", "clock", "timer", "effect", "attempt", "dead_letter", "reader_position")
TABLE_MAX = 8 * MB         # with its indexes, at any time
TABLE_GROWTH_MAX = 2 * MB  # from the second quarter to the last
ROW_GROWTH_MAX = 1.25      # of the tables that keep history: bytes a row in the last quarter by those in the second

SIZES = """SELECT n.nspname || '.' || c.relname, pg_total_relation_size(c.oid)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('source', 'relay', 'sink')"""
DEAD = "SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables WHERE relname IN ('%s')" % "', '".join(TABLES)
HISTORY = """SELECT sum(size) / greatest(1, (SELECT last_seq FROM source.stream_head)) FROM
    (SELECT pg_total_relation_size(relid) AS size FROM pg_partition_tree('source.event_log') WHERE isleaf) AS x"""


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


class Watch:
    """Samples now and then; afterwards, what was not flat."""

    def __init__(self, stack, seconds):
        self.stack, self.seconds, self.quarter = stack, seconds, 0
        self.lives = {}    # pid: [service, first seen, last seen, RSS]
        self.memory = {}   # (service, quarter): the largest RSS
        self.rests = {}    # service: what it held at rest, of each quarter
        self.samples = []  # (quarter, {table: bytes}, dead rows, bytes a history row)
        self.peaks = {"rss": 0, "descriptors": 0, "sessions": 0, "dead rows": 0}
        self.faults = []

    def peak(self, what, value, most, whose):
        self.peaks[what] = max(self.peaks[what], value)
        if value > most:
            self.faults.append(f"{what} of {whose}: {value}, and at most {most} are right")

    def processes(self):
        now = time.monotonic()
        for name, process in list(self.stack.processes.items()):
            try:
                rss = resident(process.pid)
                descriptors = len(list(pathlib.Path(f"/proc/{process.pid}/fd").iterdir()))
            except OSError:
                continue
            if rss == 0:
                continue
            self.lives.setdefault(process.pid, [name, now, now, rss])[2:] = [now, rss]
            key = (name, self.quarter)
            self.memory[key] = max(rss, self.memory.get(key, 0))
            self.peak("rss", rss, RSS_MAX, name)
            self.peak("descriptors", descriptors, DESCRIPTORS_MAX, name)

    def database(self):
        rows = [row.split("|") for row in self.stack.psql(SIZES).splitlines()]
        sizes = {name: int(size) for name, size in rows if name.split(".")[1] in TABLES}
        dead = int(self.stack.psql(DEAD))
        sessions = int(self.stack.psql("SELECT count(*) FROM pg_stat_activity WHERE usename <> 'admin'"))
        self.peak("sessions", sessions, SESSIONS_MAX, "all services")
        self.peaks["dead rows"] = max(self.peaks["dead rows"], dead)
        self.samples.append((self.quarter, sizes, dead, float(self.stack.psql(HISTORY))))

    def sample(self):
        self.processes()
        try:
            self.database()
        except OSError:
            pass  # Postgres is down just now: that is part of it

    def rest(self):
        """Ends a quarter, when nothing is left to do: what a burst needed is given back, what leaked is not."""
        until = time.monotonic() + REST_SECONDS
        least = dict.fromkeys(self.stack.services, RSS_MAX)
        while time.monotonic() < until:
            for name in least:
                least[name] = min(least[name], resident(self.stack.processes[name].pid))
            time.sleep(0.5)
        for name, rss in least.items():
            self.rests.setdefault(name, []).append(rss)
        self.quarter += 1

    def most(self, quarter, pick):
        return max((pick(sample) for sample in self.samples if sample[0] == quarter), default=0)

    def growth(self):
        if self.seconds < GROWTH_SECONDS:
            return
        tables = {name for sample in self.samples for name in sample[1]}
        for name in sorted(tables):
            before = self.most(1, lambda sample: sample[1].get(name, 0))
            after = self.most(3, lambda sample: sample[1].get(name, 0))
            if after > TABLE_MAX or after > before + TABLE_GROWTH_MAX:
                self.faults.append(f"{name} grew from {before / MB:.1f} to {after / MB:.1f} MB")
        before, after = self.most(1, lambda sample: sample[3]), self.most(3, lambda sample: sample[3])
        if after > before * ROW_GROWTH_MAX:
            self.faults.append(f"an event takes {after:.0f} bytes of the log, and took {before:.0f}")

    def verdict(self):
        for name, rests in self.rests.items():
            if max(rests) > rests[0] + REST_GROWTH_MAX:
                self.faults.append(f"{name} at rest grew from {rests[0] / MB:.1f} to {max(rests) / MB:.1f} MB")
        self.growth()
        return sorted(set(self.faults))

    def told(self):
        longest = sorted(self.lives.values(), key=lambda life: life[1] - life[2])[:4]
        memory = {name: [self.memory.get((name, quarter), 0) for quarter in range(4)] for name in self.stack.services}
        tables = {}
        for _, sizes, _, _ in self.samples:
            for name, size in sizes.items():
                tables[name] = max(tables.get(name, 0), size)
        largest = sorted(tables.items(), key=lambda item: -item[1])[:4]
        return [
            f"{len(self.samples)} samples; most: {self.peaks['rss'] / MB:.1f} MB of a service, "
            f"{self.peaks['descriptors']} descriptors, {self.peaks['sessions']} sessions, "
            f"{self.peaks['dead rows']} dead rows",
            "largest of the bus's own tables: " + ", ".join(f"{name} {size / MB:.2f} MB" for name, size in largest),
            f"an event in the log: {self.most(1, lambda s: s[3]):.0f} bytes in the second quarter, "
            f"{self.most(3, lambda s: s[3]):.0f} in the last",
            "largest by quarter: " + "; ".join(
                name + " " + ", ".join(f"{rss / MB:.1f}" for rss in sizes) + " MB" for name, sizes in memory.items()),
            "at rest after each quarter: " + "; ".join(
                name + " " + ", ".join(f"{rss / MB:.1f}" for rss in rests) + " MB" for name, rests in self.rests.items()),
            "longest lives: " + ", ".join(f"{name} {until - since:.0f} s, {rss / MB:.1f} MB at its end"
                                            for name, since, until, rss in longest)]
