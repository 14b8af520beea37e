"""Scheduling with stand-ins for registry and matching, whose clock goes on when a test says so."""
import datetime
import secrets
import time
import unittest
import uuid
import zoneinfo

from built import BUILD, STAND_IN
from client import Refused
from ministack import MiniStack

BRUSSELS = zoneinfo.ZoneInfo("Europe/Brussels")


def new_id():
    return str(uuid.uuid4())


def local(text):
    """A time of a message on the clock in Belgium."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(BRUSSELS)


def text(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Scene(unittest.TestCase):
    def command(self, name, /, service="scheduling", **data):
        return self.client.command(service, f"koppel.{service}.{name}.v1", data)

    def query(self, name, /, service="scheduling", **data):
        return self.client.query(service, f"koppel.{service}.{name}.v1", data)

    def refused(self, status, name, /, **data):
        with self.assertRaises(Refused) as refused:
            self.command(name, **data)
        self.assertEqual(refused.exception.status["status"], status, refused.exception.status)
        return refused.exception.status["text"]

    def denied(self, within, name, /, service="scheduling", **data):
        """To a sender with these limits, whatever there is."""
        with self.assertRaises(Refused) as refused:
            self.client.command(service, f"koppel.{service}.{name}.v1", data, within=within)
        self.assertEqual(refused.exception.status["status"], "denied", refused.exception.status)

    def events(self, *names):
        """(name, data) of what was said in this programme, in order."""
        said = [(h["type"].split(".")[2], d) for h, d in self.client.log("scheduling")
                if h.get("kind") != "command" and d.get("programme") == self.programme]
        return [(name, data) for name, data in said if not names or name in names]


class Agenda(Scene):
    @classmethod
    def setUpClass(cls):
        programs = {"scheduling": BUILD / "bin/koppel-scheduling", "registry": STAND_IN,
                    "matching": STAND_IN}
        cls.stack = cls.enterClassContext(MiniStack(["registry", "matching", "scheduling"], programs, {"CALENDAR_KEY": secrets.token_hex(32)}))
        cls.client = cls.stack.client
        cls.ahead = datetime.timedelta()

    def setUp(self):
        self.programme = "p-" + uuid.uuid4().hex[:12]
        self.say("registry", "member-joined", "test", partnership="test", nis="13011", since="2021-01-01")
        self.say("registry", "programme-configured", self.programme, programme=self.programme, partnership="test",
                 kind="conversation-group", name="Test", version=1,
                 rules={"max_distance_km": 15, "min_shared_slots": 1, "same_language_required": False,
                        "silence_after_days": 42, "proposal_valid_days": 14, "match_every_hours": 0},
                 weights={"distance": 30, "age": 15, "family": 15, "interests": 20, "language": 10, "waiting": 10})

    def say(self, service, name, subject, /, **data):
        header = {"id": new_id(), "source": f"/{service}", "type": f"koppel.{service}.{name}.v1",
                  "specversion": "1.0", "subject": str(subject), "time": "2026-11-22T08:00:00Z"}
        self.client.command(service, "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": data}]})
        self.stack.settled()

    def person(self, partnership="test"):
        """Someone whom registry tells of."""
        person_id = new_id()
        self.say("registry", "person-registered", person_id, person_id=person_id, partnership=partnership,
                 place={"postcode": "2200", "nis": "13011", "lat_e4": 511770, "lon_e4": 48360}, profile={},
                 preferred_language="nl")
        return person_id

    @property
    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.ahead

    def later(self, **much):
        """Lets the clock of scheduling go on, and what comes due then happen."""
        type(self).ahead += datetime.timedelta(**much)
        self.client.admin("scheduling", "RELEASE", {"now": time.time_ns() // 1000 + int(self.ahead.total_seconds()) * 1_000_000})
        self.stack.settled()

    # ---- talks and series

    def pair(self):
        return {"proposal_id": new_id(), "partnership": "test", "programme": self.programme, "newcomer_id": self.person(),
                "volunteer_id": self.person(), "nis": "13011"}

    def accept(self, **more):
        pair = {**self.pair(), **more}
        self.say("matching", "match-accepted", pair["proposal_id"], **pair, score=500, days=1)
        return pair

    def series(self, **more):
        starts = more.pop("starts", self.now.astimezone(BRUSSELS).strftime("%Y-%m-%dT23:59"))
        return self.command("create-series", **{"programme": self.programme, "partnership": "test", "title": "Praatpunt",
                            "rrule": "FREQ=WEEKLY", "starts": starts, "duration_minutes": 90, "capacity": 2,
                            "nis": "13011", "venue": "Bibliotheek", **more})["series_id"]

    def day(self, days):
        return (self.now.astimezone(BRUSSELS) + datetime.timedelta(days=days)).date().isoformat()
