"""Gateway and registry on the real bus, with two partnerships: for the tests of registry."""
import secrets
import unittest
import uuid

from built import BUILD
from client import Refused
from ministack import MiniStack
from ports import free_ports

PROGRAMS = {name: BUILD / f"bin/koppel-{name}" for name in ("gateway", "registry")}
PEOPLE = {
    "amina": {"first_name": " Amina ", "last_name": "El Idrissi", "email": "Amina@example.org", "phone": "0470 12 34 56",
              "street": "Steenweg 1", "national_number": "93051822361"},
    "jan": {"first_name": "Jan", "last_name": "Van den Berghe", "email": "jan@example.org"},
}


def insz(nine):
    return nine + "%02d" % (97 - int(nine) % 97)


class Scene(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        http, adapters = free_ports(2)
        cls.stack = cls.enterClassContext(MiniStack(["gateway", "registry"], PROGRAMS, {
            "INSZ_KEY": secrets.token_hex(32), "HTTP_LISTEN": f"127.0.0.1:{http}",
            "ADAPTER_BIND": f"tcp://127.0.0.1:{adapters}"}))
        cls.client = cls.stack.client
        cls.call("form-partnership", partnership="asse", name="Asse", since="2012-01-01", lead_nis="23002",
                 municipalities=[{"nis": "23002"}])
        cls.call("form-partnership", partnership="middenkempen", name="Middenkempen", since="2021-01-01",
                 lead_nis="13011", municipalities=[{"nis": n} for n in ("13011", "13010", "13012")])
        cls.call("configure-programme", programme="asse-duo", partnership="asse", kind="language-duo",
                 name="Samen Inburgeren", action=5)

    @classmethod
    def call(cls, name, /, **data):
        return cls.client.command("registry", f"koppel.registry.{name}.v1", data)

    @classmethod
    def ask(cls, name, /, **data):
        return cls.client.query("registry", f"koppel.registry.{name}.v1", data)

    def refused(self, status, name, /, **data):
        with self.assertRaises(Refused) as refused:
            self.call(name, **data)
        self.assertEqual(refused.exception.status["status"], status, refused.exception.status)
        return refused.exception.status["text"]

    def register(self, **data):
        return self.call("register-person", **{"postcode": "1730", "preferred_language": "ar", **data})

    def said(self, person, *names):
        """What was said of a person, in order, without recorded commands."""
        return [(header["type"].split(".")[2], data) for header, data in self.client.log("registry")
                if header.get("kind") != "command" and header.get("subject") == person
                and (not names or header["type"].split(".")[2] in names)]

    def accept(self, name, source="https://vdab.example/adapter", attributes=(), **data):
        header = {"id": str(uuid.uuid4()), "source": source, "type": f"koppel.gateway.{name}.v1", "specversion": "1.0",
                  "subject": data.get("referral_id") or data.get("external_person"), **dict(attributes)}
        self.client.command("gateway", "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": data}]})
        self.stack.settled()

    def refer(self, **data):
        referral = str(uuid.uuid4())
        self.accept("referral-received", **{
            "referral_id": referral, "from": "0887010362", "to": "asse", "partner_type": "vdab",
            "reason": "language-practice", "partnership": "asse", "postcode": "1731", **data})
        return next(data for header, data in reversed(self.client.log("registry"))
                    if header["type"].split(".")[2] == "referral-linked" and data["referral_id"] == referral)
