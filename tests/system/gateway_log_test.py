#!/usr/bin/python3
"""The log over HTTP: page by page, and live."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from edge import Edge, MANY, event  # noqa: E402


class Log(Edge):
    def test_the_log_page_by_page(self):
        acks = self.publish([event() for _ in range(7)]).json
        after, seen = acks[0]["seq"] - 1, []
        while True:
            answer = self.expect(200, self.send("GET", f"/v1/events?stream=gateway&after={after}&limit=3"))
            self.assertEqual(answer.headers["Content-Type"], MANY)
            if not answer.json:
                break
            seen += answer.json
            after = answer.headers["Koppel-Next"]
            more = f"after={after}&" in answer.headers.get("Link", "")
            self.assertEqual(more, int(after.removeprefix("1:")) < int(answer.headers["Koppel-Head"]))
        ours = [one for one in seen if one["id"] in {ack["id"] for ack in acks}]
        self.assertEqual([one["seq"] for one in ours], [ack["seq"] for ack in acks])
        self.assertEqual([one["seq"] for one in seen], list(range(acks[0]["seq"], acks[0]["seq"] + len(seen))))
        self.assertEqual(ours[0]["datacontenttype"], "application/json")
        end = self.expect(200, self.send("GET", "/v1/events?stream=gateway&after=end"))
        self.assertEqual((end.json, end.headers["Koppel-Next"]), ([], "1:" + end.headers["Koppel-Head"]))
        following = self.live(after="end")
        (new,) = self.publish(event()).json
        self.assertEqual((following()[0], int(end.headers["Koppel-Head"])), (new["seq"], new["seq"] - 1))
        for query, place in (("", "/stream"), ("?stream=nothing", "/stream"), ("?stream=gateway&after=-1", "/after"),
                             ("?stream=gateway&after=1:", "/after"), ("?stream=gateway&after=:1", "/after"),
                             ("?stream=gateway&after=0:1", "/after"), ("?stream=gateway&after=1:1:1", "/after"),
                             ("?stream=gateway&limit=0", "/limit"), ("?stream=gateway&after=x", "/after"),
                             ("?stream=gateway&afer=1800", "/afer")):
            self.assertEqual(self.expect(422, self.send("GET", "/v1/events" + query)).places, {place})

    def test_the_log_live(self):
        (first,) = self.publish(event()).json
        following = self.live(after=first["seq"] - 1)
        self.assertEqual(following()[0], first["seq"])
        expected = [self.publish(event()).json[0]["seq"] for _ in range(20)]
        got = []
        while len(got) < 20:
            seq, one = following()
            self.assertEqual(seq, one["seq"])
            if one.get("kind") != "command":
                got.append(seq)
        self.assertEqual(got, expected)
        again = self.live(after=0, last=expected[-2])
        self.assertEqual(again()[0], expected[-1])

    def test_many_follow_at_once(self):
        (first,) = self.publish(event()).json
        readers = self.lives(150, after=first["seq"])
        acks = self.publish([event() for _ in range(50)]).json
        for following in readers:
            self.assertEqual([following()[0] for _ in acks], [ack["seq"] for ack in acks])


if __name__ == "__main__":
    unittest.main()
