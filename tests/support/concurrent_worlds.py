"""Every two events that a service may take in either order, each pair in a small world of its own.

What may come in either order is read from the code: a service's followed events, two by two of different streams. What an
event says is made from its schema, about the two people, the duo, the talk … of its world."""
import pathlib
import re
import sys
import uuid

from built import ROOT

sys.path.insert(0, str(ROOT / "tools/schema"))
from examples import make  # noqa: E402
from load import load  # noqa: E402
from model import BOOL, ENUM, EVENT, ID  # noqa: E402

RULES = {"max_distance_km": 15, "min_shared_slots": 1, "same_language_required": False, "silence_after_days": 42,
         "proposal_valid_days": 14, "match_every_hours": 0}
HERENTALS, OLEN = "13011", "13029"
STREAMS = ("gateway", "registry", "matching", "scheduling")
BEFORE, SOON, COMING = "2024-03-01T09:00:00Z", "2024-03-04T10:00:00Z", "2040-03-05T10:00:00Z"
AT = dict(zip(STREAMS, ("2024-03-04T10:00:01Z", "2024-03-04T10:00:02Z", "2024-03-04T10:00:03Z", "2024-03-04T10:00:04Z")))
# What must have been said for an event to make sense; all of it was read by everybody before the two are said.
BEGINNING = ("partnership-formed", "programme-configured", "referral-received", "person-registered", "referral-linked", "consent-given", "intake-held")
AGAIN = ("programme-configured", "consent-given", "intake-held")  # the pair may say it once more
NEEDS = {
    "match-declined": ["match-accepted"], "match-expired": ["match-accepted"], "match-withdrawn": ["match-accepted"],
    "meeting-planned": ["match-accepted"], "meeting-moved": ["meeting-planned"], "meeting-cancelled": ["meeting-planned"],
    "meeting-held": ["meeting-planned"], "reminder-due": ["meeting-planned", "enrolled"],
    "duo-started": ["meeting-planned"], "duo-silent": ["duo-started"], "duo-resumed": ["duo-silent"],
    "duo-stopped": ["duo-started"], "duo-became-informal": ["duo-started"], "duo-contact-logged": ["duo-started"],
    "waiting-ended": ["waiting-started"], "help-request-opened": ["waiting-started"],
    "help-request-assigned": ["help-request-opened"], "help-request-dropped": ["help-request-assigned"],
    "help-request-fulfilled": ["help-request-assigned"], "help-request-reopened": ["help-request-assigned"],
    "enrolled": ["series-created"], "waitlisted": ["series-created"], "promoted": ["waitlisted"], "unenrolled": ["enrolled"],
    "session-cancelled": ["enrolled"], "series-ended": ["enrolled"], "session-held": ["enrolled"],
    "attendance-merged": ["attended"], "attendance-withdrawn": ["attended"], "volunteer-available": ["volunteer-recruited"],
    "consent-withdrawn": ["consent-given"],
}
# Whoever names these has read of them: they come first, always.
FIRST = {"partnership-formed", "person-registered", "series-created", "referral-received"}
PEOPLE = ("newcomer", "volunteer", "spare")
MERGES = (("spare", "newcomer"), ("newcomer", "spare"), ("spare", "volunteer"), ("volunteer", "spare"), ("newcomer", "volunteer"))
VARIED = {"side", "outcome", "purpose", "status", "state", "by", "newcomer_returns", "volunteer_returns", "same_person",
          "enrolled", "after_meeting"}
OPTIONAL = {"home_nis", "proposal_id", "action", "external_person", "person_ids", "waiting_ids", "same_person"}
EVENTS = {m.name: m for m in load(ROOT / "schemas")[0].messages if m.kind == EVENT}


def followed(service):
    """{stream: [names]} of the events that a service handles."""
    main = (ROOT / f"services/{service}/main.c").read_text()
    found = {}
    for stream, name in re.findall(rf"BUS_ON\(({'|'.join(STREAMS)})_(\w+)", main):
        name = name.replace("_", "-")
        if name in EVENTS and EVENTS[name].service == stream:
            found.setdefault(stream, []).append(name)
    return found


def variants(name):
    """An event in its kinds: of each person, and with each word of what decides."""
    fields = {field.name: field for field in EVENTS[name].shape.fields}
    if name == "person-merged":
        return [{"keep_id": keep, "drop_id": drop} for keep, drop in MERGES]
    made = [{}]
    if EVENTS[name].service == "registry" and "person_id" in fields:
        made.append({"person_id": "volunteer"})
    if name == "person-moved":
        made.append({"from_partnership": True})
    for field in fields.values():
        if field.name in VARIED:
            words = field.words.words[1:] if field.kind == ENUM else [False] if field.kind == BOOL else []
            made += [{field.name: word} for word in words]
    return made


def causes(name):
    """All that an event needs, and what that needs."""
    needed = set(NEEDS.get(name, ()))
    return needed.union(*map(causes, needed))


def pairs(service):
    """Each two events of different streams, in all their kinds."""
    streams = followed(service)
    for one in STREAMS:
        for other in STREAMS[STREAMS.index(one) + 1:]:
            for a in sorted(set(streams.get(one, ())) - FIRST):
                for b in sorted(set(streams.get(other, ())) - FIRST):
                    if a not in causes(b) and b not in causes(a):
                        yield from (((a, x), (b, y)) for x in variants(a) for y in variants(b))


class World:
    def __init__(self, number, pair, heard):
        self.number, self.pair, self.heard = number, pair, heard
        self.partnership, self.programme = f"w{number}", f"w{number}-p"
        self.given = {}  # ids that the service itself made

    def id(self, role):
        return self.given.get(role) or str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.number}/{role}"))

    def roles(self):
        """{id: its name} of all that has one here."""
        names = PEOPLE + tuple(f.name for m in EVENTS.values() for f in m.shape.fields if f.kind == ID)
        return {self.id(name): name for name in names}

    def data(self, name, kind):
        message = EVENTS[name]
        data = {f.name: v for f, v in zip(message.shape.fields, make(message.shape).values())
                if f.required or f.name in OPTIONAL or f.name in kind}
        for field in message.shape.fields:
            if field.kind == ID and field.name in data:
                data[field.name] = [self.id("spare")] if field.array else self.id(field.name)
        held = name in ("attended", "attendance-merged", "attendance-withdrawn", "session-held")
        for field, value in (("partnership", self.partnership), ("programme", self.programme), ("nis", HERENTALS), ("home_nis", HERENTALS),
                             ("since", BEFORE), ("started", BEFORE), ("until", SOON), ("valid_until", SOON),
                             ("on_date", SOON[:10]), ("at", BEFORE if held else COMING)):
            if isinstance(data.get(field), str):
                data[field] = value[:len(data[field])] if value.endswith("Z") else value
        data.update({field: value for field, value in kind.items() if not field.endswith("_id")})
        if "from_partnership" in data:
            data["partnership"], data["from_partnership"] = self.partnership + "-b", self.partnership
        if "profile" in data:
            data["profile"] = {}
        if "rules" in data:
            data["rules"] = RULES
        self.name_people(data, kind)
        if isinstance(data.get("place"), dict):
            data["place"] = {"postcode": "2250", "nis": OLEN, "lat_e4": 511400, "lon_e4": 48600}
        if name in ("programme-configured", "waiting-started", "duo-started"):
            data.update({"action": 7} if "action" in data else {})
        return data

    def name_people(self, data, kind):
        asks = kind.get("side", data.get("side"))
        people = {"newcomer_id": "newcomer", "volunteer_id": "volunteer", "buddy_id": "volunteer",
                  "person_id": asks if asks in PEOPLE else "newcomer", "keep_id": "spare", "drop_id": "newcomer"}
        for field, who in people.items():
            if field in data:
                data[field] = self.id(kind.get(field, who))
        if "person_ids" in data:
            data["person_ids"] = [self.id("newcomer"), self.id("volunteer")]

    def event(self, name, kind=None, at=None, role=None):
        message, data = EVENTS[name], self.data(name, kind or {})
        return {"header": {"id": self.id(f"event/{role or name}"), "source": f"/{message.service}", "type": message.type,
                           "specversion": "1.0", "subject": str(data.get(message.subject, self.id(name))),
                           "time": at or BEFORE}, "data": data}

    def before(self):
        """{stream: events} that led to the two, in order."""
        told = {stream: [] for stream in STREAMS}
        for name in self.needed():
            each = [{}]
            if name in ("person-registered", "consent-given"):
                each = [{"person_id": who} for who in PEOPLE]
            if name in ("intake-held", "waiting-started"):
                each = [{"side": "newcomer"}, {"side": "volunteer"}]
            for n, kind in enumerate(each):
                event = self.event(name, kind, role=f"before/{name}/{n}")
                self.settle(name, kind, event["data"])
                told[EVENTS[name].service].append(event)
        return told

    def settle(self, name, kind, data):
        """What was before the two differs from what they say."""
        if name == "person-registered":
            data["place"] = {"postcode": "2200", "nis": HERENTALS, "lat_e4": 511000, "lon_e4": 48000}
        if name == "programme-configured":
            data["action"] = 5
        if name == "waiting-started" and kind["side"] == "volunteer":
            data["waiting_id"] = self.id("volunteer_waiting_id")
        if name == "consent-given" and kind["person_id"] == "newcomer":
            data["purpose"] = "share-with-partner"

    def needed(self):
        names, todo = [], [name for name, _ in self.pair]
        while todo:
            for need in NEEDS.get(todo.pop(), ()):
                names.insert(0, need)
                todo.append(need)
        own = {name for name, _ in self.pair}
        return [n for n in dict.fromkeys([*BEGINNING, *names]) if n in self.heard and (n not in own or n in AGAIN)]

    def said(self):
        return {EVENTS[name].service: [self.event(name, kind, AT[EVENTS[name].service])] for name, kind in self.pair}

    def __str__(self):
        return " beside ".join(name + "".join(f" {k}={v}" for k, v in kind.items()) for name, kind in self.pair)


def worlds(service):
    heard = {name for names in followed(service).values() for name in names}
    return [World(n, pair, heard) for n, pair in enumerate(pairs(service))]
