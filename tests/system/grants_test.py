#!/usr/bin/python3
"""What the grants of a key say: the streams it may read and what it may ask, of a partner and of a service."""
import pathlib
import sys
import unittest

import msgpack
import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from client import Client, Refused  # noqa: E402
from edge import Edge, event, referral  # noqa: E402
from waiting import eventually  # noqa: E402


class Grants(Edge):
    def holder(self, name, role, grants):
        client = Client(self.stack, name, role, grants)
        self.addCleanup(client.close)
        return client

    def hears(self, client, service):
        """A beat, or that the handshake was refused: whichever comes first."""
        sock = client.secure(client.context.socket(zmq.SUB), service)
        self.addCleanup(sock.close)
        watch = sock.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        self.addCleanup(watch.close)
        sock.subscribe(f"{service}/")
        sock.connect(self.stack.events[service])
        poller = zmq.Poller()
        poller.register(sock, zmq.POLLIN)
        poller.register(watch, zmq.POLLIN)
        heard = dict(poller.poll(20000))
        self.assertTrue(heard, "neither a beat nor a refusal")
        return sock in heard

    def denied(self, ask, *arguments, **more):
        with self.assertRaises(Refused) as refused:
            ask(*arguments, **more)
        self.assertIn("grants", str(refused.exception))

    def test_a_limited_partner_reads_what_its_key_names_and_no_more(self):
        (ack,) = self.publish(event()).json
        for name, grants, reads in (("no-stream", "partnership=asse", ()), ("no-word", "", ()),
                                    ("one-stream", "partnership=asse reads=gateway", ("gateway",)),
                                    ("partner", None, ("gateway", "registry"))):
            partner = self.holder(name, "adapter", grants)
            for service in ("gateway", "registry"):
                self.assertEqual(self.hears(partner, service), service in reads, (grants, service))
                if service in reads:
                    self.assertTrue(partner.log(service))
                else:
                    self.denied(partner.log, service)
                    self.denied(partner.admin, service, "FETCH", {"epoch": 1, "req": 1, "after": 0, "type": "gateway"})
                    self.denied(partner.admin, service, "HELLO", {"proto": 1, "epoch": 1, "seq": 0, "id": ""})
        sock = self.adapter((partner.public, partner.secret))
        self.assertEqual(self.ask(sock, b"PUBLISH", msgpack.packb([self.pair(event(source="urn:koppel:adapter:partner"))]))[0], "ACK")
        limited = self.holder("limited", "adapter", "partnership=asse reads=gateway asks=registry")
        sock = self.adapter((limited.public, limited.secret))
        mine = event(referral(partnership="asse", postcode="1730"), source="urn:koppel:adapter:limited")
        self.assertEqual(self.ask(sock, b"PUBLISH", msgpack.packb([self.pair(mine)]))[0], "ACK")
        with self.assertRaises(Refused):  # whatever its file says: its role does not ask
            limited.query("registry", "koppel.registry.people.v1", {})

    def test_an_operators_key_speaks_for_whom_its_file_says(self):
        bound = self.holder("bound", "operator", "source=urn:partner")
        sock = self.adapter((bound.public, bound.secret))
        for source, verb in (("urn:partner", "ACK"), ("urn:other", "ERR")):
            self.assertEqual(self.ask(sock, b"PUBLISH", msgpack.packb([self.pair(event(source=source))]))[0], verb, source)

    def test_what_is_refused_to_the_gateways_key_is_told_in_the_runbooks_words(self):
        """Nobody who asks over HTTP can mend it: another place than a 403."""
        file = self.stack.keys / "allowed/gateway.pub"
        whole = file.read_text()
        self.addCleanup(eventually, lambda: self.send("GET", "/v1/events?stream=registry").status == 200, what="the key whole again")
        self.addCleanup(file.write_text, whole)
        file.write_text(whole.replace("curve\n", '    grants = "asks=*"\ncurve\n', 1))
        answer = eventually(lambda: (one := self.send("GET", "/v1/events?stream=registry")).status != 200 and one, what="the key refused")
        told = self.expect(503, answer).json
        self.assertEqual(told["code"], "BUS-DENIED")
        self.assertIn("tell the operator", told["detail"])

    def test_a_service_asks_what_its_key_names_and_no_more(self):
        letters = self.holder("letters", "peer", "reads=registry asks=koppel.registry.contacts.v1")
        (contact,) = letters.query("registry", "koppel.registry.contacts.v1", {"person_ids": [self.person()]})["contacts"]
        self.assertTrue(contact["may_contact"])
        self.denied(letters.query, "registry", "koppel.registry.people.v1", {})
        self.denied(letters.command, "registry", "koppel.registry.erase-person.v1", {"person_id": self.person(), "reason": "request"})
        self.denied(letters.query, "gateway", "koppel.gateway.tokens.v1", {})
        whole = self.holder("whole", "peer", "asks=registry")
        whole.query("registry", "koppel.registry.people.v1", {})
        self.denied(whole.query, "gateway", "koppel.gateway.tokens.v1", {})
        self.denied(whole.log, "registry")

    def person(self):
        return self.expect(200, self.send("POST", "/v1/commands/register-person", {
            "partnership": "asse", "postcode": "1730", "preferred_language": "ar"})).json["person_id"]


if __name__ == "__main__":
    unittest.main()
