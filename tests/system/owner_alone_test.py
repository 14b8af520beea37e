#!/usr/bin/python3
"""An owner loses its database alone: whoever asks through the gateway is answered by its standby, whatever they ask for."""
import json
import pathlib
import signal
import subprocess
import sys
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import edge  # noqa: E402
from ports import free_ports  # noqa: E402
from waiting import eventually  # noqa: E402
from way import Way  # noqa: E402

PERSON = {"partnership": "asse", "postcode": "1730", "preferred_language": "ar"}


class TwoAddresses(edge.Stack):
    """Registry may be at either of two addresses; the one that is started first has its own way to the database."""

    def build(self):
        self.other = [f"tcp://127.0.0.1:{port}" for port in free_ports(3)]
        super().build()

    def start(self, name, program=None):
        if name == "registry":
            self.way = Way(self.folder / ".s.PGSQL.5432")
        return super().start(name, program)

    def service_environment(self, name):
        environment = super().service_environment(name)
        first = f"{self.events['registry']},{self.requests['registry']}"
        both = f"{self.events['registry']}|{self.other[0]},{self.requests['registry']}|{self.other[1]}"
        environment["BUS_PEERS"] = environment["BUS_PEERS"].replace(first, both)
        if name == "registry":
            environment["BUS_DATABASE"] = f"host={self.way.folder} dbname=koppel user=registry"
        return environment

    def start_standby(self):
        environment = {**self.service_environment("registry"), "BUS_STANDBY": "1",
                       "BUS_DATABASE": f"host={self.folder} dbname=koppel user=registry", "BUS_BIND_EVENTS": self.other[0],
                       "BUS_BIND_REQUESTS": self.other[1], "BUS_HEALTH": self.other[2].removeprefix("tcp://")}
        path = self.folder / "standby.log"
        with open(path, "ab") as log:
            self.standby = subprocess.Popen([self.programs["registry"]], env=environment, stderr=log)
        eventually(lambda: "waiting" in path.read_text(), what="the standby's word")

    def __exit__(self, *_):
        if hasattr(self, "standby"):
            self.standby.send_signal(signal.SIGTERM)
            self.standby.wait(20)
        if hasattr(self, "way"):
            self.way.close()
        super().__exit__()


class Alone(edge.Edge):
    """Each question is the only one on its gateway's connection: nobody else's refusal sends it elsewhere."""

    @classmethod
    def setUpClass(cls):
        edge.Stack, before = TwoAddresses, edge.Stack
        try:
            super().setUpClass()
        finally:
            edge.Stack = before
        cls.stack.start_standby()

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.stack.health['registry']}/readyz", timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def answered_by_the_standby(self, ask):
        self.expect(200, ask())
        wrong = []

        def again():
            try:
                answer = ask()
            except AssertionError as error:  # of what the OpenAPI document does not know
                wrong.append(error)
                raise
            return answer.status == 200 and self.by_the_standby() and answer

        self.stack.way.close()
        eventually(lambda: self.ready().startswith("database away"), what="the database found away")
        answer = eventually(again, 60, "an answer again")
        self.assertEqual(wrong, [])
        return answer

    def by_the_standby(self):
        """The first one lives, and still has no database; so it was not that one."""
        self.assertIsNone(self.stack.processes["registry"].poll())
        return "started" in (self.stack.folder / "standby.log").read_text()


class Asked(Alone):
    def test_a_question(self):
        answer = self.answered_by_the_standby(lambda: self.send("GET", "/v1/people?partnership=asse"))
        self.assertEqual(answer.json["people"], [])


class Told(Alone):
    def test_a_command(self):
        answer = self.answered_by_the_standby(lambda: self.send("POST", "/v1/commands/register-person", PERSON))
        self.assertEqual(self.stack.psql(f"SELECT count(*) FROM registry.person WHERE person_id = '{answer.json['person_id']}'"), "1")


class Read(Alone):
    def test_the_log(self):
        answer = self.answered_by_the_standby(lambda: self.send("GET", "/v1/events?stream=registry&after=0"))
        self.assertIn("partnership-formed", json.dumps(answer.json))


del Alone

if __name__ == "__main__":
    unittest.main()
