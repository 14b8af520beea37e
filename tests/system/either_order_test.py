#!/usr/bin/python3
"""What two services say without having read each other may be read in either order: who follows both comes to the same.

Every two events of different streams that a service handles are told to it, in all their kinds, each pair in a world of its
own: in one stack with the one stream first, in another with the other. Where the rows may differ stands in STANDS, and why."""
import collections
import pathlib
import re
import secrets
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD, ROOT, STAND_IN  # noqa: E402
from concurrent_worlds import STREAMS, worlds  # noqa: E402
from ministack import MiniStack  # noqa: E402

NOW = re.compile(r"(?!2024-03-0|2040-)\d{4}-\d\d-\d\dT[\d:.+]+")  # of the clock, not of an event
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORLD = re.compile(r"\bw(\d+)\b")
ROWS = {"matching.member": "SELECT to_jsonb(m) - 'credit_us' FROM matching.member m",
        "matching.exclusion": "SELECT to_jsonb(e) FROM matching.exclusion e WHERE declined OR ended OR rests_until IS NOT NULL",
        "notifications.message": "SELECT to_jsonb(m) FROM notifications.message m WHERE state NOT IN ('dropped', 'failed')",
        "reporting.result": "SELECT to_jsonb(r) FROM (SELECT partnership, programme, action, nis, figure, on_date, reason, sum(amount_e2) AS e2 "
                  "FROM reporting.result GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(amount_e2) <> 0) r",
        "reporting.referral_step": "SELECT to_jsonb(s) - 'n' - 'told' || jsonb_build_object('is_told', told IS NOT NULL) "
                         "FROM reporting.referral_step s WHERE referral_id IS NOT NULL"}
# What shows which came first, and why it may: docs/decisions/0028. {service: {what the one says: tables}}
PAIR = ("proposal", "duo", "exclusion", "member")
NO = ("proposal", "exclusion")
STANDS = {
    # A talk that was held with a start starts the duo either way, unless one of the two is gone. A no is of the proposal where
    # that was still there.
    "matching": {"intake-held": ["member"], "person-erased": PAIR[:3], "person-merged": PAIR, "person-moved": NO,
                 "programme-ended": NO, "status-recorded": NO, "volunteer-rested": NO, "volunteer-stopped": NO},
    # A talk that falls, falls for the reason that came first; of who is erased none is planned any more.
    "scheduling": {"person-erased": ["proposal", "meeting"]},
    "notifications": {},
    # A programme gets another action on the day that its coordinator says so; what partners are told is told as it is learnt.
    "reporting": {"programme-configured": ["result", "balance", "counted_person", "duo", "wait"],
                  **dict.fromkeys(("consent-withdrawn", "person-merged", "referral-linked"), ["referral_step"])},
}


class EitherOrder(unittest.TestCase):
    def tell(self, stack, stream, events):
        for first in range(0, len(events), 50):
            stack.client.command(stream, "koppel.gateway.accept-events.v1", {"events": events[first:first + 50]})
        stack.settled()

    def play(self, service, told, order):
        """The rows of each world, as often as each is there."""
        programs = dict.fromkeys(STREAMS, STAND_IN)
        programs[service] = BUILD / f"bin/koppel-{service}"
        settings = {"INSZ_KEY": secrets.token_hex(32), "MAIL_URL": "file:///nowhere", "MERGE_MINUTES": "600"}
        with MiniStack(list(programs), programs, settings) as stack:
            for stream in STREAMS:
                if stream != service:
                    self.tell(stack, stream, [event for world in told for event in world.before()[stream]])
            if service == "matching":
                self.accept(stack, told)
            for stream in order:
                if stream != service:
                    self.tell(stack, stream, [event for world in told for event in world.said().get(stream, ())])
            self.assertEqual(stack.psql(f"SELECT DISTINCT type || error FROM {service}.dead_letter"), "")
            return self.read(stack, service, told)

    def accept(self, stack, told):
        """The talk that is held is about a proposal that matching made itself."""
        for world in told:
            world.given["proposal_id"] = stack.client.command("matching", "koppel.matching.accept-match.v1", {
                "person_id": world.id("newcomer"), "programme": world.programme})["proposal_id"]
        stack.settled()

    def read(self, stack, service, told):
        known = {id: (world.number, name) for world in told for id, name in world.roles().items()}
        found = [collections.Counter() for _ in told]
        migrations = sorted((ROOT / f"services/{service}/migrations").glob("*.sql"))
        for table in re.findall(r"CREATE TABLE (\w+)", "".join(path.read_text() for path in migrations)):
            for line in stack.psql(ROWS.get(f"{service}.{table}", f"SELECT to_jsonb(t) FROM {service}.{table} t")).splitlines():
                whose = {known[id][0] for id in ID.findall(line) if id in known} | {int(n) for n in WORLD.findall(line)}
                self.assertEqual(len(whose), 1, f"a row of one world: {table} {line}")
                row = NOW.sub("now", ID.sub(lambda match: known.get(match[0], (0, "made"))[1], line))
                found[whose.pop()][f"{table} {WORLD.sub('w', row)}"] += 1
        return found

    def differing(self, service):
        """{(what registry says, table that shows which came first)}, and an example of each."""
        told = worlds(service)
        there = self.play(service, told, STREAMS)
        back = self.play(service, told, STREAMS[::-1])
        found = {}
        for world in told:
            one, other = there[world.number] - back[world.number], back[world.number] - there[world.number]
            for row in sorted((one | other).keys()):
                found.setdefault((world.pair[0][0], row.split()[0]), f"{world}\n    {one}\n    {other}")
        return found

    def same(self, service):
        found = self.differing(service)
        stands = {(said, table) for said, tables in STANDS[service].items() for table in tables}
        self.assertEqual(stands - set(found), set(), "these come to the same by now")
        for which in sorted(set(found) - stands):
            with self.subTest(which):
                self.fail(found[which])

    def test_matching(self):
        self.same("matching")

    def test_scheduling(self):
        self.same("scheduling")

    def test_notifications(self):
        self.same("notifications")

    def test_reporting(self):
        self.same("reporting")


if __name__ == "__main__":
    unittest.main()
