#!/usr/bin/python3
"""koppel dead retry tells what came of the letter that it names."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from livestack import KOPPEL, Stack, koppel  # noqa: E402
from waiting import eventually  # noqa: E402

SOURCE = "https://vdab.example/adapter"


class Retry(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-retry-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.stack = Stack(self.folder / "stack")
        koppel("up", "--dir", self.stack.folder)
        self.addCleanup(koppel, "down", "--dir", self.stack.folder)
        for partnership, nis in ("herentals", "13011"), ("turnhout", "13040"):
            self.stack.call("form-partnership", {"partnership": partnership, "name": partnership, "since": "2012-01-01",
                                                 "lead_nis": nis, "municipalities": [{"nis": nis}]})

    def tell(self, kind, **data):
        self.stack.ask("/v1/events", {"specversion": "1.0", "id": str(uuid.uuid4()), "source": SOURCE,
                                      "type": f"koppel.gateway.{kind}.v1", "data": {"external_person": "case-1", **data}},
                       "application/cloudevents+json")

    def dead(self, *arguments):
        return koppel("dead", *arguments, "--dir", self.stack.folder)

    def park(self):
        """An event for another partnership than the one that serves its person waits for the person to move there."""
        self.tell("referral-received", **{"from": "vdab:turnhout"}, referral_id=str(uuid.uuid4()), to="0887010362", partner_type="vdab",
                  reason="work", partnership="herentals", postcode="2200")
        self.tell("status-changed", partner_type="vdab", status="employed", partnership="turnhout")
        eventually(lambda: "parked  1 attempt " in self.dead("list"), what="a dead letter")

    def test_it_tells_what_came_of_it(self):
        self.park()
        for which in "1", "--all":
            told = self.retry_in_vain(which)
            self.assertRegex(told, {"1": r"^parked again: partnership herentals serves this person.*\n$",
                                    "--all": r"^1 tried: 0 handled, 1 parked again, "}[which])
        self.assertEqual(json.loads(self.retry_in_vain("1", "--json")),
                         {"retried": 1, "handled": 0, "parked": 1, "waiting": 0})
        person, = self.stack.ask("/v1/people?partnership=herentals")["people"]
        self.stack.call("move-person", {"person_id": person["person_id"], "postcode": "2300"})
        self.assertEqual(self.dead("retry", "1"), "handled; what waited behind it follows\n")
        self.assertEqual(self.dead("list"), "no dead letters\n")
        koppel("dead", "retry", "1", "--dir", self.stack.folder, fails="no dead letter is called 1")

    def test_one_that_is_let_go_has_no_reason(self):
        self.park()
        self.stack.psql("UPDATE registry.dead_letter SET state = 'retrying', next = 'infinity', attempts = 0, error = '', fingerprint = ''")
        for how in [], ["--group"]:
            self.assertIn("\n   what stood before it is gone: it is tried by itself, at once\n", self.dead("list", *how))

    def retry_in_vain(self, *which):
        done = subprocess.run([KOPPEL, "dead", "retry", *which, "--dir", self.stack.folder], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "koppel dead: not handled: 1 of 1; koppel dead list says why\n"))
        return done.stdout


if __name__ == "__main__":
    unittest.main()
