"""Dead letters: a poisonous message is parked, its subject waits in order, the others go on, and once healed all of
it is handled in the order it was said."""
import unittest

from ledger import PROGRAMS, SERVICES, MiniStack, Refused

from waiting import eventually


class Dead(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = cls.enterClassContext(MiniStack(SERVICES, PROGRAMS))
        cls.client = cls.stack.client

    def emit(self, subject, n=1):
        reply = self.client.command("source", "koppel.source.emit.v1", {"subject": subject, "n": n})
        return list(range(reply["first"], reply["first"] + n))

    def poison(self, subject, how):
        def once():
            return self.client.command("sink", "koppel.sink.poison.v1", {"subject": subject, "how": how}, seconds=2) == {}
        eventually(once, 60, f"{how} for {subject}")

    def heard(self, subject):
        rows = self.stack.psql("SELECT number FROM sink.ledger WHERE stream = 'source' "
                               f"AND subject = '{subject}' ORDER BY place")
        return [int(row) for row in rows.split()]

    def dead(self, subject):
        letters = self.client.admin("sink", "ADMIN", {"op": "dead-list"})["dead"]
        return [one for one in letters if one["subject"] == subject]

    def admin(self, op, letter, **more):
        names = {key: letter[key] for key in ("source", "seq", "event_id")}
        return self.client.admin("sink", "ADMIN", {"op": op, **names, **more})

    def parked(self, subject, n, seconds=20):
        eventually(lambda: len(self.dead(subject)) == n, seconds, f"{n} dead letters of {subject}")
        return self.dead(subject)

    def test_poison_is_parked_and_replayed_in_order(self):
        self.poison("bad", "invalid")
        said = self.emit("bad", 3) + self.emit("bad", 2)
        good = self.emit("good", 5)
        letters = self.parked("bad", 5)
        self.assertEqual([one["state"] for one in letters], ["parked"] + ["behind"] * 4)
        self.assertIn("poison", letters[0]["error"])
        eventually(lambda: self.heard("good") == good, what="the others going on")
        self.assertEqual(self.heard("bad"), [])
        with self.assertRaises(Refused):
            self.admin("dead-retry", letters[2])
        # Still poisonous: a retry parks it again, nothing passes it.
        self.admin("dead-retry", letters[0])
        eventually(lambda: self.dead("bad")[0]["attempts"] > letters[0]["attempts"], what="the retry")
        eventually(lambda: self.dead("bad")[0]["state"] == "parked", what="parked again")
        self.poison("bad", "none")
        said += self.emit("bad", 2)
        self.parked("bad", 7)
        self.admin("dead-retry", self.dead("bad")[0])
        eventually(lambda: self.heard("bad") == said, what="all of it in order")
        self.assertEqual(self.dead("bad"), [])
        said += self.emit("bad", 1)
        eventually(lambda: self.heard("bad") == said, what="what came after")

    def test_poison_that_kills_the_process(self):
        self.poison("deadly", "abort")
        said = self.emit("deadly", 2)
        good = self.emit("unhurt", 3)
        def restarted_until_parked():
            if self.stack.processes["sink"].poll() is not None:
                self.stack.start("sink")
            return self.stack.psql("SELECT string_agg(state || ' ' || substr(error, 1, 8), ',' ORDER BY seq) "
                                   "FROM sink.dead_letter WHERE subject = 'deadly'") == "parked given up,behind"
        self.client_patience(restarted_until_parked)
        eventually(lambda: self.heard("unhurt") == good, what="the others going on")
        # Tried again while it still kills: given up once more, and not tried for ever.
        self.admin("dead-retry", self.dead("deadly")[0])
        eventually(lambda: self.stack.processes["sink"].poll() is not None, what="the process killed by it")
        self.client_patience(restarted_until_parked)
        self.poison("deadly", "none")
        self.admin("dead-retry", self.dead("deadly")[0])
        eventually(lambda: self.heard("deadly") == said, what="all of it in order")
        eventually(lambda: self.attempts() == "0", what="nothing left over")

    def test_poison_far_behind_is_found_within_seven_crashes(self):
        self.poison("distant", "abort")
        self.stack.kill("sink")
        good = [number for _ in range(30) for number in self.emit("crowd", 50)]
        self.emit("distant")
        crashes = -1
        def restarted_until_parked():
            nonlocal crashes
            if "sink" not in self.stack.processes or self.stack.processes["sink"].poll() is not None:
                crashes += 1
                self.stack.start("sink")
            return self.stack.psql("SELECT state FROM sink.dead_letter WHERE subject = 'distant'") == "parked"
        self.client_patience(restarted_until_parked)
        self.assertLessEqual(crashes, 7)
        eventually(lambda: self.heard("crowd") == good, what="the others going on")
        eventually(lambda: self.attempts() == "0", what="nothing left over")

    def attempts(self):
        return self.stack.psql("SELECT count(*) FROM sink.attempt WHERE NOT starts_with(source, '/')")

    def test_a_command_that_kills_is_refused_for_good(self):
        """Its sender repeats it, for it gets no answer; the process may die of it seven times, and then says no."""
        crashes = 0
        def repeated():
            nonlocal crashes
            self.client.forget("source")
            if self.stack.processes["source"].poll() is not None:
                crashes += 1
                self.stack.start("source")
            try:
                self.client.command("source", "koppel.source.emit.v1", {"subject": "killer", "n": 1}, id="fatal", seconds=1)
            except TimeoutError:
                return None
            except Refused as refused:
                return refused.status.get("code")
        self.assertEqual(eventually(repeated, 60, "the refusal"), "BUS-CRASHED")
        self.assertLessEqual(crashes, 7)
        self.assertEqual(repeated(), "BUS-CRASHED")
        self.assertIsNone(self.stack.processes["source"].poll())
        self.assertIn("BUS-CRASHED: koppel.source.emit.v1 fatal", self.stack.log_tail("source"))
        self.assertTrue(self.emit("alive"))

    def client_patience(self, check):
        def patient():
            self.client.forget("sink")
            return check()
        eventually(patient, 90, "the poison parked")

    def test_what_nobody_handles_does_not_wait_behind_a_dead_letter(self):
        self.poison("full", "invalid")
        self.emit("full")
        self.parked("full", 1)
        # The command is recorded in the stream, under this subject too.
        reply = self.client.command("source", "koppel.source.emit.v1", {"subject": "empty", "n": 1}, subject="full")
        eventually(lambda: self.heard("empty") == [reply["first"]], what="what came after it")
        self.assertEqual([one["state"] for one in self.dead("full")], ["parked"])
        self.admin("dead-drop", self.dead("full")[0], note="not wanted")

    def test_dropping_lets_the_next_one_go_on(self):
        self.poison("dull", "invalid")
        said = self.emit("dull", 3)
        letters = self.parked("dull", 3)
        self.poison("dull", "none")
        with self.assertRaises(Refused):
            self.admin("dead-drop", letters[0])
        # One from the middle goes; what is left still waits for the first.
        self.admin("dead-drop", letters[1], note="not wanted")
        self.assertEqual([one["state"] for one in self.parked("dull", 2)], ["parked", "behind"])
        self.admin("dead-drop", letters[0], note="not wanted")
        eventually(lambda: self.heard("dull") == said[2:], what="the next one")
        self.parked("dull", 0)

    def test_a_world_that_is_not_ready_is_tried_again(self):
        self.poison("later", "retry")
        said = self.emit("later", 3)
        self.parked("later", 3)
        self.poison("later", "none")
        eventually(lambda: self.heard("later") == said, what="all of it, by itself")
        self.parked("later", 0)


if __name__ == "__main__":
    unittest.main()
