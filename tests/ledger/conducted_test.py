"""Conducted time: the same inputs give the same rows, whatever the order and the delays between the services."""
import random
import time
import unittest

import msgpack

from ledger import PROGRAMS, SERVICES, MiniStack

START_US = 1_700_000_000_000_000


class Conductor:
    def __init__(self, stack, chance):
        self.stack, self.chance = stack, chance

    def step(self, name, now, heads):
        upto = {other: heads[other] for other in SERVICES}
        return self.stack.client.admin(name, "STEP", {"now": now, "upto": upto}, seconds=30)

    def settle(self, now, heads):
        """Supersteps until nobody moves: each reads up to where the others stood at its beginning."""
        while True:
            before = dict(heads)
            timers, pending = [], 0
            for name in self.chance.sample(SERVICES, len(SERVICES)):
                time.sleep(self.chance.choice((0, 0, 0.02)))
                stepped = self.step(name, now, before)
                heads[name] = stepped["head"]
                timers.append(stepped["next_timer"])
                pending += stepped["pending"]
            if heads == before and pending == 0:
                return min(timers)


def play(seed):
    """Plays the same commands with the delays of this seed; the services' hashes, table by table."""
    inputs, chance = random.Random(11), random.Random(seed)
    with MiniStack(SERVICES, PROGRAMS, {"BUS_CLOCK": "conducted"}) as stack:
        conductor, heads, now = Conductor(stack, chance), dict.fromkeys(SERVICES, 0), START_US
        for i in range(12):
            now += 1_000_000
            for k in range(inputs.randrange(1, 4)):
                header = {"id": f"command-{i}-{k}", "source": "/replay", "type": "koppel.source.emit.v1", "specversion": "1.0",
                          "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now // 1_000_000))}
                body = {"subject": f"s{inputs.randrange(5)}", "n": inputs.randrange(1, 80)}
                stack.client.dealer("source").send_multipart(
                    [b"command", b"", b"COMMAND", msgpack.packb(header), msgpack.packb(body)])
            due = conductor.settle(now, heads)
            while due <= now + 500_000:
                due = conductor.settle(due, heads)
        return {name: stack.client.admin(name, "ADMIN", {"op": "state-hash"})["tables"] for name in SERVICES}, heads


class Conducted(unittest.TestCase):
    def test_dead_letters_wait_for_the_conducted_clock(self):
        with MiniStack(SERVICES, PROGRAMS, {"BUS_CLOCK": "conducted"}) as stack:
            conductor = Conductor(stack, random.Random(1))
            def command(service, type_, body):
                header = {"id": f"{type_}-{body}", "source": "/replay", "type": type_, "specversion": "1.0",
                          "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START_US // 1_000_000))}
                stack.client.dealer(service).send_multipart(
                    [b"command", b"", b"COMMAND", msgpack.packb(header), msgpack.packb(body)])
            heads = dict.fromkeys(SERVICES, 0)
            command("sink", "koppel.sink.poison.v1", {"subject": "s", "how": "retry"})
            conductor.settle(START_US, heads)
            command("source", "koppel.source.emit.v1", {"subject": "s", "n": 2})
            due = conductor.settle(START_US, heads)
            self.assertEqual(due, START_US + 2_000_000)
            command("sink", "koppel.sink.poison.v1", {"subject": "s", "how": "none"})
            conductor.settle(START_US, heads)
            live = stack.client.follow("sink")
            for _ in range(4):
                self.assertTrue(live.poll(20000), "a beat")
                live.recv_multipart()
            heard = "SELECT count(*) FROM sink.ledger WHERE stream = 'source'"
            self.assertEqual(stack.psql(heard), "0")
            conductor.settle(due - 1, heads)
            self.assertEqual(stack.psql(heard), "0")
            conductor.settle(due, heads)
            self.assertEqual(stack.psql(heard), "2")

    def test_two_replays_end_alike(self):
        first, heads = play(1)
        second, again = play(2)
        self.assertEqual(heads, again)
        self.assertGreater(min(heads["source"], heads["relay"]), 500)
        for name in SERVICES:
            self.assertEqual(first[name], second[name], name)


if __name__ == "__main__":
    unittest.main()
