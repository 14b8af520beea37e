#!/usr/bin/python3
"""What registry and matching say without having read each other comes in either order: reporting's tables are the same."""
import itertools
import pathlib
import re
import sys
import unittest
import unittest.mock
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import told_year  # noqa: E402
from built import BUILD, ROOT, STAND_IN  # noqa: E402
from ministack import MiniStack  # noqa: E402
from told_year import HERENTALS, WithStandIns  # noqa: E402

TABLES = re.findall(r"CREATE TABLE (\w+)", "".join(
    path.read_text() for path in sorted((ROOT / "services/reporting/migrations").glob("*.sql"))))
DAY = "2024-03-01T10:00:00Z"
MADE_AT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-")  # of an id: when it was made; the rest follows from its event


class InEitherOrder(WithStandIns):
    @classmethod
    def setUpClass(cls):
        """Each order has a stack of its own."""

    def setUp(self):
        """It is told in play()."""

    def play(self, pair, order):
        """The tables after the two sides of a pair were told in this order, and what came of it after."""
        numbers = itertools.count()
        programs = dict.fromkeys(("gateway", "registry", "matching", "scheduling"), STAND_IN)
        programs["reporting"] = BUILD / "bin/koppel-reporting"
        with unittest.mock.patch.object(told_year, "new_id", lambda: str(uuid.uuid5(uuid.NAMESPACE_OID, str(next(numbers))))), \
                MiniStack(list(programs), programs) as self.stack:
            self.client = self.stack.client
            super().setUp()
            one, other = self.person(), self.person()
            steps = pair(one, other)
            next(steps)
            self.send()
            next(steps)  # both say what they do, and neither has read it of the other
            told = dict(self.said)
            self.assertEqual(set(told), {"registry", "matching"})
            for service in order:
                self.said.clear()
                self.said[service] = told[service]
                self.send()
            for _ in steps:
                self.send()
            rows = {table: sorted(MADE_AT.sub("", self.stack.psql(f"SELECT t::text FROM reporting.{table} t")).splitlines())
                    for table in TABLES}
            waiting = self.report(project_year=2024).get(("waiting-volunteers", None, None), 0)
        return rows, waiting

    def same(self, pair, waiting):
        """Whichever comes first: the tables are the same, and so many volunteers wait."""
        first, second = (self.play(pair, order) for order in (("registry", "matching"), ("matching", "registry")))
        for table in TABLES:
            self.assertEqual(first[0][table], second[0][table], table)
        self.assertEqual((first[1], second[1]), (waiting, waiting))

    def merged(self, keep, drop):
        self.say("registry", "person-merged", keep, DAY, keep_id=keep, drop_id=drop)

    def waits(self, person):
        self.say("matching", "waiting-started", person, DAY, waiting_id=told_year.new_id(), person_id=person,
                 programme=self.programme, side="volunteer", nis=HERENTALS, since=DAY)

    def request(self, name, request, buddy):
        self.say("matching", name, request, DAY, request_id=request, programme=self.programme, person_id=told_year.new_id(),
                 topic="administration", nis=HERENTALS, buddy_id=buddy)

    def test_a_wait_of_an_entry_that_is_merged(self):
        def pair(keep, drop):
            yield
            self.merged(keep, drop)
            self.waits(drop)
            yield
            self.request("help-request-assigned", told_year.new_id(), keep)
            yield
        self.same(pair, waiting=0)

    def test_a_request_given_to_an_entry_that_is_merged(self):
        def pair(keep, drop):
            self.waits(keep)
            yield
            self.merged(keep, drop)
            request = told_year.new_id()
            self.request("help-request-assigned", request, drop)
            yield
        for order in (("registry", "matching"), ("matching", "registry")):
            self.assertEqual(self.play(pair, order)[1], 0, "they help somebody")

    def test_a_request_given_to_who_stops(self):
        def pair(buddy, _):
            self.waits(buddy)
            yield
            self.say("registry", "volunteer-stopped", buddy, DAY, person_id=buddy, nis=HERENTALS, reason="other")
            request = told_year.new_id()
            self.request("help-request-assigned", request, buddy)
            yield
            self.request("help-request-reopened", request, buddy)
            yield
        self.same(pair, waiting=1)

    def test_a_request_given_to_who_is_erased(self):
        def pair(buddy, _):
            yield
            self.say("registry", "person-erased", buddy, DAY, person_id=buddy)
            request = told_year.new_id()
            self.request("help-request-assigned", request, buddy)
            yield
            self.request("help-request-reopened", request, buddy)
            yield
        self.same(pair, waiting=0)


if __name__ == "__main__":
    unittest.main()
