#!/usr/bin/python3
"""What registry says and keeps follows from its log, although the log holds no personal data."""
import datetime
import pathlib
import secrets
import sys
import time
import unittest
import uuid

import msgpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from client import Refused  # noqa: E402
from ministack import MiniStack  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {name: BUILD / f"bin/koppel-{name}" for name in ("gateway", "registry")}
START = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.timezone.utc)
PRIVATE = ("SELECT count(*) FROM registry.person_private "
           "WHERE num_nonnulls(first_name, last_name, email, phone, street, insz_hash, name_key, email_key) > 0")
LIST = ("voornaam;naam;postcode;voorkeurtaal;e-mail;geboortejaar\n"
        "Fatma;Yildiz;1730;tr;fatma@example.org;1985\nMehmet;Kaya;1731;tr;;\n")


def micros(time):
    return round(time.timestamp() * 1_000_000)


class Conducted:
    """Registry and gateway under a clock that moves by hand."""

    def __init__(self):
        http, adapters = free_ports(2)
        self.stack = MiniStack(["gateway", "registry"], PROGRAMS, {
            "BUS_CLOCK": "conducted", "INSZ_KEY": secrets.token_hex(32), "HTTP_LISTEN": f"127.0.0.1:{http}",
            "ADAPTER_BIND": f"tcp://127.0.0.1:{adapters}"})

    def __enter__(self):
        self.stack.__enter__()
        self.client = self.stack.client
        self.gateway_head = 0
        return self

    def __exit__(self, *_):
        self.stack.__exit__()

    def step(self, service, time):
        upto = {"gateway": self.gateway_head} if service == "registry" else {}
        verb, body = self.client.ask(service, b"STEP", msgpack.packb({"now": micros(time), "upto": upto}))
        assert verb == b"STEPPED", body
        return msgpack.unpackb(body)

    def command(self, service, header, data, time):
        """Sends it, steps the service, and returns the reply."""
        sock, tag = self.client.dealer(service), uuid.uuid4().bytes
        header = {"specversion": "1.0", **header, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ")}
        sock.send_multipart([tag, b"", b"COMMAND", msgpack.packb(header), msgpack.packb(data)])
        step = uuid.uuid4().bytes
        upto = {"gateway": self.gateway_head} if service == "registry" else {}
        sock.send_multipart([step, b"", b"STEP", msgpack.packb({"now": micros(time), "upto": upto})])
        answers = {}
        while len(answers) < 2:
            assert sock.poll(10000), f"{service} does not answer"
            answer = sock.recv_multipart()
            answers[answer[0]] = answer[2:]
        status = msgpack.unpackb(answers[tag][1])
        assert status["status"] == "ok", status
        if service == "gateway":
            self.gateway_head = msgpack.unpackb(answers[step][1])["head"]
        return msgpack.unpackb(answers[tag][2])

    def accept(self, header, data, time):
        header = {k: v for k, v in header.items() if k not in ("stream", "epoch", "seq", "after")}
        event = {"header": {**header, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ")}, "data": data}
        self.command("gateway", {"id": "accept-" + header["id"], "source": "/test",
                                 "type": "koppel.gateway.accept-events.v1"}, {"events": [event]}, time)
        self.step("registry", time)

    def log(self, service):
        return self.client.log(service)

    def hashes(self):
        return self.client.admin("registry", "ADMIN", {"op": "state-hash"})


def first_run(run):
    """The inputs as they really come, with all that is personal. Returns the hashes and the inputs' times."""
    now = [START]

    def call(name, /, **data):
        now[0] += datetime.timedelta(minutes=1)
        return run.command("registry", {"id": str(uuid.uuid4()), "source": "/coordinator",
                                        "type": f"koppel.registry.{name}.v1"}, data, now[0])

    def refer(n, deposit=None, **more):
        now[0] += datetime.timedelta(minutes=1)
        data = {"referral_id": f"0190b0a0-0000-7000-8000-0000000002{n:02d}", "from": "0887010362", "to": "asse",
                "partner_type": "vdab", "reason": "work", "partnership": "asse", "postcode": "1730", **more}
        if deposit:
            data["deposit_id"] = deposit
        run.accept({"specversion": "1.0", "id": f"r{n}", "source": "https://vdab.example",
                    "type": "koppel.gateway.referral-received.v1", "subject": data["referral_id"]}, data, now[0])

    def status(n, **data):
        now[0] += datetime.timedelta(minutes=1)
        run.accept({"specversion": "1.0", "id": f"s{n}", "source": "https://vdab.example",
                    "type": "koppel.gateway.status-changed.v1", "subject": data["external_person"]},
                   {"partner_type": "vdab", **data}, now[0])

    call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
         municipalities=[{"nis": "23002"}])
    amina = call("register-person", first_name="Amina", last_name="Idrissi", phone="0470 12 34 56", postcode="1730",
                 national_number="93051822361", preferred_language="ar")["person_id"]
    twin = call("register-person", first_name="Amina", last_name="Idrissi", email="a@example.org", postcode="1731",
                preferred_language="ar", profile={"birth_year": 1993})["person_id"]
    call("import-people", partnership="asse", csv=LIST)
    ids = [f"0190b0a0-0000-7000-8000-0000000003{n:02d}" for n in range(4)]
    call("deposit-personal", deposit_id=ids[0], first_name="Amina", national_number="93.05.18-223.61")
    call("deposit-batch", deposits=[{"deposit_id": ids[1], "first_name": "Wrong", "last_name": "Before"}])
    call("deposit-batch", deposits=[
        {"deposit_id": ids[1], "first_name": "Nieuw", "last_name": "Hier", "national_number": "00012556777"},
        {"deposit_id": ids[2], "email": "x@example.org", "national_number": "00012556777", "partnership": "asse"},
        {"deposit_id": ids[3], "first_name": "Never", "last_name": "Referred"}])
    refer(1, ids[0])
    refer(2, ids[1], external_person="n-1")
    refer(3, ids[2])
    refer(4, external_person="n-1")
    call("recruit-volunteer", person_id=amina, capacity=2)
    call("rest-volunteer", person_id=amina, until="2026-03-05")
    call("merge-people", keep_id=amina, drop_id=twin)
    call("change-profile", person_id=amina, last_name="El Idrissi")
    call("erase-person", person_id=twin)
    status(1, external_person="n-2", status="in-training", postcode="1731")
    refer(5, external_person="n-2")
    status(2, external_person="n-3", status="employed")
    now[0] += datetime.timedelta(days=100)
    run.step("registry", now[0])  # a rest ends, a deposit is dropped
    return now[0]


class Replay(unittest.TestCase):
    maxDiff = None

    def test_the_log_without_personal_data_gives_the_same(self):
        with Conducted() as run:
            end = first_run(run)
            said, events, hashes = run.log("registry"), run.log("gateway"), run.hashes()
            private = run.stack.psql(PRIVATE)
        self.assertEqual(private, "3")  # the two of the list and the new one; Amina was merged and erased
        for name in ("Amina", "Nieuw", "Wrong", "x@example.org"):
            self.assertNotIn(name, str(said) + str(events))
        linked = [d for h, d in said if h["type"].split(".")[2] == "referral-linked"]
        self.assertEqual([d["created"] for d in linked], [False, True, False, False, True])
        self.assertEqual(len({d["person_id"] for d in linked}), 3)

        inputs = [("registry", h, d) for h, d in said if h.get("kind") == "command"]
        inputs += [("gateway", h, d) for h, d in events if h.get("kind") != "command"]
        inputs.sort(key=lambda one: one[1]["time"])
        with Conducted() as run:
            for service, header, data in inputs:
                time = datetime.datetime.fromisoformat(header["time"])
                if service == "gateway":
                    run.accept(header, data, time)
                else:
                    run.command("registry", {k: header[k] for k in ("id", "source", "type", "actor") if k in header},
                                data, time)
            run.step("registry", end)
            again = run.log("registry")
            self.assertEqual([(h["type"], d) for h, d in again], [(h["type"], d) for h, d in said])
            self.assertEqual(run.hashes(), hashes)
            self.assertEqual(run.stack.psql(PRIVATE), "0")

    def test_a_rest_that_ends_by_itself_gives_no_capacity(self):
        with Conducted() as run:
            now = [START]

            def call(name, /, **data):
                now[0] += datetime.timedelta(minutes=1)
                return run.command("registry", {"id": str(uuid.uuid4()), "source": "/coordinator",
                                                "type": f"koppel.registry.{name}.v1"}, data, now[0])

            call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
                 municipalities=[{"nis": "23002"}])
            person = call("register-person", first_name="Jan", last_name="Peeters", email="jan@example.org", postcode="1730",
                          preferred_language="nl")["person_id"]
            call("recruit-volunteer", person_id=person, capacity=2)
            call("rest-volunteer", person_id=person, until=(START + datetime.timedelta(30)).date().isoformat())
            now[0] += datetime.timedelta(days=100)
            run.step("registry", now[0])
            call("make-volunteer-available", person_id=person, capacity=2)
            said = [data for header, data in run.log("registry") if header["type"].split(".")[2] == "volunteer-available"]
            self.assertEqual([(data["capacity"], data.get("capacity_unchanged", False)) for data in said], [(2, True), (2, False)])

    def test_who_asks_is_answered_from_what_stood_at_a_hold(self):
        with Conducted() as run:
            now, names = START, ["Amina", "Samira", "Yasmina"]

            def call(name, /, **data):
                return run.command("registry", {"id": str(uuid.uuid4()), "source": "/coordinator",
                                                "type": f"koppel.registry.{name}.v1"}, data, now)

            def first_name():
                return run.client.query("registry", "koppel.registry.contacts.v1",
                                        {"person_ids": [person]})["contacts"][0]["first_name"]

            call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
                 municipalities=[{"nis": "23002"}])
            person = call("register-person", first_name=names[0], last_name="Idrissi", phone="0470 12 34 56",
                          postcode="1730", preferred_language="ar")["person_id"]
            for before, after in zip(names, names[1:]):
                run.client.admin("registry", "HOLD", {"on": True})
                call("change-profile", person_id=person, first_name=after)
                self.assertEqual([first_name(), first_name()], [before, before])
            run.client.admin("registry", "HOLD", {"on": False})
            self.assertEqual(first_name(), names[-1])

            # It lasts as long as something is read, and what comes after it is not told in its stead.
            run.client.admin("registry", "HOLD", {"on": True, "ms": 4000})
            call("change-profile", person_id=person, first_name="Noor")
            until = time.monotonic() + 5
            while time.monotonic() < until:
                self.assertEqual(first_name(), names[-1])
            eventually(lambda: run.stack.postgres.psql(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'registry' AND state LIKE 'idle in%'",
                "koppel") == "0", what="the end of a hold that nobody ended")
            for _ in range(2):
                with self.assertRaises(Refused) as lapsed:
                    first_name()
                self.assertEqual(lapsed.exception.status["status"], "retry")
                self.assertIn("HOLD", lapsed.exception.status["text"])
            run.client.admin("registry", "HOLD", {"on": True})
            self.assertEqual(first_name(), "Noor")
            run.client.admin("registry", "HOLD", {"on": False})
            self.assertEqual(first_name(), "Noor")

            run.client.admin("registry", "HOLD", {"on": True})
            call("change-profile", person_id=person, first_name="Hind")
            self.assertEqual(first_name(), "Noor")
            self.assertEqual(run.client.ask("registry", b"RELEASE", msgpack.packb({"now": micros(now)}))[0], b"RELEASED")
            self.assertEqual(first_name(), "Hind")
            verb, why = run.client.ask("registry", b"HOLD", msgpack.packb({"on": True}))
            self.assertEqual((verb, msgpack.unpackb(why)["code"]), (b"ERR", "DENIED"))


if __name__ == "__main__":
    unittest.main()
