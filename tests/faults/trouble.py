"""The kinds of trouble that a storm is made of, beside the places at which processes end by themselves."""
import collections
import signal
import time

from crowd import Crowd

from ledger import SERVICES, Refused

RATES = [{}, {}, {}, {"drop": 0.1}, {"twice": 0.2}, {"late": 0.1}, {"swap": 0.2}, {"cut": 0.05},
         {"drop": 0.05, "twice": 0.05, "late": 0.05, "swap": 0.05, "cut": 0.02}, {"drop": 1.0}]
POISONED = 8  # of the load's forty subjects may become poisonous


class Trouble:
    KINDS = {"frames": 8, "deaf": 1, "rebind": 2, "reconnects": 1, "backend": 6, "crowd": 1, "database": 1, "disk": 1,
             "asleep": 2, "terminate": 2, "poison": 3, "operator": 3}
    MILD = {kind: n for kind, n in KINDS.items() if kind not in ("terminate", "poison", "operator")}

    def __init__(self, stack, chance):
        self.stack, self.chance = stack, chance
        self.done, self.happened = collections.Counter(), []  # (when, the kind)
        self.poisoned, self.terminated, self.deadly = set(), set(), False

    def go_on(self, kinds, seconds, rest):
        until = time.monotonic() + seconds
        kinds = {kind: n for kind, n in kinds.items() if kind != "disk" or self.stack.mounted}
        while time.monotonic() < until:
            kind = self.chance.choices([*kinds], [*kinds.values()])[0]
            self.happened.append((time.time() - self.stack.began, kind))
            getattr(self, kind)()
            self.done[kind] += 1
            time.sleep(self.chance.uniform(0, 2 * rest))

    # ---- frames

    def frames(self):
        self.stack.order({"rates": self.chance.choice(RATES)})

    def deaf(self):
        self.stack.order({"deaf": self.chance.uniform(0.2, 4)})

    def rebind(self):
        self.stack.order({"rebind": 1})

    def reconnects(self):
        for _ in range(10):
            self.stack.order({"rebind": 1})
            time.sleep(0.05)

    # ---- the database

    def backend(self):
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.chance.choice(SERVICES)}'")

    def crowd(self):
        """Others hold all connections, and take those that a service loses: it finds none."""
        with Crowd(self.stack.postgres) as crowd:
            while crowd.take():
                pass
            until = time.monotonic() + self.chance.uniform(0.3, 1.5)
            self.backend()
            while time.monotonic() < until:
                crowd.take()

    def database(self):
        self.stack.postgres.stop(self.chance.choice((signal.SIGQUIT, signal.SIGINT)))
        time.sleep(self.chance.uniform(0, 1))
        self.stack.postgres.start()

    def disk(self):
        filler = self.stack.fill_disk()
        time.sleep(self.chance.uniform(0.2, 1))
        filler.unlink()
        self.stack.revive_postgres()

    def sql(self, text):
        try:
            self.stack.psql(text)
        except OSError as error:
            if not any(word in str(error) for word in ("recovery", "shutting down", "starting up", "connection")):
                raise

    # ---- processes

    def asleep(self):
        self.stack.processes[self.chance.choice(SERVICES)].send_signal(signal.SIGSTOP)

    def terminate(self):
        process = self.stack.processes[self.chance.choice(SERVICES)]
        self.terminated.add(process.pid)
        process.send_signal(signal.SIGTERM)

    # ---- messages that cannot be handled, and the operator who has them tried again

    def poison(self):
        subject, how = f"s{self.chance.randrange(POISONED)}", self.chance.choice(("retry", "retry", "invalid", "abort"))
        self.poisoned.add(subject)
        self.deadly = self.deadly or how == "abort"
        self.command("sink", "koppel.sink.poison.v1", {"subject": subject, "how": how})

    def operator(self):
        for subject in sorted(self.poisoned):
            if not self.command("sink", "koppel.sink.poison.v1", {"subject": subject, "how": "none"}):
                return
            self.poisoned.discard(subject)
        self.ask(lambda: self.stack.client.admin("sink", "ADMIN", {"op": "dead-retry", "all": True}, seconds=1))

    def command(self, service, type_, data):
        return self.ask(lambda: self.stack.client.command(service, type_, data, seconds=1))

    @staticmethod
    def ask(what):
        """Whether it was answered: who is asked may be dead just now, and again."""
        for _ in range(3):
            try:
                what()
                return True
            except (TimeoutError, Refused):
                pass
        return False
