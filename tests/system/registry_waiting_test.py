#!/usr/bin/python3
"""What partners tell that has to wait: personal data for a referral that was parked, a status for a referral to come."""
import datetime
import pathlib
import secrets
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from ministack import MiniStack  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {name: BUILD / f"bin/koppel-{name}" for name in ("gateway", "registry")}
SOURCE = "https://vdab.example/adapter"


class Waiting(unittest.TestCase):
    def setUp(self):
        http, adapters = free_ports(2)
        self.stack = self.enterContext(MiniStack(["gateway", "registry"], PROGRAMS, {
            "INSZ_KEY": secrets.token_hex(32), "HTTP_LISTEN": f"127.0.0.1:{http}",
            "ADAPTER_BIND": f"tcp://127.0.0.1:{adapters}"}))
        self.client = self.stack.client
        self.form("asse", "23002")

    def call(self, name, /, **data):
        return self.client.command("registry", f"koppel.registry.{name}.v1", data)

    def form(self, partnership, nis):
        self.call("form-partnership", partnership=partnership, name=partnership, since="2012-01-01", lead_nis=nis,
                  municipalities=[{"nis": nis}])

    def accept(self, name, source=SOURCE, attributes=(), **data):
        header = {"id": str(uuid.uuid4()), "source": source, "type": f"koppel.gateway.{name}.v1", "specversion": "1.0",
                  "subject": data.get("external_person", "x"), **dict(attributes)}
        self.client.command("gateway", "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": data}]})
        self.stack.settled()

    def refer(self, **more):
        data = {"referral_id": str(uuid.uuid4()), "from": "0887010362", "to": "asse", "partner_type": "vdab",
                "reason": "work", "partnership": "asse", "postcode": "1730", **more}
        self.accept("referral-received", **data)
        return [d["person_id"] for h, d in self.client.log("registry") if d.get("referral_id") == data["referral_id"]]

    def tell(self, reference, status, **more):
        self.accept("status-changed", external_person=reference, partner_type="vdab", status=status, **more)

    def dead(self):
        return self.client.admin("registry", "ADMIN", {"op": "dead-list"})["dead"]

    def retry(self, letter):
        self.client.admin("registry", "ADMIN", {"op": "dead-retry", "source": letter["source"], "seq": letter["seq"],
                                                "event_id": letter["event_id"]})
        eventually(lambda: all(one["state"] != "retrying" for one in self.dead()), what="the letter tried again")

    def set_clock(self, days):
        self.client.admin("registry", "RELEASE", {"now": time.time_ns() // 1000 + days * 86_400_000_000})

    def days_pass(self, days):
        self.set_clock(days)
        self.stack.settled()

    def people(self, partnership):
        return self.client.query("registry", "koppel.registry.people.v1", {"partnership": partnership})["people"]

    def person(self, person_id):
        return self.client.query("registry", "koppel.registry.person.v1", {"person_id": person_id})

    def test_personal_data_waits_for_a_referral_that_was_parked(self):
        deposit = str(uuid.uuid4())
        self.call("deposit-personal", deposit_id=deposit, first_name="Dawit", last_name="Tesfay")
        self.assertEqual(self.refer(partnership="hamme", postcode="9220", deposit_id=deposit), [])
        letter, = self.dead()
        self.days_pass(60)
        self.form("hamme", "42008")
        self.retry(letter)
        self.assertEqual(self.dead(), [])
        row, = self.people("hamme")
        self.assertEqual(self.person(row["person_id"])["first_name"], "Dawit")
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.deposit"), "0")

    def test_personal_data_that_no_event_came_for_is_dropped(self):
        self.call("deposit-personal", deposit_id=str(uuid.uuid4()), first_name="Never", last_name="Referred")
        self.days_pass(2)
        eventually(lambda: self.stack.psql("SELECT count(*) FROM registry.deposit") == "0", what="the deposit dropped")

    def test_one_whose_referral_may_not_have_been_read_waits(self):
        """As the gateway is not heard: its event may be in a log that cannot be read now."""
        self.stack.kill("gateway")
        eventually(lambda: self.stack.metric("registry", "libbus_ready") == 0, what="its silence noticed")
        deposit = str(uuid.uuid4())
        self.call("deposit-personal", deposit_id=deposit, first_name="Never", last_name="Read")
        due = "SELECT due FROM registry.timer WHERE name = 'deposit-stale'"
        before = self.stack.psql(due)
        self.set_clock(2)
        eventually(lambda: self.stack.psql(due) != before, what="the day over")
        self.assertEqual(self.stack.psql("SELECT deposit_id FROM registry.deposit"), deposit)
        self.stack.start("gateway")
        eventually(lambda: self.stack.metric("registry", "libbus_ready") == 1, what="the gateway heard")
        self.days_pass(4)
        eventually(lambda: self.stack.psql("SELECT count(*) FROM registry.deposit") == "0", what="the deposit dropped")

    def test_a_letter_keeps_what_it_names_and_nothing_else(self):
        kept, orphan = str(uuid.uuid4()), str(uuid.uuid4())
        for deposit in (kept, orphan):
            self.call("deposit-personal", deposit_id=deposit, first_name="Dawit", last_name="Tesfay")
        self.assertEqual(self.refer(partnership="hamme", postcode="9220", deposit_id=kept), [])
        self.days_pass(3)
        eventually(lambda: self.stack.psql("SELECT deposit_id FROM registry.deposit") == kept, what="the orphan dropped")
        letter, = self.dead()
        self.stack.client.admin("registry", "ADMIN", {"op": "dead-drop", "source": letter["source"],
                                                "seq": letter["seq"], "event_id": letter["event_id"], "note": "no"})
        self.days_pass(6)
        eventually(lambda: self.stack.psql("SELECT count(*) FROM registry.deposit") == "0", what="the deposit dropped")

    def test_nobody_is_registered_without_the_name_that_came_with_them(self):
        deposit = str(uuid.uuid4())
        self.call("deposit-personal", deposit_id=deposit, first_name="Dawit", last_name="Tesfay")
        self.assertEqual(self.refer(partnership="hamme", postcode="9220", deposit_id=deposit), [])
        self.stack.psql("DELETE FROM registry.deposit")
        self.form("hamme", "42008")
        self.retry(self.dead()[0])
        letter, = self.dead()
        self.assertIn("kept no longer", letter["error"])
        self.assertEqual(self.people("hamme"), [])

    def test_a_referral_sent_twice_leaves_no_personal_data_behind(self):
        referral, (one, other) = str(uuid.uuid4()), (str(uuid.uuid4()) for _ in range(2))
        for deposit in (one, other):
            self.call("deposit-personal", deposit_id=deposit, first_name="Dawit", last_name="Tesfay")
            self.refer(referral_id=referral, deposit_id=deposit)
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.deposit"), "0")
        self.assertEqual(len(self.people("asse")), 1)

    def test_a_status_before_its_referral_counts_from_then_on(self):
        self.tell("p-1", "employed")
        self.tell("p-1", "in-training", since="2026-03-01", postcode="1731")
        self.tell("p-2", "employed", partnership="asse", attributes={"nis": "44021"})  # who will live elsewhere
        self.tell("p-1", "deceased", source="https://other.example")
        self.assertEqual(self.dead(), [])
        person, = self.refer(external_person="p-1")
        row = self.person(person)
        self.assertEqual((row["status"], row["postcode"]), ("in-training", "1731"))
        said = [(h["type"].split(".")[2], d) for h, d in self.client.log("registry") if h.get("subject") == person]
        self.assertEqual([name for name, _ in said],
                         ["person-registered", "referral-linked", "status-recorded", "person-moved"])
        self.assertEqual(said[2][1]["since"], "2026-03-01")
        other, = self.refer(external_person="p-2")
        self.assertNotIn("status", self.person(other))
        self.assertEqual(self.stack.psql("SELECT source FROM registry.early_status"), "https://other.example")

    def early(self):
        return self.stack.psql("SELECT external_person FROM registry.early_status ORDER BY told").split()

    def own(self, *sources, **more):
        return self.client.query("registry", "koppel.registry.own-early-statuses.v1", {"sources": list(sources), **more})

    def references(self, *sources, **more):
        return [one["external_person"] for one in self.own(*sources, **more)["statuses"]]

    def test_what_waits_for_a_referral_is_listed_for_who_told_it(self):
        self.assertEqual(self.own("*"), {"statuses": [], "total": 0})
        for reference, status, more in (("p-1", "employed", {}), ("p-2", "employed", {"partnership": "asse", "attributes": {"nis": "23002"}}),
                                        ("p-3", "deceased", {"source": "https://other.example"}), ("p-1", "in-training", {})):
            self.tell(reference, status, **more)
        self.assertEqual([self.references(*sources) for sources in ((SOURCE,), ("https://vdab*",), ("https://other.example", SOURCE), ("*",),
                                                                    (), ("https://vdab",))],
                         [["p-2", "p-1"], ["p-2", "p-1"], ["p-2", "p-3", "p-1"], ["p-2", "p-3", "p-1"], [], []])
        self.assertEqual([self.references("*", **which) for which in (
            {"partnerships": ["asse", "hamme"]}, {"partnerships": ["hamme"]}, {"nis": ["23002"]}, {"nis": ["44021"]})], [["p-2"], [], ["p-2"], []])
        mine = self.own(SOURCE)
        first, last = mine["statuses"]
        self.assertEqual((mine["total"], mine["oldest"]), (2, first["told"]))
        self.assertEqual((first["partnership"], last["status"], last["source"]), ("asse", "in-training", SOURCE))
        told, until = (datetime.datetime.fromisoformat(last[when]) for when in ("told", "until"))
        self.assertEqual(until - told, datetime.timedelta(days=30))
        pages = [self.own("*", limit=1)]
        while "next" in pages[-1] and len(pages) < 9:
            pages.append(self.own("*", limit=1, cursor=pages[-1]["next"]))
        self.assertEqual([[one["external_person"] for one in page["statuses"]] for page in pages], [["p-2"], ["p-3"], ["p-1"]])
        self.assertEqual({(page["total"], page["oldest"]) for page in pages}, {(3, first["told"])})
        self.refer(external_person="p-1")
        self.assertEqual(self.references("*"), ["p-2", "p-3"])

    def test_a_status_that_no_referral_follows_is_forgotten_after_thirty_days(self):
        self.tell("p-1", "employed")
        self.days_pass(20)
        self.tell("p-2", "employed")
        self.assertEqual(self.early(), ["p-1", "p-2"])
        for days, left in ((31, ["p-2"]), (51, [])):
            self.days_pass(days)
            eventually(lambda: self.early() == left, what=f"left after {days} days: {left}")
            told, = [line for line in self.stack.log_tail("registry", 1000).splitlines() if "are forgotten" in line][-1:]
            self.assertIn(" 1 of the statuses that partners told 30 days ago ", told)
            self.assertNotIn("p-", told.split("30 days ago", 1)[1])

    def test_what_is_told_of_somebody_erased_is_not_kept(self):
        person, = self.refer(external_person="p-1")
        self.call("erase-person", person_id=person)
        self.tell("p-1", "moved-away", postcode="2280")
        self.assertEqual(self.early(), [])
        self.tell("p-1", "employed", source="https://other.example")
        self.assertEqual(self.early(), ["p-1"], "somebody else's reference")
        again, = set(self.refer(external_person="p-1")) - {person}
        self.tell("p-1", "in-training")
        self.assertEqual((self.person(again)["status"], self.person(person)["erased"]), ("in-training", True))


if __name__ == "__main__":
    unittest.main()
