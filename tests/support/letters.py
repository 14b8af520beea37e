"""Notifications with the real registry, and words for what happens around it: for the tests of letters."""
import datetime
import email
import email.policy
import secrets
import time
import unittest
import uuid
import zoneinfo

from built import BUILD, STAND_IN
from ministack import MiniStack
from waiting import eventually

BRUSSELS = zoneinfo.ZoneInfo("Europe/Brussels")


def new_id():
    return str(uuid.uuid4())


def text(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def part(mail, subtype):
    return mail.get_body(preferencelist=(subtype,)).get_content()


class Scene(unittest.TestCase):
    environment = {}

    @classmethod
    def setUpClass(cls):
        programs = {name: BUILD / f"bin/koppel-{name}" for name in ("registry", "notifications")}
        programs.update(dict.fromkeys(("gateway", "matching", "scheduling"), STAND_IN))
        cls.prepare()
        environment = {"INSZ_KEY": secrets.token_hex(32), "MERGE_MINUTES": "0", "MAIL_TLS": "never", **cls.environment}
        cls.stack = cls.enterClassContext(MiniStack(list(programs), programs, environment))
        cls.client = cls.stack.client
        cls.ahead = datetime.timedelta()
        cls.command("form-partnership", service="registry", partnership="asse", name="Gemeente Asse", since="2012-01-01",
                    lead_nis="23002", municipalities=[{"nis": "23002"}])
        cls.command("configure-programme", service="registry", programme="asse-duo", partnership="asse",
                    kind="language-duo", name="Samen Inburgeren")
        cls.stack.settled()
        cls.command("set-quiet-hours", partnership="asse", **{"from": "00:00", "to": "00:00"})

    @classmethod
    def prepare(cls):
        """Before the stack starts."""

    @classmethod
    def command(cls, name, /, service="notifications", **data):
        return cls.client.command(service, f"koppel.{service}.{name}.v1", data)

    def person(self, **more):
        data = {"postcode": "1730", "preferred_language": "nl", "first_name": "Amina", "last_name": "Geheimdrager",
                "email": f"{uuid.uuid4().hex[:8]}@example.be", "channel": "mail", **more}
        person_id = self.command("register-person", service="registry", **data)["person_id"]
        return person_id, data["email"]

    def say(self, service, name, subject, /, **data):
        header = {"id": new_id(), "source": f"/{service}", "type": f"koppel.{service}.{name}.v1",
                  "specversion": "1.0", "subject": str(subject), "time": text(self.now)}
        self.stack.settled()
        self.client.command(service, "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": data}]})
        self.stack.settled()
        return header["id"]

    @property
    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.ahead

    def in_us(self, **much):
        """The clock of notifications so much further on, and from now on ours."""
        type(self).ahead += datetime.timedelta(**much)
        return time.time_ns() // 1000 + int(self.ahead.total_seconds()) * 1_000_000

    def later(self, **much):
        self.client.admin("notifications", "RELEASE", {"now": self.in_us(**much)})
        self.stack.settled()

    def enrol(self, person_id, venue="Huis van het Kind"):
        series_id = new_id()
        self.say("scheduling", "series-created", series_id, series_id=series_id, partnership="asse", programme="asse-duo",
                 nis="23002", title="Praatpunt", rrule="FREQ=WEEKLY;BYDAY=TU", timezone="Europe/Brussels",
                 starts="2026-01-06T19:30", duration_minutes=90, capacity=10, venue=venue)
        cause = self.say("scheduling", "enrolled", series_id, series_id=series_id, person_id=person_id,
                         partnership="asse", programme="asse-duo", nis="23002")
        return series_id, cause

    def meeting(self, newcomer, volunteer, **more):
        meeting_id = new_id()
        return {"meeting_id": meeting_id, "proposal_id": new_id(), "partnership": "asse", "programme": "asse-duo",
                "newcomer_id": newcomer, "volunteer_id": volunteer, "nis": "23002",
                "at": text(self.now + datetime.timedelta(days=3)), "duration_minutes": 60, **more}

    def messages(self, person_id):
        return self.client.query("notifications", "koppel.notifications.messages.v1", {"person_id": person_id})["messages"]

    def states(self, person_id):
        """(template, state) of a person's messages, oldest first."""
        return [(m["template"], m["state"]) for m in reversed(self.messages(person_id))]

    def said(self, message_id):
        return [h["type"].split(".")[2] for h, d in self.client.log("notifications") if d.get("message_id") == message_id]

    def until(self, person_id, *wanted):
        eventually(lambda: self.states(person_id) == list(wanted),
                   what=f"{wanted}, not {self.states(person_id)}")
