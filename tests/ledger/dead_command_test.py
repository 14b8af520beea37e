"""koppel dead: dead letters of real services listed, grouped by cause, tried again in order, dropped with a reason."""
import json
import os
import subprocess
import unittest

from ledger import BUILD, PROGRAMS, SERVICES, MiniStack

from waiting import eventually


class DeadCommand(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(SERVICES, PROGRAMS))
        self.client = self.stack.client
        peers = ";".join(f"{one}={self.stack.events[one]},{self.stack.requests[one]}" for one in SERVICES)
        self.environment = {**os.environ, "KOPPEL_PEERS": peers, "KOPPEL_KEYS_DIR": str(self.stack.keys)}

    def koppel(self, *args):
        return subprocess.run([BUILD / "bin/koppel", "dead", *args], env=self.environment, capture_output=True,
                              text=True, timeout=60)

    def told(self, *args):
        done = self.koppel(*args, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""), args)
        return json.loads(done.stdout)

    def refused(self, status, words, *args):
        done = self.koppel(*args)
        self.assertEqual((done.returncode, done.stdout), (status, ""), args)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn(words, done.stderr)

    def emit(self, subject, n):
        reply = self.client.command("source", "koppel.source.emit.v1", {"subject": subject, "n": n})
        return list(range(reply["first"], reply["first"] + n))

    def poison(self, subject, how):
        self.client.command("sink", "koppel.sink.poison.v1", {"subject": subject, "how": how})

    def heard(self, subject):
        rows = self.stack.psql("SELECT number FROM sink.ledger WHERE stream = 'source' "
                               f"AND subject = '{subject}' ORDER BY place")
        return [int(row) for row in rows.split()]

    def wait_dead(self, n):
        eventually(lambda: len(self.told("list")) == n, what=f"{n} dead letters")

    def test_a_long_list(self):
        """More letters than fit one answer, of many subjects, in two causes."""
        said = {}
        for i in range(30):
            self.poison(f"s{i}", "invalid")
        for i in range(30):
            said[f"s{i}"] = self.emit(f"s{i}", 10)
        self.wait_dead(300)
        self.stack.psql("UPDATE sink.dead_letter SET fingerprint = 'another cause' WHERE subject IN ('s3', 's4') "
                        "AND state = 'parked'")
        letters = self.told("list")
        self.assertEqual([one["number"] for one in letters], list(range(1, 301)))
        self.assertEqual([one["seq"] for one in letters], sorted(one["seq"] for one in letters))
        self.assertEqual({one["service"] for one in letters}, {"sink"})

        groups = self.told("list", "--group")
        self.assertEqual([(one["n"], one["behind"], one["services"]) for one in groups],
                         [(280, 252, ["sink"]), (20, 18, ["sink"])])
        self.assertEqual(groups[1]["fingerprint"], "another cause")
        causes = {one["event_id"]: one for one in letters if one["state"] == "parked"}
        self.assertIn(causes[groups[1]["example"]]["subject"], ("s3", "s4"))
        self.assertEqual(groups[1]["first"], min(c["first"] for c in causes.values() if c["subject"] in ("s3", "s4")))
        plain = self.koppel("list", "--group").stdout
        self.assertIn("another cause", plain)
        self.assertIn("20 letters, 18 of them behind others", plain)

        for i in range(30):
            self.poison(f"s{i}", "none")
        # By its short name: only the letters of that cause, and what waits behind them.
        self.assertEqual(self.told("retry", "--fingerprint", groups[1]["cause"]), {"retried": 2, "handled": 2, "parked": 0, "waiting": 0})
        eventually(lambda: len(self.told("list")) == 280, what="the cause mended")
        self.assertEqual((self.heard("s3"), self.heard("s4"), self.heard("s5")), (said["s3"], said["s4"], []))
        self.assertEqual(self.told("retry", "--all"), {"retried": 28, "handled": 28, "parked": 0, "waiting": 0})
        self.wait_dead(0)
        self.assertEqual({subject: self.heard(subject) for subject in said}, said)
        self.assertEqual(self.told("list", "--group"), [])

    def test_what_came_of_many_is_told(self):
        subjects = {"mended": "none", "mended too": "none", "as it was": "invalid", "not ready": "retry"}
        for subject in subjects:
            self.poison(subject, "invalid")
            self.emit(subject, 2)
        self.wait_dead(8)
        for subject, how in subjects.items():
            self.poison(subject, how)
        self.assertEqual(self.koppel("retry", "--all").stdout, "4 tried: 2 handled, 1 parked again, 1 to be tried again by "
                         "themselves; what waited behind those handled follows\n")
        self.wait_dead(4)

    def test_one_by_one(self):
        self.poison("bad", "invalid")
        said = self.emit("bad", 4)
        self.wait_dead(4)
        first, second = self.told("list")[:2]
        shown = self.told("show", "1")
        self.assertEqual((shown["event_id"], shown["data"]["number"]), (first["event_id"], said[0]))
        self.refused(1, "earlier ones of the same subject", "retry", "2")
        self.refused(1, "no dead letter is called", "retry", "17")
        self.refused(1, "no cause has the fingerprint", "drop", "--fingerprint", "x", "--note", "why")
        self.refused(2, "--note", "drop", "1")
        self.refused(2, "--note", "drop", "--all", "--note", "  ")
        self.refused(2, "--fingerprint F or --all", "retry")
        self.refused(2, "--fingerprint F or --all", "retry", "1", "--all")
        self.refused(2, "list, show, retry or drop", "mend")
        self.refused(2, "--group", "retry", "1", "--group")
        self.assertEqual(len(self.told("list")), 4)
        self.poison("bad", "none")
        self.assertEqual(self.told("drop", second["event_id"], "--note", "a test of the phone"), {"dropped": 1})
        self.assertEqual(self.heard("bad"), [])  # what is left waits for the first
        self.assertEqual(self.told("retry", "1"), {"retried": 1, "handled": 1, "parked": 0, "waiting": 0})
        eventually(lambda: self.heard("bad") == [said[0], *said[2:]], what="the rest in order")
        self.assertEqual(self.stack.psql("SELECT state, note FROM sink.dead_letter"), "dropped|a test of the phone")

    def test_dropped_by_cause(self):
        """What waited behind the dropped ones goes on, in order; dropping all leaves nothing to go on."""
        for subject in ("x", "y"):
            self.poison(subject, "invalid")
        said = {subject: self.emit(subject, 3) for subject in ("x", "y")}
        self.wait_dead(6)
        for subject in said:
            self.poison(subject, "none")
        cause = self.told("list", "--group")[0]["cause"]
        self.assertEqual(self.told("drop", "--fingerprint", cause, "--note", "never meant"), {"dropped": 2})
        eventually(lambda: all(self.heard(subject) == said[subject][1:] for subject in said), what="those behind")
        for subject in said:
            self.poison(subject, "invalid")
            self.emit(subject, 2)
        self.wait_dead(4)
        self.assertEqual(self.told("drop", "--all", "--note", "given up"), {"dropped": 4})
        for subject in said:
            self.poison(subject, "none")
            said[subject] += self.emit(subject, 1)
        eventually(lambda: all(self.heard(subject) == said[subject][1:4][:2] + said[subject][-1:] for subject in said),
                   what="later ones of the subject go on")

    def test_a_service_that_is_away_hides_only_its_own(self):
        self.poison("bad", "invalid")
        self.emit("bad", 2)
        self.wait_dead(2)
        self.environment["KOPPEL_PEERS"] += ";ghost=tcp://127.0.0.1:1,tcp://127.0.0.1:1"
        (self.stack.keys / "allowed/ghost.pub").write_text((self.stack.keys / "allowed/relay.pub").read_text())
        done = self.koppel("list", "--json")
        self.assertEqual((done.returncode, len(json.loads(done.stdout))), (1, 2))
        self.assertIn("ghost", done.stderr)


if __name__ == "__main__":
    unittest.main()
