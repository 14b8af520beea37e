"""The six services of the product, and a town that lives by their edge: partners refer, people register, coordinators
read the streams and act on them. Each request bears an id of its sender's own and is repeated until it is answered."""
import collections
import concurrent.futures
import http.client
import json
import random
import secrets
import threading
import time
import uuid

from ledger import BUILD, MiniStack
from ports import free_ports
from waiting import eventually

SERVICES = ["gateway", "registry", "matching", "scheduling", "notifications", "reporting"]
PROGRAMS = {name: BUILD / f"bin/koppel-{name}" for name in SERVICES}
TOWN, DUOS = "middenkempen", "taalkoppel"
PATIENCE = 90  # seconds for which one thing is said again and again


class SixStack(MiniStack):
    def __init__(self):
        self.port, adapters = free_ports(2)
        self.token = secrets.token_hex(24)
        super().__init__(SERVICES, PROGRAMS, {
            "HTTP_LISTEN": f"127.0.0.1:{self.port}", "ADAPTER_BIND": f"tcp://127.0.0.1:{adapters}",
            "DEV_TOKEN": self.token, "INSZ_KEY": secrets.token_hex(32), "MERGE_MINUTES": "0"})

    def build(self):
        self.mail = self.folder / "mail"
        self.mail.mkdir()
        self.environment["MAIL_URL"] = f"file://{self.mail}"
        super().build()


class Edge:
    """The HTTP edge, asked until it answers: the same bytes under the same id."""

    def __init__(self, port, token):
        self.port, self.token = port, token
        self.repeats = 0

    def once(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=4)
        try:
            connection.request(method, path, body, {"Authorization": "Bearer " + self.token, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def ask(self, method, path, body=None, **headers):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, told, answer = self.once(method, path, body, headers)
                if status not in (503, 504):
                    return status, told, json.loads(answer)
            except (OSError, http.client.HTTPException) as error:
                answer = repr(error)
            self.repeats += 1
            time.sleep(0.1)
        raise TimeoutError(f"{method} {path} was not answered in {PATIENCE} s: {answer}")

    def get(self, path):
        status, headers, answer = self.ask("GET", path)
        if status != 200:
            raise AssertionError(f"{path}: {status} {answer}")
        return headers, answer

    def command(self, name, key, /, may_refuse=False, **data):
        """The reply; None for a refusal, where that may be."""
        status, _, answer = self.ask("POST", f"/v1/commands/{name}", json.dumps(data), **{
            "Content-Type": "application/json", "Idempotency-Key": key})
        if status == 409 and may_refuse:
            return None
        if status != 200:
            raise AssertionError(f"{name} {key}: {status} {answer}")
        return answer

    def publish(self, events):
        status, _, acks = self.ask("POST", "/v1/events", json.dumps(events), **{
            "Content-Type": "application/cloudevents-batch+json"})
        if status != 202:
            raise AssertionError(f"referrals: {status} {acks}")
        return acks


class Town:
    """What it was promised stands in `promised`: {what: {id: what the answer said}}."""

    def __init__(self, stack, seed, senders=10):
        self.edge, self.seed = Edge(stack.port, stack.token), seed
        self.pool = concurrent.futures.ThreadPoolExecutor(senders)
        self.promised = collections.defaultdict(dict)
        self.refused, self.wrong = collections.Counter(), []
        self.busy, self.lock = 0, threading.Lock()
        self.read, self.evening, self.over = {}, threading.Event(), threading.Event()
        self.readers = [threading.Thread(target=self.follow, args=(stream,), daemon=True)
                        for stream in ("registry", "matching", "scheduling")]

    def found(self):
        self.edge.command("form-partnership", "town", partnership=TOWN, name="Middenkempen", since="2021-01-01",
                          lead_nis="13011", municipalities=[{"nis": "13011"}, {"nis": "13029"}])
        self.edge.command("configure-programme", "duos", programme=DUOS, partnership=TOWN, kind="language-duo",
                          name="Taalkoppel", action=5, rules={"max_distance_km": 20})

        def set_quiet():  # refused until notifications has heard of the town
            return self.edge.command("set-quiet-hours", f"quiet/{time.monotonic()}", **{
                "partnership": TOWN, "from": "00:00", "to": "00:00"})
        eventually(set_quiet, what="quiet hours")
        for reader in self.readers:
            reader.start()

    # ---- sending

    def send(self, act, *arguments):
        with self.lock:
            self.busy += 1
        self.pool.submit(self.sent, act, *arguments)

    def sent(self, act, *arguments):
        try:
            act(*arguments)
        except Exception as error:  # whatever it is, it is told at the end
            self.wrong.append(f"{act.__name__}: {error}")
        finally:
            with self.lock:
                self.busy -= 1

    def chance(self, about):
        """What people decide depends on the seed and on whom it is about, not on who comes first."""
        return random.Random(f"{self.seed}/{about}")

    def promise(self, what, key, answer):
        self.promised[what][key] = answer

    # ---- who comes

    def person(self, one):
        chance = self.chance(one)
        return {"postcode": chance.choice(("2200", "2250")),
                "preferred_language": chance.choice(("nl", "uk", "ar", "ti")),
                "profile": {"birth_year": chance.randrange(1955, 2005),
                            "interests": chance.sample(("music", "cooking", "football", "gardening", "reading"), 2)}}

    @staticmethod
    def personal(one):
        return {"first_name": f"Anna{one[:4]}", "last_name": one, "email": f"{one}@example.org"}

    def refer(self, ids):
        acks = self.edge.publish([{
            "specversion": "1.0", "id": one, "source": "https://vdab.example/adapter",
            "type": "koppel.gateway.referral-received.v1",
            "data": {"referral_id": one, "from": "vdab:turnhout", "to": "0887010362", "partner_type": "vdab",
                     "reason": "language-practice", "partnership": TOWN, "personal": self.personal(one),
                     **self.person(one)}} for one in ids])
        for ack in acks:
            self.promise("referrals", ack["id"], ack["seq"])

    def register(self, one, side):
        self.edge.command("register-person", f"register/{one}", person_id=one, **self.personal(one), **self.person(one))
        self.promise("registrations", one, side)
        if side == "volunteer":
            self.edge.command("recruit-volunteer", f"recruit/{one}", person_id=one, capacity=1)
            self.promise("volunteers", one, True)
        self.intake(one, one, side)

    def intake(self, one, person_id, side):
        self.edge.command("hold-intake", f"intake/{one}", intake_id=one, person_id=person_id, programme=DUOS, side=side)
        self.promise("intakes", one, person_id)

    def arrive(self, chance):
        """Some people at once, three newcomers for two volunteers."""
        ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(5)]
        self.send(self.refer, ids[:2])
        for one, side in zip(ids[2:], ("newcomer", "volunteer", "volunteer")):
            self.send(self.register, one, side)

    # ---- coordinators: what they read, and what they do about it

    def follow(self, stream):
        self.read[stream] = "0"
        while not self.over.is_set():
            try:
                headers, events = self.edge.get(f"/v1/events?stream={stream}&after={self.read[stream]}&limit=500")
            except (TimeoutError, AssertionError) as error:
                self.wrong.append(str(error))
                return
            for event in events:
                act = getattr(self, "on_" + event["type"].split(".")[2].replace("-", "_"), None)
                if act and event.get("kind") != "command":
                    self.send(act, event["data"])
            self.read[stream] = headers["Koppel-Next"]
            if not events:
                time.sleep(0.05)

    def on_referral_linked(self, linked):
        self.intake(linked["referral_id"], linked["person_id"], "newcomer")

    def on_match_proposed(self, proposal):
        """May be refused: a better matching can have withdrawn it meanwhile."""
        one = proposal["proposal_id"]
        if self.edge.command("accept-match", f"accept/{one}", may_refuse=True, proposal_id=one):
            self.promise("accepted", one, True)
        else:
            self.refused["accept-match"] += 1

    def on_meeting_planned(self, meeting):
        one = meeting["meeting_id"]
        outcome = "start" if self.chance(one).random() < 0.9 else "decline-newcomer"
        self.edge.command("hold-meeting", f"meet/{one}", meeting_id=one, outcome=outcome)
        self.promise("held", one, outcome)

    def on_duo_started(self, duo):
        one = duo["duo_id"]
        chance = self.chance(one)
        for n in range(chance.randrange(4)):
            contact = str(uuid.uuid5(uuid.UUID(one), str(n)))
            self.edge.command("log-contact", f"contact/{contact}", duo_id=one, contact_id=contact, kind="meeting",
                              hours=1.5)
            self.promise("contacts", contact, one)
        if chance.random() < 0.8 and not self.evening.is_set():
            self.edge.command("stop-duo", f"stop/{one}", duo_id=one, reason=chance.choice(("moved", "schedule")),
                              newcomer_returns=chance.random() < 0.5, volunteer_returns=chance.random() < 0.9)
            self.promise("stopped", one, True)

    # ---- the end

    def rest(self, stack, seconds=120):
        """Nobody comes any more, nobody stops: waits until all that is under way is done and read."""
        def still():
            return self.busy == 0 and [stack.client.admin(name, "STATUS")["head"] for name in SERVICES]

        def quiet():
            before = still()
            stack.settled(5)
            heads = dict(zip(SERVICES, before or []))
            return before and all(int(at.rpartition(":")[2]) >= heads[stream] for stream, at in self.read.items()) and before == still()
        self.evening.set()
        eventually(quiet, seconds, "the end of all that was begun")

    def close(self):
        self.over.set()
        self.pool.shutdown(wait=False, cancel_futures=True)
