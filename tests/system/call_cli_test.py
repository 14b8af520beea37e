#!/usr/bin/python3
"""koppel call: what it is given, and from where."""
import json
import pathlib
import re
import shlex
import shutil
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import ROOT  # noqa: E402
from cli_scene import Scene  # noqa: E402
from waiting import eventually  # noqa: E402


class Call(Scene):
    def call(self, *arguments, told=""):
        return self.koppel("call", *arguments, told=told)

    def test_an_argument_a_file_and_standard_input_say_the_same(self):
        asked = json.dumps({"role": "volunteer", "limit": 2})
        path = self.stack.folder / "asked.json"
        path.write_text(asked)
        answers = [self.call("people", asked), self.call("people", str(path)), self.call("people", "-", told=asked)]
        self.assertEqual([answer.returncode for answer in answers], [0, 0, 0], answers)
        self.assertEqual([json.loads(answer.stdout) for answer in answers], [json.loads(answers[0].stdout)] * 3)
        # A field that it does not have is told, so all three were read.
        asked = asked.replace("limit", "limt")
        path.write_text(asked)
        for answer in (self.call("people", asked), self.call("people", str(path)), self.call("people", "-", told=asked)):
            self.assertEqual(answer.returncode, 1)
            self.assertIn("limt", answer.stderr)

    def test_what_is_no_json_is_told(self):
        for wrong in ('{"programme": ', "{programme: taalvrienden}", '{"limit": 1} {}', '{"limit": 1, "limit": 2}'):
            answer = self.call("people", wrong)
            self.assertEqual((answer.returncode, answer.stdout, answer.stderr.count("\n")), (1, "", 1), answer.stderr)
            self.assertIn("the JSON given", answer.stderr)

    def test_who_gives_nothing_is_told_where_it_stands_what_is_taken(self):
        told = self.call("stop-duo")
        self.assertEqual(told.returncode, 1)
        self.assertIn("koppel call stop-duo --help tells what it takes", told.stderr)

    def test_what_there_is_to_call_is_listed_and_explained(self):
        called = re.findall(r"(?m)^(?:command|query) +(\S+) +\S", self.call("--list").stdout)
        asked = [f"{path.parent.name}/{path.name.removesuffix('.v1.json')}" for path in (ROOT / "schemas").glob("*/*.v1.json")
                 if json.loads(path.read_text())["x-kind"] != "event"]
        self.assertEqual(sorted(called), sorted(asked))
        for name in called:
            told = self.call(name, "--help")
            self.assertEqual((told.returncode, told.stderr), (0, ""), name)
            schema = json.loads((ROOT / "schemas" / f"{name}.v1.json").read_text())
            for field in schema["properties"]:
                self.assertRegex(told.stdout, rf"(?m)^  {field} \(")
        self.assertIn("did you mean stop-duo", self.call("stop-dou", "--help").stderr)

    def test_a_service_that_has_no_address(self):
        told = self.koppel("status")
        self.assertEqual((told.returncode, told.stderr), (1, ""))
        self.assertRegex(told.stdout, r"(?m)^matching +no address +- ")
        self.assertIn("\nmatching: KOPPEL_PEERS does not name it\n", told.stdout)

    def test_the_example_of_a_help_page_can_be_called(self):
        told = self.call("people", "--help").stdout
        _, _, name, *given = shlex.split(re.search(r"(?m)^  (koppel call .*)$", told).group(1))
        self.assertEqual(name, "people")
        answer = self.call(name, *given)
        self.assertNotIn("must", answer.stderr)
        self.assertRegex(answer.stderr, "^koppel call: there is no partnership ")

    def test_a_service_that_does_not_read_what_was_done_before_is_asked_as_it_stands(self):
        keys = self.stack.folder / "operators"
        shutil.copytree(self.stack.keys, keys)
        shown, hidden = self.stack.keys / "allowed/registry.pub", self.stack.keys / "registry.hidden"
        self.stack.kill("registry")
        shown.rename(hidden)  # gateway lets registry in no more
        self.stack.start("registry")
        self.addCleanup(self.stack.wait_ready, "registry")
        self.addCleanup(hidden.rename, shown)
        eventually(lambda: self.stack.client.admin("registry", "STATUS")["state"] == "denied", what="registry is refused")
        id = str(uuid.uuid4())
        header = {"id": id, "source": "/test", "type": "koppel.gateway.status-changed.v1", "specversion": "1.0"}
        self.stack.client.command("gateway", "koppel.gateway.accept-events.v1", {"events": [{"header": header, "data": {}}]})
        asked = self.koppel("call", "form-partnership", json.dumps({
            "partnership": "asse", "name": "Asse", "since": "2024-01-01", "lead_nis": "23002", "municipalities": [{"nis": "23002"}]}),
            knows=("gateway", "registry"), keys=keys)
        self.assertEqual((asked.returncode, asked.stderr.count("\n")), (0, 1), asked.stderr)
        self.assertIn("registry has not read all that was done before this", asked.stderr)


if __name__ == "__main__":
    unittest.main()
