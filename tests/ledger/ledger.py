"""The ledger: what must hold of three services after anything that happened to them, read from their tables."""
import pathlib
import sys
import threading
import uuid

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402,F401
from client import Client, Refused  # noqa: E402,F401
from ministack import MiniStack  # noqa: E402,F401

SERVICES = ["source", "relay", "sink"]
PROGRAMS = {name: BUILD / f"bin/ledger-{name}" for name in SERVICES}

# Each counts rows that should not be there.
FAULTS = {
    "lost: numbers with a gap or twice in the source's log": """
        SELECT count(*) FROM (SELECT number, row_number() OVER (ORDER BY place) AS n FROM sink.ledger
                              WHERE stream = 'source') AS x WHERE number <> n""",
    "lost: the source's log is not dense": """
        SELECT last_seq - (SELECT coalesce(sum(n), 0) FROM source.event_log) FROM source.stream_head""",
    "lost: the relay's log is not dense": """
        SELECT last_seq - (SELECT coalesce(sum(n), 0) FROM relay.event_log) FROM relay.stream_head""",
    "lost: numbers said that the sink did not hear": """
        SELECT count(*) FROM source.emitted AS e, generate_series(e.first, e.first + e.n - 1) AS number
        WHERE NOT EXISTS (SELECT FROM sink.ledger AS l WHERE l.stream = 'source' AND l.number = number.number
                          AND l.key = e.mark)""",
    "lost: numbers that were not echoed": """
        SELECT count(*) FROM sink.ledger AS s WHERE s.stream = 'source'
        AND NOT EXISTS (SELECT FROM sink.ledger AS r WHERE r.stream = 'relay' AND r.cause = s.seq AND r.number = s.number)""",
    "lost: the relay's own rows": """
        SELECT abs((SELECT count(*) FROM relay.echo) - (SELECT count(*) FROM sink.ledger WHERE stream = 'source'))""",
    "lost: timers": """
        SELECT count(*) FROM relay.echo AS e WHERE number % 70 = 0
        AND NOT EXISTS (SELECT FROM sink.ledger AS l WHERE l.subject = 'tick' AND l.key = e.number::text)""",
    "lost: outcomes of effects": """
        SELECT count(*) FROM relay.echo AS e WHERE number % 50 = 0
        AND NOT EXISTS (SELECT FROM sink.ledger AS l WHERE l.subject = 'ring' AND l.key = e.number::text)""",
    "duplicate: an event handled twice": """
        SELECT count(*) - count(DISTINCT (stream, seq)) FROM sink.ledger""",
    "duplicate: a number echoed twice": """
        SELECT count(*) - count(DISTINCT number) FROM relay.echo""",
    "duplicate: a timer or an outcome twice": """
        SELECT count(*) - count(DISTINCT (subject, key)) FROM sink.ledger WHERE subject IN ('tick', 'ring')""",
    "inverted: events of a stream out of order": """
        SELECT count(*) FROM (SELECT seq, lag(seq) OVER (PARTITION BY stream ORDER BY place) AS before FROM sink.ledger)
        AS x WHERE seq <= before""",
    "inverted: places of the ledger given twice or left out": """
        SELECT coalesce(max(place), 0) - count(DISTINCT place) FROM sink.ledger""",
    "causal: an echo handled before what it echoes": """
        SELECT count(*) FROM sink.ledger AS r JOIN sink.ledger AS s ON s.stream = 'source' AND s.seq = r.cause
        WHERE r.stream = 'relay' AND r.place < s.place""",
    "stuck: events that were not read": """
        SELECT (SELECT last_seq FROM source.stream_head) - (SELECT seq FROM sink.position WHERE stream = 'source')
             + (SELECT last_seq FROM relay.stream_head) - (SELECT seq FROM sink.position WHERE stream = 'relay')
             + (SELECT last_seq FROM source.stream_head) - (SELECT seq FROM relay.position WHERE stream = 'source')""",
    "stuck: timers, effects, attempts and dead letters left over": """
        SELECT (SELECT count(*) FROM relay.timer) + (SELECT count(*) FROM relay.effect)
             + (SELECT count(*) FROM relay.attempt WHERE NOT starts_with(source, '/'))
             + (SELECT count(*) FROM sink.attempt WHERE NOT starts_with(source, '/'))
             + (SELECT count(*) FROM relay.dead_letter) + (SELECT count(*) FROM sink.dead_letter)""",
}

# Where messages were parked, order holds within a subject, and what was caused by a parked one need not wait for it.
FAULTS_PARKING = {
    "lost: numbers with a gap or twice in the source's log": """
        SELECT count(*) FROM (SELECT number, row_number() OVER (ORDER BY seq) AS n FROM sink.ledger
                              WHERE stream = 'source') AS x WHERE number <> n""",
    "inverted: events of a stream out of order": """
        SELECT count(*) FROM (SELECT seq, lag(seq) OVER (PARTITION BY stream, CASE WHEN subject IN ('ring', 'tick') THEN key
                              ELSE subject END ORDER BY place) AS before FROM sink.ledger) AS x WHERE seq <= before""",
    "causal: an echo handled before what it echoes": """
        SELECT count(*) FROM sink.ledger AS r JOIN sink.ledger AS s ON s.stream = 'source' AND s.seq = r.cause
        WHERE r.stream = 'relay' AND r.place < s.place
        AND NOT EXISTS (SELECT FROM sink.was_parked AS p WHERE p.source = 'source' AND p.seq = s.seq)""",
}


def faults(stack, parking=False):
    """The entries of the ledger that do not balance: {what: how many}."""
    # One text per statement: counting takes a while when it finds something, and an index only slows the sink.
    stack.psql("CREATE INDEX IF NOT EXISTS ledger_seq ON sink.ledger (stream, seq);"
               "CREATE INDEX IF NOT EXISTS ledger_cause ON sink.ledger (stream, cause);"
               "CREATE INDEX IF NOT EXISTS ledger_number ON sink.ledger (stream, number);"
               "CREATE INDEX IF NOT EXISTS ledger_key ON sink.ledger (subject, key); ANALYZE sink.ledger")
    found = {what: int(stack.psql(sql)) for what, sql in {**FAULTS, **(FAULTS_PARKING if parking else {})}.items()}
    return {what: n for what, n in found.items() if n != 0}


class Load(threading.Thread):
    """Sends commands without end, several at a time; a command that gets no answer is repeated with its id until it
    does; some that were answered are asked again. `answers` is what was promised: {id: (first, n)}."""

    PATIENCE_MS = 1000

    def __init__(self, stack, name, random, at_once=4):
        super().__init__(daemon=True)
        self.client = Client(stack, name)
        self.random, self.at_once = random, at_once
        self.answers, self.refused, self.wrong, self.repeats = {}, set(), [], 0
        self.ending = threading.Event()

    def make(self):
        mark = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        body = {"subject": f"s{self.random.randrange(40)}", "n": self.random.choice((1, 1, 2, 5, 40)),
                "bytes": self.random.choice((0, 10, 300))}
        header = {"id": mark, "source": "/load", "type": "koppel.source.emit.v1", "specversion": "1.0"}
        return mark, [mark.encode(), b"", b"COMMAND", msgpack.packb(header), msgpack.packb(body)]

    def take(self, mark, frames, waiting):
        status = msgpack.unpackb(frames[3])
        if status["status"] == "retry":
            return
        if status.get("code") == "BUS-CRASHED":
            self.refused.add(mark)  # it was under way whenever the source was killed
        elif status["status"] != "ok":
            self.wrong.append(f"{mark}: {status}")
        else:
            reply = msgpack.unpackb(frames[4])
            promised = (reply["first"], reply["n"])
            if self.answers.setdefault(mark, promised) != promised:
                self.wrong.append(f"{mark}: promised {self.answers[mark]}, then {promised}")
        waiting.pop(mark, None)

    def run(self):
        waiting, kept = {}, []
        while waiting or not self.ending.is_set():
            while len(waiting) < self.at_once and not self.ending.is_set():
                mark, frames = self.random.choice(kept) if kept and self.random.random() < 0.1 else self.make()
                kept = (kept + [(mark, frames)])[-50:]
                waiting[mark] = frames
                self.client.dealer("source").send_multipart(frames)
            if self.client.dealer("source").poll(self.PATIENCE_MS):
                frames = self.client.dealer("source").recv_multipart()
                self.take(frames[0].decode(), frames, waiting)
            else:
                self.client.forget("source")
                for frames in waiting.values():
                    self.repeats += 1
                    self.client.dealer("source").send_multipart(frames)

    def end(self, seconds=60):
        self.ending.set()
        self.join(seconds)
        if self.is_alive():
            self.wrong.append("commands that were never answered")
        else:
            self.client.close()

    def broken_promises(self, stack):
        """Answers that the source's table does not confirm."""
        rows = stack.psql("SELECT mark, first, n FROM source.emitted").splitlines()
        kept = {mark: (int(first), int(n)) for mark, first, n in (row.split("|") for row in rows)}
        return self.wrong + [f"{mark}: {promise} is not in the table ({kept.get(mark)})"
                             for mark, promise in self.answers.items() if kept.get(mark) != promise] + [
                                 f"{mark} was refused, and done" for mark in self.refused if mark in kept]
