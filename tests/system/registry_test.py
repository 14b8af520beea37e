#!/usr/bin/python3
"""Registry on the real bus: partnerships and programmes, what is refused and how, and how far a command reaches."""
import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Refused  # noqa: E402
from registry_scene import Scene  # noqa: E402


class Registry(Scene):
    def test_a_refusal_names_the_field(self):
        person = self.register()["person_id"]
        wrong = {"national_number": "93051822362", "postcode": "0001"}
        for name, data in (("register-person", {**wrong, "phone": "123456789", "preferred_language": "nl"}),
                           ("change-profile", {"person_id": person, "national_number": "93051822362", "phone": "123456789"}),
                           ("move-person", {"person_id": person, "street": "a\nb", "postcode": "0001"})):
            with self.assertRaises(Refused) as refused:
                self.call(name, **data)
            self.assertEqual({f["pointer"] for f in refused.exception.status["faults"]},
                             {f"/{field}" for field in data} - {"/preferred_language", "/person_id"}, name)
        for name, pointer, data in (
                ("register-person", "/national_number", {"postcode": "1730", "preferred_language": "nl",
                                                         "national_number": "93051822362"}),
                ("change-profile", "/email", {"person_id": person, "email": "no address"}),
                ("register-person", "/postcode", {"postcode": "0001", "preferred_language": "nl"}),
                ("register-person", "/profile/birth_year", {"postcode": "1730", "preferred_language": "nl",
                                                            "profile": {"birth_year": 2090}}),
                ("change-profile", "/profile/child_birth_years/1", {"person_id": person, "profile": {"child_birth_years": [2020, 2090]}}),
                ("move-person", "/postcode", {"person_id": person, "postcode": "0001"}),
                ("add-member", "/nis", {"partnership": "asse", "nis": "99999", "since": "2022-01-01"}),
                ("import-people", "/csv", {"partnership": "asse"}),
                ("merge-people", "/drop_id", {"keep_id": person, "drop_id": person}),
                ("hold-intake", "/capacity", {"person_id": person, "programme": "asse-duo", "side": "newcomer", "capacity": 1}),
                ("hold-intake", "/programme", {"person_id": person, "programme": "nowhere", "side": "newcomer"})):
            with self.assertRaises(Refused) as refused:
                self.call(name, **data)
            self.assertEqual([f["pointer"] for f in refused.exception.status["faults"]], [pointer], name)

    def test_what_failed_for_a_fault_of_ours_is_told_in_the_log(self):
        person = self.register(first_name="Nooitverklapt")["person_id"]
        self.ask("person", person_id=person)  # by a connection that stays, where the statement is prepared
        log = self.stack.folder / "registry.log"
        before = log.stat().st_size
        self.stack.psql("ALTER TABLE registry.person_private RENAME TO person_hidden")
        try:
            self.refused("bug", "register-person", postcode="1730", preferred_language="nl", first_name="Nooitverklapt")
            with self.assertRaises(Refused) as refused:
                self.ask("person", person_id=person)
        finally:
            self.stack.psql("ALTER TABLE registry.person_hidden RENAME TO person_private")
        self.assertEqual(refused.exception.status["status"], "bug")
        told = log.read_bytes()[before:].decode()
        for name in ("register-person", "person"):
            self.assertRegex(told, rf"(?m) warn  registry koppel\.registry\.{name}\.v1 failed: \S")
        self.assertNotIn("Nooitverklapt", told)

    def test_a_fault_of_ours_that_wrote_nothing_is_told_in_the_log_too(self):
        """Its answer does not undo what else is in the turn."""
        made = {"programme": "long-duo", "partnership": "asse", "kind": "language-duo", "name": "Nooitverklapt"}
        self.call("configure-programme", **made)
        log = self.stack.folder / "registry.log"
        before, singles = log.stat().st_size, self.stack.metric("registry", "libbus_singles_total")
        self.stack.psql("UPDATE registry.programme SET version = 2000000 WHERE programme = 'long-duo'")  # no reply holds it
        self.refused("bug", "configure-programme", **made)
        told = log.read_bytes()[before:].decode()
        self.assertRegex(told, r"(?m) warn  registry koppel\.registry\.configure-programme\.v1 failed: \S")
        self.assertNotIn("Nooitverklapt", told)
        self.assertEqual(self.stack.metric("registry", "libbus_singles_total"), singles)

    def test_partnerships_have_their_municipalities(self):
        row, = self.ask("partnerships", partnership="middenkempen")["partnerships"]
        self.assertEqual([m["name"] for m in row["municipalities"]], ["Grobbendonk", "Herentals", "Herenthout"])
        self.assertEqual(self.call("add-member", partnership="middenkempen", nis="13017", since="2022-01-01")["members"], 4)
        self.assertEqual(self.call("add-member", partnership="middenkempen", nis="13017", since="2022-01-01")["members"], 4)
        self.refused("conflict", "add-member", partnership="asse", nis="13017", since="2022-01-01")
        self.refused("invalid", "add-member", partnership="asse", nis="99999", since="2022-01-01")
        self.refused("not-found", "add-member", partnership="nowhere", nis="44021", since="2022-01-01")
        self.refused("conflict", "form-partnership", partnership="asse", name="Asse", since="2012-01-01",
                     lead_nis="44021", municipalities=[{"nis": "44021"}])
        for lead, members, places in (
                ("44021", ["44043"], {"/municipalities"}),
                ("99999", ["44043", "99998", "44043"],
                 {"/municipalities", "/municipalities/2/nis", "/municipalities/1/nis", "/lead_nis"})):
            with self.assertRaises(Refused) as refused:
                self.call("form-partnership", partnership="gent", name="Gent", since="2012-01-01", lead_nis=lead,
                          municipalities=[{"nis": n} for n in members])
            self.assertEqual({f["pointer"] for f in refused.exception.status["faults"]}, places)
        self.assertIn("13011, 23002", self.refused("conflict", "form-partnership", partnership="gent", name="Gent", lead_nis="44021",
                                                   since="2012-01-01", municipalities=[{"nis": n} for n in ("44021", "23002", "13011")]))

    def test_every_municipality_has_a_name(self):
        found, cursor = {}, {}
        while cursor is not None:
            page = self.ask("municipalities", limit=200, **cursor)
            found.update((one["nis"], one) for one in page["municipalities"])
            cursor = {"cursor": page["next"]} if "next" in page else None
        self.assertEqual(str(len(found)), self.stack.psql("SELECT count(*) FROM registry.municipality"))
        self.assertEqual(found["13011"], {"nis": "13011", "name": "Herentals", "postcodes": ["2200"]})
        self.assertEqual(found["11007"], {"nis": "11007", "name": "Borsbeek", "until": "2024-12-31", "postcodes": ["2150"]})

    def test_names_that_do_not_exist_are_refused(self):
        for name in ("people", "arrivals", "organisations", "duplicates", "programmes", "partnerships"):
            with self.assertRaisesRegex(Refused, "there is no partnership mars"):
                self.ask(name, partnership="mars")
        for name in ("people", "programmes"):
            with self.assertRaisesRegex(Refused, "there is no programme nonexistent"):
                self.ask(name, programme="nonexistent")

    def test_a_programme_gets_a_version_for_every_change(self):
        first = {"programme": "herentals-duo", "partnership": "middenkempen", "kind": "language-duo", "name": "Taalkoppel"}
        self.assertEqual(self.call("configure-programme", **first)["version"], 1)
        self.assertEqual(self.call("configure-programme", **first)["version"], 1)
        changed = self.call("configure-programme", **first, rules={"max_distance_km": 7.5}, weights={"interests": 60})
        self.assertEqual(changed["version"], 2)
        row, = self.ask("programmes", programme="herentals-duo")["programmes"]
        self.assertEqual((row["rules"]["max_distance_km"], row["rules"]["silence_after_days"]), (7.5, 45))
        self.assertEqual((row["weights"]["interests"], row["weights"]["distance"]), (60, 30))
        self.refused("conflict", "configure-programme", **{**first, "kind": "support-buddy"})
        self.refused("conflict", "configure-programme", **{**first, "partnership": "asse"})

    def test_a_programme_that_ended_stays_so(self):
        made = {"programme": "short-duo", "partnership": "asse", "kind": "language-duo", "name": "Kort"}
        self.call("configure-programme", **made)
        person = self.register()["person_id"]
        today = datetime.datetime.now(datetime.timezone.utc).date()
        day, before = today.isoformat(), (today - datetime.timedelta(2)).isoformat()
        end = {"programme": "short-duo", "partnership": "asse", "on_date": day, "reason": "the grant ended"}
        self.refused("not-found", "end-programme", **{**end, "programme": "nothing"})
        self.refused("conflict", "end-programme", **{**end, "partnership": "middenkempen"})
        self.assertIn("in the future", self.refused("conflict", "end-programme", **{**end, "on_date": "2199-01-01"}))
        self.assertIn("before the programme was configured",
                      self.refused("conflict", "end-programme", **{**end, "on_date": before}))
        self.call("configure-programme", **made, rules={"max_distance_km": 7.5})
        self.assertIn("31 days", self.refused("conflict", "end-programme", **{**end, "on_date": "2020-02-29"}))
        with self.assertRaises(Refused) as refused:
            self.client.command("registry", "koppel.registry.end-programme.v1", end, within="partnership=middenkempen")
        self.assertEqual(refused.exception.status["status"], "denied")
        for _ in range(2):
            self.assertEqual(self.call("end-programme", **end), {"programme": "short-duo"})
        self.assertEqual(self.said("short-duo", "programme-ended"), [("programme-ended", end)])
        for name, data in (("end-programme", {**end, "on_date": before}), ("configure-programme", made),
                           ("hold-intake", {"person_id": person, "programme": "short-duo", "side": "newcomer"})):
            self.assertIn("short-duo ended on " + day, self.refused("conflict", name, **data))
        row, = self.ask("programmes", programme="short-duo")["programmes"]
        self.assertEqual((row["ended_on"], row["end_reason"]), (day, "the grant ended"))
        row, = self.ask("programmes", programme="asse-duo")["programmes"]
        self.assertNotIn("ended_on", row)

    def test_organisations(self):
        made = self.call("register-organisation", partnership="asse", name="OCMW Asse", kind="ocmw", kbo="0212147024",
                         postcode="1730")
        self.refused("conflict", "register-organisation", partnership="asse", name="Again", kind="ocmw", kbo="0212147024")
        row, = self.ask("organisations", partnership="asse")["organisations"]
        self.assertEqual((row["organisation_id"], row["nis"]), (made["organisation_id"], "23002"))

    def test_a_command_reaches_no_further_than_its_sender(self):
        """Also where its first event would: what is refused has changed nothing and cost nobody else's batch."""
        def denied(name, within, /, **data):
            with self.assertRaises(Refused) as refused:
                self.client.command("registry", f"koppel.registry.{name}.v1", data, within=within)
            self.assertEqual(refused.exception.status["status"], "denied", refused.exception.status)
        known = self.register(postcode="2200", first_name="Ilse", email="ilse@example.org")["person_id"]
        before, undone = self.stack.psql("SELECT count(*) FROM registry.person"), self.stack.metric("registry", "libbus_singles_total")
        csv = "postcode,preferred_language\n2200,nl\n2280,nl\n2200,nl\n2280,nl\n"
        for dry_run in (True, False):
            reply = self.client.command("registry", "koppel.registry.import-people.v1", {
                "partnership": "middenkempen", "csv": csv, "dry_run": dry_run}, within="nis=13011")
            self.assertEqual((reply["imported"], [(f["line"], f["column"]) for f in reply["faults"]]),
                             (0, [(3, "postcode"), (5, "postcode")]))
        for within, told in (("partnership=asse", []), ("partnership=middenkempen", [(2, known)])):
            reply = self.client.command("registry", "koppel.registry.import-people.v1", {  # guesses at who is known elsewhere
                "partnership": "middenkempen", "dry_run": True,
                "csv": "postcode,preferred_language,email\n2200,nl,ilse@example.org\n0000,nl,ilse@example.org\n"}, within=within)
            self.assertEqual([(one["line"], one["person_id"]) for one in reply["possible_duplicates"]], told, within)
        self.assertEqual(self.stack.psql("SELECT count(*) FROM registry.person"), before)
        denied("form-partnership", "partnership=new nis=44021", partnership="new", name="New", since="2026-01-01",
               lead_nis="44021", municipalities=[{"nis": "44021"}, {"nis": "44043"}])
        for partnership in ("middenkempen", "asse", "nowhere"):  # also what would be theirs by it
            for within in ("partnership=asse", "nis=13017", "nis=44021"):
                denied("add-member", within, partnership=partnership, nis="44021", since="2022-01-01")
        denied("register-person", "nis=13011", postcode="2280", preferred_language="nl")
        person = self.register(first_name="Noor", email="noor@example.org")["person_id"]
        for name, more in (("change-profile", {"first_name": "X"}), ("erase-person", {}), ("recruit-volunteer", {"capacity": 1}),
                           ("give-consent", {"purpose": "photo"}), ("move-person", {"postcode": "1731"})):
            denied(name, "partnership=middenkempen", person_id=person, **more)
        denied("move-person", "partnership=asse", person_id=person, postcode="2200")
        denied("register-person", "partnership=middenkempen", person_id=person, postcode="1730", preferred_language="nl")
        denied("configure-programme", "partnership=middenkempen", partnership="nowhere", programme="xx", kind="language-duo", name="x")
        denied("register-organisation", "partnership=middenkempen", partnership="nowhere", kind="other", name="x")
        self.assertEqual(self.ask("person", person_id=person)["first_name"], "Noor")
        self.assertEqual(self.stack.metric("registry", "libbus_singles_total"), undone)


if __name__ == "__main__":
    unittest.main()
