"""What a service does when nothing happens: nothing, but for its beats. And what a conductor's haste leaves: nothing."""
import random
import unittest
import urllib.request

import msgpack

from conducted_test import START_US, Conductor
from ledger import PROGRAMS, SERVICES, MiniStack

BEATS = 4
# Each row of a service remembers how durable the transaction was that wrote it.
NOTE_DURABILITY = """
    ALTER TABLE {table} ADD COLUMN durable text;
    CREATE FUNCTION {service}.note_durability() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.durable = current_setting('synchronous_commit'); RETURN NEW; END $$;
    CREATE TRIGGER note_durability BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {service}.note_durability()"""
TABLES = {"source": "source.emitted", "relay": "relay.echo"}


class Idle(unittest.TestCase):
    def metric(self, stack, name, what):
        with urllib.request.urlopen(f"http://{stack.health[name]}/metrics", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith(what + " ")))

    def beats(self, live, n):
        for _ in range(n):
            self.assertTrue(live.poll(20000), "a beat")
            self.assertIn(b"/HEAD/", live.recv_multipart()[0])

    def test_an_idle_service_takes_no_turns(self):
        with MiniStack(SERVICES, PROGRAMS) as stack:
            stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 20})
            stack.settled()
            live = {name: stack.client.follow(name) for name in SERVICES}
            for sock in live.values():
                self.beats(sock, 2)
            turns = {name: self.metric(stack, name, "libbus_turns_total") for name in SERVICES}
            said = {name: stack.client.admin(name, "STATUS")["turn"] for name in SERVICES}
            for sock in live.values():
                self.beats(sock, BEATS)
            self.assertEqual({name: self.metric(stack, name, "libbus_turns_total") for name in SERVICES}, turns)
            self.assertEqual({name: stack.client.admin(name, "STATUS")["turn"] for name in SERVICES}, said)

    def durability(self, stack, service):
        """Of its rows in the order they were written: [setting]."""
        return stack.psql(f"SELECT durable FROM {TABLES[service]} ORDER BY ctid").splitlines()

    def test_relaxed_commits_end_with_the_conductor(self):
        with MiniStack(SERVICES, PROGRAMS, {"BUS_CLOCK": "conducted"}) as stack:
            for service, table in TABLES.items():
                stack.psql(NOTE_DURABILITY.format(service=service, table=table))
            header = {"id": "one", "source": "/replay", "type": "koppel.source.emit.v1", "specversion": "1.0"}
            stack.client.dealer("source").send_multipart(
                [b"command", b"", b"COMMAND", msgpack.packb(header), msgpack.packb({"subject": "s", "n": 1})])
            Conductor(stack, random.Random(1)).settle(START_US, dict.fromkeys(SERVICES, 0))
            for service in TABLES:
                self.assertEqual(self.durability(stack, service), ["off"], service)
            for service in SERVICES:
                stack.client.admin(service, "RELEASE", {"wall": True})
            stack.client.command("source", "koppel.source.emit.v1", {"subject": "s", "n": 1})
            stack.settled()
            for service in TABLES:
                self.assertEqual(self.durability(stack, service), ["off", "on"], service)


if __name__ == "__main__":
    unittest.main()
