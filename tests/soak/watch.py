"""What must stay flat while services run: their memory and descriptors, their database sessions, the bus's own tables."""
import pathlib
import time

MB = 1 << 20
RSS_MAX = 96 * MB          # of a service of the ledger at any time
RSS_GROWTH_MAX = 12 * MB   # of one process, from WARM seconds of age on
DESCRIPTORS_MAX = 80
SESSIONS_MAX = 30          # of three services, with those that a crash has left behind
WARM = 15                  # seconds until a process has met what it will meet every second
TABLES = ("stream_head", "position", "clock", "timer", "effect", "attempt", "dead_letter", "reader_position")
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
        self.stack, self.seconds = stack, seconds
        self.began = time.monotonic()
        self.lives = {}    # pid: (service, when first seen, warm RSS or None, last RSS)
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
            _, since, warm, _ = self.lives.get(process.pid, (name, now, None, 0))
            if warm is None and now - since > WARM:
                warm = rss
            self.lives[process.pid] = (name, since, warm, rss)
            self.peak("rss", rss, RSS_MAX, name)
            self.peak("descriptors", descriptors, DESCRIPTORS_MAX, name)

    def database(self):
        rows = [row.split("|") for row in self.stack.psql(SIZES).splitlines()]
        sizes = {name: int(size) for name, size in rows if name.split(".")[1] in TABLES}
        dead = int(self.stack.psql(DEAD))
        sessions = int(self.stack.psql("SELECT count(*) FROM pg_stat_activity WHERE usename <> 'admin'"))
        self.peak("sessions", sessions, SESSIONS_MAX, "all services")
        self.peaks["dead rows"] = max(self.peaks["dead rows"], dead)
        quarter = min(3, int(4 * (time.monotonic() - self.began) / self.seconds))
        self.samples.append((quarter, sizes, dead, float(self.stack.psql(HISTORY))))

    def sample(self):
        self.processes()
        try:
            self.database()
        except OSError:
            pass  # Postgres is down just now: that is part of it

    def most(self, quarter, pick):
        return max((pick(sample) for sample in self.samples if sample[0] == quarter), default=0)

    def growth(self):
        for name, since, warm, rss in self.lives.values():
            if warm is not None and rss - warm > RSS_GROWTH_MAX:
                self.faults.append(f"{name} grew from {warm / MB:.1f} to {rss / MB:.1f} MB in one life")
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
        self.growth()
        return sorted(set(self.faults))

    def told(self):
        warm = [f"{name} {warm / MB:.1f}→{rss / MB:.1f} MB in {time.monotonic() - since:.0f} s"
                for name, since, warm, rss in self.lives.values() if warm is not None]
        tables = {}
        for _, sizes, _, _ in self.samples:
            for name, size in sizes.items():
                tables[name] = max(tables.get(name, 0), size)
        largest = sorted(tables.items(), key=lambda item: -item[1])[:4]
        return "\n".join([
            f"  {len(self.samples)} samples; most: {self.peaks['rss'] / MB:.1f} MB of a service, "
            f"{self.peaks['descriptors']} descriptors, {self.peaks['sessions']} sessions, "
            f"{self.peaks['dead rows']} dead rows",
            "  largest of the bus's own tables: " + ", ".join(f"{name} {size / MB:.2f} MB" for name, size in largest),
            f"  an event in the log: {self.most(1, lambda s: s[3]):.0f} bytes in the second quarter, "
            f"{self.most(3, lambda s: s[3]):.0f} in the last",
            "  lives over %d s: " % WARM + (", ".join(warm[-8:]) or "none")])
