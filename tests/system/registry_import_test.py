#!/usr/bin/python3
"""Lists of people, taken in by registry on the real bus."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from registry_scene import Scene  # noqa: E402


class Import(Scene):
    def test_a_list_is_taken_whole_or_not_at_all(self):
        bad = ("voornaam;naam;postcode;voorkeurtaal;geboortejaar;e-mail\r\n"
               "Fatma;Yildiz;1730;tr;1985;fatma@example.org\r\n"
               "Mehmet;Kaya;0000;tr;85;mehmet\r\n")
        reply = self.call("import-people", partnership="asse", csv=bad)
        self.assertEqual((reply["lines"], reply["imported"], reply["people"]), (2, 0, []))
        self.assertEqual(sorted((f["line"], f["column"]) for f in reply["faults"]),
                         [(3, "birth_year"), (3, "email"), (3, "postcode")])
        ahead = ("postcode,preferred_language,birth_year,child_birth_years\n1730,nl,2090,2015 2091\n"
                 f"1730,nl,{time.gmtime().tm_year},{time.gmtime().tm_year}\n")
        reply = self.call("import-people", partnership="asse", csv=ahead, dry_run=True)
        self.assertEqual([(f["line"], f["column"]) for f in reply["faults"]], [(2, "birth_year"), (2, "child_birth_years")])
        many = "postcode,preferred_language,birth_year,email,gender,channel,phone\n" + "0001,?,?,?,?,?,?\n" * 999
        reply = self.call("import-people", partnership="asse", csv=many)
        self.assertEqual((reply["imported"], {f["line"] for f in reply["faults"]}), (0, set(range(2, 1001))))
        self.assertEqual([f["line"] for f in reply["faults"]], sorted(f["line"] for f in reply["faults"]))
        longer = "postcode;voorkeurtaal;beschikbaarheid\n" + "1730;nl;ma vm nm avond di vm nm wo avond\n" * 1000  # once it is recorded
        for dry_run in (True, False):
            reply = self.call("import-people", partnership="asse", csv=longer, dry_run=dry_run)
            self.assertEqual((reply["imported"], [f["text"] for f in reply["faults"]]),
                             (0, ["de lijst is te lang: splits ze in twee, elk met deze eerste regel"]))
        good = bad.replace("0000", "1730").replace(";85;mehmet", ";1985;mehmet@example.org")
        before = len(self.client.log("registry"))
        self.assertEqual(self.call("import-people", partnership="asse", csv=good, dry_run=True)["imported"], 0)
        self.assertEqual(len(self.client.log("registry")), before)
        reply = self.call("import-people", partnership="asse", csv=good)
        self.assertEqual(reply["imported"], 2)
        self.assertEqual(self.ask("person", person_id=reply["people"][1])["first_name"], "Mehmet")
        log = self.client.log("registry", after=before)
        self.assertEqual([d for h, d in log if h.get("kind") == "command"],
                         [{"partnership": "asse", "coarse": "postcode,preferred_language,channel,birth_year\n"
                                                            "1730,tr,mail,1985\n1730,tr,mail,1985\n"}])
        self.assertEqual(reply["language"], "nl")
        again = self.call("import-people", partnership="asse", csv=good, dry_run=True)
        self.assertEqual([(d["line"], d["person_id"]) for d in again["possible_duplicates"]],
                         [(2, reply["people"][0]), (3, reply["people"][1])])

    def test_one_person_in_two_lines_is_told_by_their_numbers(self):
        twice = ("postcode,preferred_language,first_name,last_name,birth_year,phone\n1730,nl,Wim,Dubbel,1971,\n"
                 "1730,nl,Wim,Dubbel,1971,0470998877\n")
        reply = self.call("import-people", partnership="asse", csv=twice, dry_run=True)
        self.assertEqual((reply["faults"], reply["possible_duplicates"], reply["alike_lines"]),
                         ([], [], [{"line": 3, "other_line": 2, "grounds": ["name"]}]))
        reply = self.call("import-people", partnership="asse", csv=twice + "1730,nl,Wim,Dubbel,1971,0470998877\n")
        self.assertEqual([(fault["line"], fault["text"]) for fault in reply["faults"]],
                         [(4, "is the same as line 3: take one of the two out")])
        self.assertEqual((reply["imported"], reply["possible_duplicates"]), (0, []))
        reply = self.call("import-people", partnership="asse", csv=twice)
        self.assertEqual([(one["line"], one["person_id"]) for one in reply["possible_duplicates"]], [(3, reply["people"][0])])
        self.assertEqual([fault["text"] for fault in self.call("import-people", partnership="asse", csv="")["faults"]],
                         ["there is nothing here: the first line names the columns"])


if __name__ == "__main__":
    unittest.main()
