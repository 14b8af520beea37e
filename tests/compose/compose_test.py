#!/usr/bin/python3
"""docker-compose.yml for real: built, brought up, the duo loop over HTTP, containers killed, everything taken down and
brought up again, and nothing lost. Needs a Docker engine; says why where there is none."""
import json
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from containers import ROOT, SERVICES, Project, Refused, eventually, why_not  # noqa: E402

BASE = "debian:bookworm-slim"
ADDED_BYTES = {"postgres": 220_000_000}  # unpacked, to the base that all share
ADDED_BYTES_OF_OURS = 80_000_000
TOWN = {"partnership": "middenkempen", "postcode": "2200", "nis": "13011"}


def referral():
    number = str(uuid.uuid4())
    return {"specversion": "1.0", "id": number, "source": "https://partner.example/test",
            "type": "koppel.gateway.referral-received.v1", "time": "2026-11-22T09:15:00Z",
            "data": {"referral_id": number, "from": "0887010362", "to": "0207501311", "partner_type": "vdab",
                     "reason": "language-practice", "partnership": "middenkempen", "postcode": "2200",
                     "preferred_language": "uk", "external_person": "case-" + number[:8]}}


class Containers(unittest.TestCase):
    project = None

    @classmethod
    def setUpClass(cls):
        why = why_not()
        if why:
            print(f"skipped: {why}", flush=True)
            raise unittest.SkipTest(why)
        cls.project = Project()
        cls.addClassCleanup(cls.project.remove)
        started = time.monotonic()
        cls.project.compose("build", seconds=3600)
        built = time.monotonic()
        cls.project.up()
        print(f"images built in {built - started:.0f} s, everything healthy {time.monotonic() - built:.0f} s later",
              flush=True)
        cls.project.command("form-partnership", partnership=TOWN["partnership"], name="Middenkempen",
                            since="2021-01-01", lead_nis=TOWN["nis"], municipalities=[{"nis": TOWN["nis"]}])

    def setUp(self):
        self.programme = "p-" + uuid.uuid4().hex[:12]
        self.project.command("configure-programme", programme=self.programme, partnership=TOWN["partnership"],
                             kind="language-duo", name="Test")

    def person(self, side):
        person = self.project.command("register-person", partnership=TOWN["partnership"], postcode=TOWN["postcode"],
                                      preferred_language="nl", first_name="An")["person_id"]
        if side == "volunteer":
            self.project.command("recruit-volunteer", person_id=person, capacity=1)
        self.project.command("hold-intake", person_id=person, programme=self.programme, side=side)
        return person

    def proposal(self, newcomer):
        def found():
            return [p for p in self.project.get(f"/v1/proposals?programme={self.programme}&state=proposed")["proposals"]
                    if p["newcomer_id"] == newcomer]
        return eventually(found, 30, "a proposal")[0]

    def duos(self, state):
        return self.project.get(f"/v1/duos?programme={self.programme}&state={state}")["duos"]

    def duo(self, newcomer):
        """A proposal accepted and a first talk that went well."""
        proposal = self.proposal(newcomer)["proposal_id"]
        self.project.command("accept-match", proposal_id=proposal)
        eventually(lambda: self.project.get(f"/v1/meetings?proposal_id={proposal}")["meetings"], 30, "the talk")
        self.project.command("hold-meeting", proposal_id=proposal, outcome="start")
        return eventually(lambda: [d for d in self.duos("active") if d["newcomer_id"] == newcomer], 30, "the duo")[0]

    def linked(self, referrals):
        """How often registry says each of these referrals was linked to a person."""
        counts = dict.fromkeys(referrals, 0)
        for event in self.project.log("registry"):
            if event["type"].startswith("koppel.registry.referral-linked.") and event["data"]["referral_id"] in counts:
                counts[event["data"]["referral_id"]] += 1
        return counts

    def test_1_the_duo_loop(self):
        volunteer, first = self.person("volunteer"), self.person("newcomer")
        duo = self.duo(first)
        self.assertEqual(duo["volunteer_id"], volunteer)
        second = self.person("newcomer")
        self.project.command("stop-duo", duo_id=duo["duo_id"], reason="mismatch")
        self.assertEqual(self.proposal(second)["volunteer_id"], volunteer)
        self.assertEqual(len(self.duos("stopped")), 1)
        self.assertEqual(self.duo(second)["volunteer_id"], volunteer)

    def test_2_all_containers_are_hardened_and_small(self):
        found = self.project.inspect_all()
        self.assertEqual(set(found), {*SERVICES, "postgres", "roles", "setup"})
        for service, container in found.items():
            host = container["HostConfig"]
            self.assertTrue(host["ReadonlyRootfs"], service)
            self.assertEqual([cap.removeprefix("CAP_") for cap in host["CapDrop"]], ["ALL"], service)
            added = {cap.removeprefix("CAP_") for cap in host["CapAdd"] or []}
            self.assertEqual(added, {"CHOWN", "FOWNER"} if service == "setup" else set(), service)
            self.assertIn("no-new-privileges", host["SecurityOpt"][0], service)
            self.assertFalse(host["Privileged"], service)
            self.assertGreater(host["Memory"], 0, service)
            self.assertGreater(host["PidsLimit"], 0, service)
            user = container["Config"]["User"].split(":")[0]
            self.assertEqual(user in ("", "0", "root"), service == "setup", service)  # setup gives keys to their owners
            added = self.image_bytes(container["Image"]) - self.image_bytes(BASE)
            self.assertLess(added, ADDED_BYTES.get(service, ADDED_BYTES_OF_OURS), service)

    def image_bytes(self, name):
        image, = json.loads(self.project.docker("image", "inspect", name))
        return image["Size"]

    def test_2_each_container_holds_little(self):
        own = {"gateway": "token", "registry": "insz.key", "scheduling": "calendar.key"}
        for number, service in enumerate(SERVICES, 1):
            found = self.project.inspect(service)
            host = found["HostConfig"]
            published = {port for ports in host["PortBindings"].values() for port in (p["HostIp"] for p in ports)}
            self.assertEqual(published, {"127.0.0.1"} if service == "gateway" else set(), service)
            shell = ("id -u; touch /here 2>/dev/null && echo written; cd /run/koppel; for f in keys/*.key secrets/*; "
                     "do [ -r $f ] && echo $f; done; true")
            uid, *readable = self.project.compose("exec", "-T", service, "bash", "-c", shell).split()
            self.assertEqual(uid, str(10000 + number))
            expected = {f"keys/{service}.key", f"secrets/db-{service}"} | {f"secrets/{own[s]}" for s in own if s == service}
            self.assertEqual(set(readable), expected)

    def test_3_the_command_line(self):
        for service in SERVICES:
            self.assertIn(service, self.project.compose("run", "--rm", "-T", "koppel", "status"))

    def test_3_a_container_that_is_stopped_holds_up_nobody(self):
        """Its name is gone with it, and on the inner network it takes the name servers long to say so."""
        self.project.compose("stop", "reporting")
        try:
            told = self.project.status()
        finally:
            self.project.up()
        others = [name for name in SERVICES if name != "reporting"]
        self.assertEqual([told[name] for name in (*others, "reporting")], ["ready"] * len(others) + ["no answer"])

    def test_4_a_killed_container_loses_nothing(self):
        acknowledged = {}
        for service in ("registry", "gateway", "postgres", "matching"):
            for _ in range(5):
                event = referral()
                acknowledged[event["id"]] = self.project.publish(event)["seq"]
            self.project.crash(service)
            for _ in range(5):
                event = referral()
                acknowledged[event["id"]] = self.project.publish(event)["seq"]
        self.project.docker("kill", self.project.id("registry"))  # the engine leaves such a one down
        event = referral()
        acknowledged[event["id"]] = self.project.publish(event)["seq"]
        self.project.up()
        stream = [event for event in self.project.log("gateway") if event["id"] in acknowledged]
        self.assertEqual({event["id"]: int(event["seq"]) for event in stream}, acknowledged)
        self.assertEqual(len(stream), len(acknowledged))
        counts = eventually(lambda: (all(c := self.linked(acknowledged).values()) and c) or None, 60, "referrals linked")
        self.assertEqual(set(counts), {1})

    def test_5_down_and_up_again(self):
        self.person("volunteer")
        duo = self.duo(self.person("newcomer"))
        token = self.project.token
        streams = {stream: [(e["id"], e["seq"]) for e in self.project.log(stream)] for stream in ("gateway", "registry")}
        self.project.compose("down")
        self.assertEqual(self.project.containers(), [])
        self.project.up()
        self.assertEqual(self.project.token, token)
        self.assertEqual(self.duos("active"), [duo])
        for stream, before in streams.items():
            self.assertEqual([(e["id"], e["seq"]) for e in self.project.log(stream)][:len(before)], before)
        self.project.command("stop-duo", duo_id=duo["duo_id"], reason="goal-reached")
        self.assertEqual(len(self.duos("stopped")), 1)

    def test_6_who_was_erased_stays_erased(self):
        person = self.project.command("register-person", partnership=TOWN["partnership"], postcode=TOWN["postcode"],
                                      preferred_language="nl", first_name="Ria")["person_id"]
        dump = self.project.compose("exec", "-T", "postgres", "pg_dump")
        self.project.command("erase-person", person_id=person)
        listed = lambda: self.project.compose("exec", "-T", "registry", "cat", "/var/lib/koppel/erasures")  # noqa: E731
        eventually(lambda: person in listed(), 60, "the list of who was erased")
        self.project.get("/v1/events?stream=registry&after=end")
        gone = self.project.next
        self.project.compose("down")
        self.project.docker("volume", "rm", self.project.name + "_database")
        self.project.compose("run", "--rm", "-T", "roles")
        for schema in SERVICES:  # the dump makes them; in pg_restore it is --clean that does this
            self.project.compose("exec", "-T", "postgres", "psql", "-qc", f"DROP SCHEMA {schema}")
        self.project.compose("exec", "-T", "postgres", "psql", "-q", "-v", "ON_ERROR_STOP=1", stdin=dump)
        self.project.compose("exec", "-T", "postgres", "psql", "-q", "-v", "ON_ERROR_STOP=1",
                             stdin=(ROOT / "deploy/restored.sql").read_text())
        self.project.up()
        self.assertIn(person, listed())

        eventually(lambda: self.project.get(f"/v1/people/{person}")["erased"], 60, "the erasure once more")
        with self.assertRaises(Refused) as refused:
            self.project.get(f"/v1/events?stream=registry&after={gone}")
        self.assertEqual(refused.exception.status, 409)


if __name__ == "__main__":
    unittest.main()
