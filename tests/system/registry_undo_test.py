#!/usr/bin/python3
"""What registry keeps in memory when a batch is rolled back: what that batch cannot have changed is not read again."""
import pathlib
import secrets
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from ministack import MiniStack  # noqa: E402
from ports import free_ports  # noqa: E402
from registry_scene import PROGRAMS  # noqa: E402
from waiting import eventually  # noqa: E402


class Undo(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.list = pathlib.Path(folder.name) / "erasures"
        http, adapters = free_ports(2)
        self.stack = self.enterContext(MiniStack(["gateway", "registry"], PROGRAMS, {
            "INSZ_KEY": secrets.token_hex(32), "HTTP_LISTEN": f"127.0.0.1:{http}",
            "ADAPTER_BIND": f"tcp://127.0.0.1:{adapters}", "ERASURES_PATH": str(self.list)}))

    def call(self, name, /, **data):
        return self.stack.client.command("registry", f"koppel.registry.{name}.v1", data)

    def register(self, **data):
        return self.call("register-person", **{"postcode": "1730", "preferred_language": "nl", **data})["person_id"]

    def erased(self, person):
        return self.stack.client.query("registry", "koppel.registry.person.v1", {"person_id": person})["erased"]

    def roll_back(self):
        """A batch that fails in the database."""
        before = self.stack.metric("registry", "libbus_singles_total")
        with self.assertRaises(Refused):
            self.register(postcode="1731")
        self.assertGreater(self.stack.metric("registry", "libbus_singles_total"), before)

    def test_only_what_may_have_changed_is_read_again(self):
        self.assertEqual(self.list.read_text(), "")
        self.stack.psql("ALTER TABLE registry.person ADD CHECK (postcode <> '1731')")
        self.call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
                  municipalities=[{"nis": "23002"}])
        self.stack.psql("INSERT INTO registry.place SELECT '0001', place, nis, lat_e4, lon_e4 FROM registry.place "
                        "WHERE postcode = '1730' LIMIT 1")
        with self.assertRaises(Refused):
            self.register(postcode="0001")
        self.roll_back()  # a partnership was formed since places were read
        self.register(postcode="0001")

        self.roll_back()
        self.stack.psql("DELETE FROM registry.place WHERE postcode = '0001'")
        people = [self.register() for _ in range(2)]
        self.list.write_text(people[0] + "\n")
        self.roll_back()
        people.append(self.register(postcode="0001"))  # places were not read again
        self.assertEqual([self.erased(person) for person in people], [False] * 3)

        self.stack.kill("registry")
        self.stack.start("registry")
        self.stack.wait_ready("registry")
        eventually(lambda: self.erased(people[0]), what="the erasure once more")
        self.assertFalse(self.erased(people[1]))
        with self.assertRaises(Refused):
            self.register(postcode="0001")

    def test_who_was_erased_is_erased_again_though_the_first_turns_were_undone(self):
        """A batch behind a turn that waited is undone, and the attempts at its event are committed before it is handled alone."""
        self.call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
                  municipalities=[{"nis": "23002"}])
        person = self.register()
        self.stack.kill("registry")
        self.list.write_text(person + "\n")
        referral = str(uuid.uuid4())
        self.stack.client.command("gateway", "koppel.gateway.accept-events.v1", {"events": [{
            "header": {"id": str(uuid.uuid4()), "source": "https://vdab.example/adapter", "specversion": "1.0",
                       "type": "koppel.gateway.referral-received.v1", "subject": referral},
            "data": {"referral_id": referral, "from": "0887010362", "to": "asse", "partner_type": "vdab",
                     "reason": "language-practice", "partnership": "asse", "postcode": "1731"}}]})
        self.stack.psql("ALTER TABLE registry.person ADD CHECK (postcode <> '1731'); CREATE SEQUENCE registry.tries; "
                        "CREATE FUNCTION registry.not_yet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                        "IF nextval('registry.tries') < 6 THEN RAISE SQLSTATE '40001'; END IF; RETURN NEW; END $$; "
                        "CREATE TRIGGER not_yet BEFORE INSERT ON registry.timer FOR EACH ROW "
                        "WHEN (NEW.name = 'erase-again') EXECUTE FUNCTION registry.not_yet(); "
                        "GRANT ALL ON SEQUENCE registry.tries TO PUBLIC")
        self.stack.start("registry")
        self.stack.wait_ready("registry")
        eventually(lambda: self.stack.psql("SELECT count(*) FROM registry.dead_letter") == "1", what="the referral parked")
        eventually(lambda: self.erased(person), what="the erasure once more")

    def test_a_new_list_begins_with_who_was_erased_before_it(self):
        self.call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
                  municipalities=[{"nis": "23002"}])
        keep, drop, other, known = (self.register() for _ in range(4))
        self.call("merge-people", keep_id=keep, drop_id=drop)
        for person in (keep, other):
            self.call("erase-person", person_id=person)
        eventually(lambda: len(self.list.read_text().split()) == 3, what="the list written")
        eventually(lambda: self.stack.psql("SELECT count(*) FROM registry.effect") == "0", what="that it is written noted")
        for empty in (self.list.unlink, lambda: self.list.write_text("")):
            self.stack.kill("registry")
            empty()
            self.stack.start("registry")
            self.stack.wait_ready("registry")
            eventually(lambda: sorted(self.list.read_text().split()) == sorted([keep, drop, other]), what="the list begun")

    def test_what_a_full_disk_cut_off_takes_no_other_erasure_with_it(self):
        self.call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
                  municipalities=[{"nis": "23002"}])
        person = self.register()
        self.list.write_text(person[:20])
        self.call("erase-person", person_id=person)
        eventually(lambda: person in self.list.read_text().split("\n"), what="a line of its own")


if __name__ == "__main__":
    unittest.main()
