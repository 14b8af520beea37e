"""The matching service alone, with stand-ins for registry and scheduling, and words for what happens in it: for the
tests of matching."""
import datetime
import time
import unittest
import uuid
import zoneinfo

from built import BUILD, STAND_IN
from client import Refused
from ministack import MiniStack

WEIGHTS = {"distance": 30, "age": 15, "family": 15, "interests": 20, "language": 10, "waiting": 10}
RULES = {"max_distance_km": 15, "min_shared_slots": 1, "same_language_required": False, "silence_after_days": 42,
         "proposal_valid_days": 14, "match_every_hours": 0}


class Scene(unittest.TestCase):
    """A stack, and words for what happens in it."""

    @classmethod
    def setUpClass(cls):
        programs = {"matching": BUILD / "bin/koppel-matching", "registry": STAND_IN,
                    "scheduling": STAND_IN}
        cls.stack = cls.enterClassContext(MiniStack(["registry", "scheduling", "matching"], programs))
        cls.client = cls.stack.client

    # ---- saying and asking

    def setUp(self):
        self.programme = "p-" + uuid.uuid4().hex[:12]
        self.configure()

    def say(self, service, name, subject, /, told="2026-11-22T08:00:00Z", **data):
        header = {"id": str(uuid.uuid4()), "source": f"/{service}", "type": f"koppel.{service}.{name}.v1",
                  "specversion": "1.0", "subject": str(subject), "time": told}
        self.client.command(service, "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": data}]})
        self.stack.settled()

    def configure(self, rules=None, weights=None, kind="language-duo", version=1):
        self.say("registry", "programme-configured", self.programme, programme=self.programme, partnership="test",
                 kind=kind, name="Test", version=version, rules={**RULES, **(rules or {})},
                 weights={**WEIGHTS, **(weights or {})})

    def new_id(self):
        return str(uuid.uuid4())

    def person(self, lat_e4=511000, lon_e4=48000, **profile):
        person_id = self.new_id()
        self.say("registry", "person-registered", person_id, person_id=person_id, partnership="test",
                 place={"postcode": "2200", "nis": "13011", "lat_e4": lat_e4, "lon_e4": lon_e4}, profile=profile,
                 preferred_language="nl")
        return person_id

    def intake(self, person_id, side, **more):
        if side == "volunteer":
            more.setdefault("capacity", 1)
        self.say("registry", "intake-held", person_id, intake_id=str(uuid.uuid4()), person_id=person_id,
                 partnership="test", programme=self.programme, side=side, nis="13011", **more)

    def newcomer(self, lat_e4=511000, **profile):
        person_id = self.person(lat_e4, **profile)
        self.intake(person_id, "newcomer")
        return person_id

    def volunteer(self, lat_e4=511000, capacity=1, **profile):
        person_id = self.person(lat_e4, **profile)
        self.intake(person_id, "volunteer", capacity=capacity)
        return person_id

    def command(self, name, /, **data):
        return self.client.command("matching", f"koppel.matching.{name}.v1", data)

    def query(self, name, /, **data):
        return self.client.query("matching", f"koppel.matching.{name}.v1", data)

    def refused(self, status, name, /, **data):
        with self.assertRaises(Refused) as refused:
            self.command(name, **data)
        self.assertEqual(refused.exception.status["status"], status)
        self.pointed = [fault["pointer"] for fault in refused.exception.status.get("faults", [])]
        return refused.exception.status["text"]

    def events(self, *people):
        """(name, data) of what was said about these people in this programme, in order."""
        said = []
        for header, data in self.client.log("matching"):
            who = {data.get(key) for key in ("person_id", "newcomer_id", "volunteer_id", "buddy_id")}
            if header.get("kind") == "command" or data.get("programme") != self.programme:
                continue
            if not people or who & set(people):
                said.append((header["type"].split(".")[2], data))
        return said

    def names(self, *people):
        return [name for name, _ in self.events(*people)]

    def proposals(self, state="proposed"):
        return self.query("proposals", programme=self.programme, state=state)["proposals"]

    def pairs(self):
        return {(p["newcomer_id"], p["volunteer_id"]) for p in self.proposals()}

    def waiting(self, side):
        people = self.query("waiting-list", programme=self.programme, side=side)["people"]
        return [(one["person_id"], one["places"]) for one in people]

    def tell(self, person_id, status):
        self.say("registry", "status-recorded", person_id, person_id=person_id, partnership="test", partner_type="vdab",
                 status=status)

    def meet(self, proposal, outcome="start", **more):
        self.say("scheduling", "meeting-held", uuid.uuid4(), meeting_id=str(uuid.uuid4()),
                 proposal_id=proposal["proposal_id"], partnership="test", programme=self.programme,
                 newcomer_id=proposal["newcomer_id"], volunteer_id=proposal["volunteer_id"], nis="13011",
                 at="2026-11-22T10:00:00Z", outcome=outcome, **more)

    def duo(self, newcomer, volunteer):
        proposal = self.command("accept-match", person_id=newcomer, programme=self.programme)
        self.assertEqual(proposal["volunteer_id"], volunteer)
        self.meet(proposal)
        duo, = self.query("duos", programme=self.programme, person_id=newcomer, state="active")["duos"]
        return duo

    def day(self, days):
        """The date so many days from now, on the clock of matching in Belgium."""
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(getattr(type(self), "days", 0))
        return (now.astimezone(zoneinfo.ZoneInfo("Europe/Brussels")).date() + datetime.timedelta(days)).isoformat()

    def later(self, days):
        """Lets the clock of matching go on, and what comes due then happen."""
        type(self).days = getattr(self, "days", 0) + days
        now = time.time_ns() // 1000 + self.days * 86_400_000_000
        self.client.admin("matching", "RELEASE", {"now": now})
        self.stack.settled()
