"""A year told to reporting by stand-ins for the services it follows, and the questions asked of it."""
import collections
import unittest
import uuid

from built import BUILD, STAND_IN
from client import Refused
from ministack import MiniStack

WEIGHTS = {"distance": 30, "age": 15, "family": 15, "interests": 20, "language": 10, "waiting": 10}
RULES = {"max_distance_km": 15, "min_shared_slots": 1, "same_language_required": False, "silence_after_days": 42,
         "proposal_valid_days": 14, "match_every_hours": 0}
HERENTALS, OLEN, LILLE, KASTERLEE = "13011", "13029", "13019", "13017"


def new_id():
    return str(uuid.uuid4())


class Scene(unittest.TestCase):
    def command(self, name, /, service="reporting", **data):
        return self.client.command(service, f"koppel.{service}.{name}.v1", data)

    def query(self, name, /, service="reporting", **data):
        return self.client.query(service, f"koppel.{service}.{name}.v1", data)

    def refused(self, status, call, name, /, **data):
        with self.assertRaises(Refused) as refused:
            call(name, **data)
        self.assertEqual(refused.exception.status["status"], status, refused.exception.status)
        return refused.exception.status["text"]

    def report(self, **more):
        """All rows of the report as {(figure, reason, nis): amount}."""
        cells, cursor = {}, {}
        while True:
            page = self.query("report", partnership=self.partnership, **more, **cursor)
            for row in page["rows"]:
                key = (row["figure"], row.get("reason"), row.get("nis"))
                self.assertNotIn(key, cells)
                self.assertFalse(row["left_out"])
                cells[key] = row["amount"]
            if "next" not in page:
                return cells
            cursor = {"cursor": page["next"]}

    def trace(self, figure, **more):
        results, cursor = [], {}
        while True:
            page = self.query("trace", partnership=self.partnership, figure=figure, **more, **cursor)
            results += page["results"]
            if "next" not in page:
                self.assertEqual(len(results), page["total"])
                self.assertEqual(sum(r["amount"] for r in results if not r["late"]), page["amount"])
                return results
            cursor = {"cursor": page["next"]}

    def spans(self, of, **more):
        """What the durations of this kind were counted from, page by page."""
        spans, cursor = [], {}
        while True:
            page = self.query("trace-durations", partnership=self.partnership, of=of, limit=2, **more, **cursor)
            spans += page["spans"]
            if "next" not in page:
                self.assertEqual(len(spans), page["total"])
                self.assertEqual([span["id"] for span in spans], sorted(span["id"] for span in spans))
                return spans
            cursor = {"cursor": page["next"]}


class WithStandIns(Scene):
    @classmethod
    def setUpClass(cls):
        programs = dict.fromkeys(("gateway", "registry", "matching", "scheduling"), STAND_IN)
        programs["reporting"] = BUILD / "bin/koppel-reporting"
        cls.stack = cls.enterClassContext(MiniStack(list(programs), programs))
        cls.client = cls.stack.client

    def setUp(self):
        self.begin("m-" + new_id()[-12:])

    def begin(self, partnership):
        """All that follows is of this one."""
        self.partnership = partnership
        self.programme = self.partnership + "-p"
        self.said = collections.defaultdict(list)
        self.say("registry", "partnership-formed", self.partnership, "2023-01-02T08:00:00Z", name="Middenkempen",
                 since="2023-01-01", lead_nis=HERENTALS)
        self.configure()
        self.send()

    def say(self, service, name, subject, at, /, source=None, **data):
        """Notes an event to be said; send() says them all."""
        header = {"id": new_id(), "source": source or f"/{service}", "type": f"koppel.{service}.{name}.v1", "specversion": "1.0",
                  "subject": str(subject), "time": at}
        data.setdefault("partnership", self.partnership)
        self.said[service].append({"header": header, "data": data})
        return header["id"]

    def say_all(self, *services):
        """What these say, or all do."""
        for service in services or list(self.said):
            events = self.said.pop(service, [])
            for first in range(0, len(events), 50):
                self.client.command(service, "koppel.gateway.accept-events.v1", {"events": events[first:first + 50]})

    def send(self):
        """Who people are is read before what they did: an attendance counts where the person is known to live."""
        self.say_all("registry")
        self.stack.settled()
        self.say_all()
        self.stack.settled()

    def configure(self, programme=None, **more):
        """Counts for action 5, another, or (None) none."""
        programme = programme or self.programme
        more.setdefault("action", 5)
        self.say("registry", "programme-configured", programme, "2023-01-02T09:00:00Z", programme=programme,
                 kind="conversation-group", name="Praatpunt", version=1, rules=RULES, weights=WEIGHTS,
                 **{key: value for key, value in more.items() if value is not None})

    def person(self, nis=HERENTALS):
        person_id = new_id()
        self.say("registry", "person-registered", person_id, "2023-01-03T09:00:00Z", person_id=person_id,
                 place={"postcode": "2200", "nis": nis, "lat_e4": 511000, "lon_e4": 48000}, profile={},
                 preferred_language="nl")
        return person_id

    def attend(self, person_id, at="2024-03-05T18:30:00Z", programme=None, hours=2, nis=HERENTALS, session_id=None):
        return self.say("scheduling", "attended", person_id, at, session_id=session_id or new_id(), series_id=new_id(),
                        person_id=person_id, programme=programme or self.programme, nis=nis, at=at, hours=hours,
                        enrolled=True)

    def duo(self, started, nis=HERENTALS, distance_m=900, told=None):
        """`told`: when it was recorded that it had started; None: with its start."""
        duo_id = new_id()
        earlier = {"started": started} if told else {}
        self.say("matching", "duo-started", duo_id, told or started, **earlier, duo_id=duo_id, proposal_id=new_id(),
                 programme=self.programme, newcomer_id=new_id(), volunteer_id=new_id(), nis=nis,
                 distance_m=distance_m, newcomer_waited_days=3, volunteer_waited_days=0)
        return duo_id, started

    def stop(self, duo, at, reason="moved", nis=HERENTALS, **more):
        duo_id, started = duo
        self.say("matching", "duo-stopped", duo_id, at, duo_id=duo_id, programme=self.programme, newcomer_id=new_id(),
                 volunteer_id=new_id(), nis=nis, reason=reason, newcomer_returns=False, volunteer_returns=False,
                 started=started, days=1, hours_total=0, contacts=0, **more)

    def become_informal(self, duo, at, nis=HERENTALS, **more):
        duo_id, started = duo
        self.say("matching", "duo-became-informal", duo_id, at, duo_id=duo_id, programme=self.programme,
                 newcomer_id=new_id(), volunteer_id=new_id(), nis=nis, volunteer_returns=False, started=started, days=1,
                 hours_total=0, contacts=0, **more)
