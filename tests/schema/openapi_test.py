"""The OpenAPI document of the HTTP edge: it tells every path that the gateway serves and no other, and holds together."""
import re
import unittest

from support import ROOT

import emit_openapi
import problems
from examples import refusal_of_object
from load import load

GATEWAY = ROOT / "services" / "gateway"


def all_of(value, key):
    if isinstance(value, dict):
        yield from ([value[key]] if key in value else [])
        for each in value.values():
            yield from all_of(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from all_of(each, key)


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schemas, _ = load(ROOT / "schemas")
        cls.document = emit_openapi.generate(cls.schemas, GATEWAY)
        cls.operations = {(method, path): one for path, methods in cls.document["paths"].items()
                          for method, one in methods.items()}
        cls.by_name = {message.c_name: message for message in cls.schemas.messages}

    def test_what_the_gateway_serves_is_in_it_and_nothing_else(self):
        table = (GATEWAY / "routes.c").read_text()
        table = table[table.index("items[]"):]
        served = {re.sub(r"\{\}", "*", path) for path in re.findall(r'"(/[^"]*)"', table)}
        told = {"/v1/commands/*" if path.startswith("/v1/commands/") else re.sub(r"\{[^}]*\}", "*", path)
                for path in self.document["paths"]}
        self.assertEqual(told, served)
        self.assertEqual({method for method, path in self.operations if path == "/v1/events"}, {"get", "post"})

    def test_every_command_is_in_it_but_those_between_services(self):
        told = {one["operationId"] for (_, path), one in self.operations.items() if path.startswith("/v1/commands/")}
        commands = {message.c_name for message in self.schemas.messages if message.kind == "command"}
        self.assertEqual(commands - told,
                         {"gateway_accept_events", "registry_deposit_batch", "registry_deposit_personal"})
        self.assertEqual(told - commands, set())

    def test_names_are_unique_and_references_lead_somewhere(self):
        names = [one["operationId"] for one in self.operations.values()]
        self.assertEqual(len(names), len(set(names)))
        for ref in all_of(self.document, "$ref"):
            at = self.document
            for part in ref.removeprefix("#/").split("/"):
                at = at[part]

    def test_every_gap_of_a_path_is_a_parameter_and_every_call_may_end_in_a_problem(self):
        for (method, path), one in self.operations.items():
            with self.subTest(f"{method} {path}"):
                gaps = [each["name"] for each in one.get("parameters", []) if each["in"] == "path"]
                self.assertEqual(gaps, re.findall(r"\{(\w+)\}", path))
                self.assertTrue(all(each["required"] for each in one.get("parameters", []) if each["in"] == "path"))
                self.assertEqual(one["responses"]["default"], {"$ref": "#/components/responses/problem"})
        self.assertIn("application/problem+json", self.document["components"]["responses"]["problem"]["content"])

    def test_the_log_is_asked_as_the_gateway_reads_it(self):
        known = re.search(r'known\[\] = \{([^}]*)\}', (GATEWAY / "stream_query.c").read_text())[1]
        told = self.operations["get", "/v1/events"]["parameters"]
        self.assertEqual([one["name"] for one in told], re.findall(r'"(\w+)"', known))
        most = re.search(r"PAGE_MAX +(\d+)", (GATEWAY / "stream_query.c").read_text())[1]
        self.assertEqual(told[2]["schema"]["maximum"], int(most))

    def test_the_codes_are_those_that_the_sources_raise(self):
        at_start = {"BUS-MIGRATION", "BUS-OWNED", "BUS-SETTING"}  # nobody asks yet
        http = dict(re.findall(r"case (BUS_\w+):\s+return (\d+);", (GATEWAY / "problem.c").read_text()), BUS_BUG="500")
        raised = set()
        for source in [*(ROOT / "libbus").glob("*/*.c"), *(ROOT / "services").glob("*/*.c")]:
            for status, code in re.findall(r'bus_fail_code\(([^"]*?)"(BUS-[A-Z-]+)"', source.read_text(encoding="utf-8")):
                raised |= {(int(http[word]), code) for word in re.findall(r"BUS_[A-Z_]+\b", status) if word in http}
        errors = re.findall(r'\{"[A-Z]+", (BUS_\w+),\s+"([^"]+)",', (GATEWAY / "asking.c").read_text())
        self.assertGreater(len(errors), 3)
        raised |= {(int(http[status]), code) for status, code in errors}
        told = {(status, code) for status, codes in problems.CODES.items() for code in codes}
        self.assertEqual(told - raised, set())
        self.assertEqual({code for _, code in raised} - at_start, {code for _, code in told})
        runbook = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
        self.assertEqual({code for _, code in told if f"## {code}\n" not in runbook}, set())

    def test_events_are_those_the_gateway_takes(self):
        sent = self.document["components"]["schemas"]["sent-event"]["oneOf"]
        types = re.search(r"types\[\] = \{([^}]*)\}", (GATEWAY / "intake_header.c").read_text())[1]
        self.assertEqual([one["properties"]["type"]["const"] for one in sent],
                         [self.by_name[name].type for name in re.findall(r"&(\w+)_type", types)])
        referral = self.document["components"]["schemas"]["referral-received"]["properties"]
        self.assertIn("email", referral["personal"]["properties"])
        self.assertNotIn("deposit_id", referral)

    def test_examples_are_as_the_schemas_want_them(self):
        tried = 0
        for one in self.operations.values():
            message = self.by_name.get(one["operationId"])
            if message is None or "requestBody" not in one:
                continue
            example = one["requestBody"]["content"]["application/json"]["example"]
            self.assertIsNone(refusal_of_object(message.shape, example), message.c_name)
            tried += 1
        self.assertEqual(tried, sum(path.startswith("/v1/commands/") for _, path in self.operations))


if __name__ == "__main__":
    unittest.main()
