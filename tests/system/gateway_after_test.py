#!/usr/bin/python3
"""What was done a moment ago is there for the next question, whichever service that one is for."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from edge import Edge, event, referral  # noqa: E402


class After(Edge):
    def arrivals(self):
        return {one["person_id"] for one in self.expect(200, self.send("GET", "/v1/arrivals?partnership=middenkempen")).json["people"]}

    def test_who_was_referred_has_arrived(self):
        """Thirty times: without the wait some are there in time, by chance."""
        for _ in range(30):
            before = self.arrivals()
            self.expect(202, self.publish(event(referral())))
            self.assertEqual(len(self.arrivals() - before), 1)

    def test_a_question_waits_for_what_it_is_asked_after(self):
        """Asked after an event that is said only then. Where a machine takes half a second for that, it is tried again."""
        client = self.stack.client
        for _ in range(20):
            before, said_s = self.arrivals(), time.monotonic()
            head = client.admin("gateway", "FETCH", {"req": 1, "after": -1})["head"]
            waiting = client.begin(b"QUERY", "registry", "koppel.registry.arrivals.v1", {"partnership": "middenkempen"}, after={"gateway": head + 1})
            self.expect(202, self.publish(event(referral())))
            said_s = time.monotonic() - said_s
            _, reply = client.end("registry", waiting)
            if said_s < 0.5:
                self.assertEqual(len({one["person_id"] for one in reply["people"]} - before), 1)
                return
        self.fail("no event could be said within half a second")

    def test_what_never_comes_holds_up_a_question_for_a_moment_alone(self):
        far = {"gateway": 10**15}
        reply = self.stack.client.query("registry", "koppel.registry.partnerships.v1", {}, after=far, seconds=20)
        self.assertEqual(len(reply["partnerships"]), 2)

    def test_an_answer_tells_how_far_the_stream_stood(self):
        head = self.stack.client.admin("registry", "FETCH", {"req": 1, "after": -1})["head"]
        status, _ = self.stack.client.answer(b"QUERY", "registry", "koppel.registry.partnerships.v1", {})
        self.assertEqual(status, {"status": "ok", "seq": head})


if __name__ == "__main__":
    unittest.main()
