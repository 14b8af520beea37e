"""What people and adapters do in a stack whose clock is the wall's, recorded and replayed: the same ids, the same rows."""
import datetime
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
from ministack import ROOT, eventually  # noqa: E402

# What is not of the programmes: where each message stands in a log, how the senders' attempts are known again, and
# registry's personal data, which no recording holds.
APART = ["event_log", "position", "request_done"]
# Where these figures come from is told by events, which have other ids in another history.
TRACED = {"result": ("event_id",), "duo": ("began_event", "ended_event"), "wait": ("began_event", "ended_event")}


def claimed(**ago):
    """A time that an adapter claims, so long ago (or ahead)."""
    when = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**ago)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class LiveReplay(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-live-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.stack = Stack(self.folder / "live")
        self.recording = self.folder / "recording.log"
        koppel("up", "--dir", self.stack.folder)
        self.addCleanup(koppel, "down", "--dir", self.stack.folder)

    def publish(self, name, data, **attributes):
        (answer,) = self.stack.ask("/v1/events", {
            "specversion": "1.0", "id": str(uuid.uuid4()), "source": "https://ocmw.example/adapter",
            "type": f"koppel.gateway.{name}.v1", "data": data, **attributes}, "application/cloudevents+json")
        return answer

    def do(self, name, /, **body):
        """A command through the edge, once its services are ready for it."""
        return self.stack.ask(f"/v1/commands/{name}", body)

    def row(self, sql):
        return eventually(lambda: self.stack.psql(sql), 30, sql)

    def refer(self):
        referral = str(uuid.uuid4())
        self.publish("referral-received", {
            "referral_id": referral, "from": "ocmw:asse", "to": "asse", "partner_type": "ocmw",
            "reason": "language-practice", "partnership": "asse", "postcode": "1730", "external_person": "E1",
            "profile": {"birth_year": 1990}}, time=claimed(days=3))
        return self.row(f"SELECT person_id FROM registry.referral WHERE referral_id = '{referral}'")

    def enter(self, person, side):
        self.do("hold-intake", person_id=person, programme="asse-duo", side=side)
        self.row(f"SELECT 1 FROM matching.member WHERE person_id = '{person}'")

    def live_through(self):
        """From a referral to a duo that met, was heard of, stopped, and whose volunteer is matched again."""
        self.do("form-partnership", partnership="asse", name="Asse", since="2012-01-02", lead_nis="23002",
                municipalities=[{"nis": "23002"}])
        self.do("configure-programme", programme="asse-duo", partnership="asse", kind="language-duo", name="Duo",
                action=5)
        self.row("SELECT 1 FROM matching.programme")
        self.newcomer = self.refer()
        volunteer = self.do("register-person", partnership="asse", postcode="1731", preferred_language="nl")["person_id"]
        self.do("recruit-volunteer", person_id=volunteer, capacity=1)
        self.do("make-volunteer-available", person_id=volunteer)
        self.row("SELECT 1 FROM matching.person WHERE person_id = '%s'" % self.newcomer)
        self.enter(self.newcomer, "newcomer")
        self.enter(volunteer, "volunteer")
        proposal = self.row("SELECT proposal_id FROM matching.proposal")
        self.do("accept-match", proposal_id=proposal)
        self.row("SELECT meeting_id FROM scheduling.meeting")
        self.do("hold-meeting", proposal_id=proposal, outcome="start")
        self.duo = self.row("SELECT duo_id FROM matching.duo")
        self.do("log-contact", duo_id=self.duo, kind="meeting", hours=2)
        other = self.do("register-person", partnership="asse", postcode="1730", preferred_language="fr")["person_id"]
        self.enter(other, "newcomer")
        self.publish("status-changed", {"external_person": "E1", "partner_type": "ocmw", "status": "employed"},
                     time=claimed(hours=-20))
        self.do("stop-duo", duo_id=self.duo, reason="moved")
        self.row(f"SELECT 1 FROM matching.proposal WHERE newcomer_id = '{other}'")
        eventually(self.stack.live, 60, "all read")

    def hashes(self, folder):
        return json.loads(koppel("state-hash", "--json", "--dir", folder))

    def replay(self, name, log):
        folder = self.folder / name
        run = subprocess.run([KOPPEL, "replay", log, "--fresh", folder], capture_output=True, text=True, cwd=ROOT,
                             timeout=300)
        self.addCleanup(koppel, "down", "--dir", folder)
        return run, folder

    def figures(self, folder, table):
        but = "".join(f" - '{column}'" for column in TRACED[table])
        return Stack(folder).psql(f"SELECT to_jsonb(t){but} AS row FROM reporting.{table} t ORDER BY row")

    def assert_same(self, one, other, service, but=()):
        differ = [table for table, digest in one[service]["tables"].items()
                  if table not in (*APART, *but) and other[service]["tables"].get(table) != digest]
        self.assertEqual(differ, [], f"tables of {service} that differ")

    def test_a_recording_of_a_live_stack_replays_to_the_same_rows(self):
        self.live_through()
        koppel("record", self.recording, "--dir", self.stack.folder)
        self.assertEqual(self.recording.stat().st_mode & 0o777, 0o600)
        self.assertIn("in order of time", koppel("log", "verify", self.recording))
        run, folder = self.replay("copy", self.recording)
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        self.assertEqual(Stack(folder).psql("SELECT duo_id FROM matching.duo"), self.duo)
        live, copy = self.hashes(self.stack.folder), self.hashes(folder)
        for service in ("gateway", "matching", "scheduling"):
            self.assert_same(live, copy, service)
        self.assert_same(live, copy, "reporting", TRACED)
        for table in TRACED:
            self.assertEqual(self.figures(self.stack.folder, table), self.figures(folder, table))
        self.assertEqual(*(stack.psql("SELECT * FROM registry.referral ORDER BY 1") for stack in
                           (self.stack, Stack(folder))))
        self.what_is_missing_is_said()

    def what_is_missing_is_said(self):
        """The events from outside are left out: the commands that name what was made of them are refused."""
        head = next(one["head"] for one in self.stack.status() if one["service"] == "gateway")
        part = self.folder / "part.log"
        koppel("record", part, "--dir", self.stack.folder, "--from", f"gateway:{head}")
        run, _ = self.replay("part", part)
        self.assertEqual(run.returncode, 1)
        self.assertIn("commands of the log were refused", run.stderr)


if __name__ == "__main__":
    unittest.main()
