"""The page for people, the AsyncAPI document, examples and golden bytes; and that schemas/README.md is right."""
import json
import re
import unittest

from schemas import FILES
from support import ROOT, SchemaCase, command, event

import emit_asyncapi
import emit_docs
import golden
from examples import make, make_told, refusal_of_object
from load import load


class Page(SchemaCase):
    def setUp(self):
        super().setUp()
        self.text = emit_docs.generate(self.sound(FILES))

    def test_rows(self):
        for row in (
                "| `thing_id` | id | yes |  |  | The thing |",
                "| `reason` | word | yes | `moved`, `goal-reached` |  | Why it ended |",
                "| `here.nis` | text | yes | at most 5 characters; a NIS code of 5 digits: `^[0-9]{5}$` |  | Municipality |",
                "| `here.lat_e4` | integer |  | -900000 to 900000 | 1/10000 degree | Latitude |",
                "| `there` | object |  |  |  | Where it went \\| if anywhere |",
                "| `tags` | list of text |  | 1 to 9 characters; at most 3 items; all different |  | Tags |",
                "| `parts[].kind` | word | yes | `big`, `small` |  | Its kind |",
                "| `free` | number |  |  |  | Any number |",
                "| `name` | text |  | 1 to 9 characters; personal data |  | Its name |"):
            with self.subTest(row):
                self.assertIn(row + "\n", self.text)

    def test_every_message_stands_there_and_links_lead_somewhere(self):
        for name in ("demo.it-happened.v1", "demo.end-it.v1", "demo.end-it.v2", "other-one.end-it.v1",
                     "registry.name-it.v1"):
            self.assertEqual(self.text.count(f"`koppel.{name}`"), 1)
        targets = set(re.findall(r'<a id="([^"]+)">', self.text))
        links = set(re.findall(r"\]\(#([^)]+)\)", self.text))
        self.assertEqual(links, targets)
        self.assertIn("Can lead to: [it-happened](#demo-it-happened-v1).", self.text)
        self.assertIn("It is about `thing_id`.", self.text)

    def test_examples_are_json(self):
        blocks = re.findall(r"```json\n(.*?)```", self.text, re.S)
        self.assertEqual(len(blocks), 4)  # what has no fields has no example
        for block in blocks:
            json.loads(block)


EXTENSIONS = ["partnership", "nis"]


class AsyncApi(SchemaCase):
    def setUp(self):
        super().setUp()
        self.document = emit_asyncapi.generate(self.sound(FILES))

    def test_every_reference_leads_somewhere(self):
        found = []

        def walk(value):
            if isinstance(value, dict):
                if "$ref" in value:
                    target = self.document
                    for step in value["$ref"].removeprefix("#/").split("/"):
                        self.assertIn(step, target, value["$ref"])
                        target = target[step]
                    found.append(value["$ref"])
                for each in value.values():
                    walk(each)
            elif isinstance(value, list):
                for each in value:
                    walk(each)

        walk(self.document)
        self.assertGreater(len(found), 20)

    def test_channels_and_operations(self):
        self.assertEqual(self.document["asyncapi"], "3.0.0")
        self.assertEqual(sorted(self.document["channels"]),
                         ["demo_events", "demo_requests", "other_one_requests", "registry_requests"])
        self.assertEqual(self.document["channels"]["demo_events"]["address"], "demo/{type}/")
        hear = self.document["operations"]["hear_demo_it_happened"]
        self.assertEqual(hear["action"], "send")
        answer = self.document["operations"]["answer_demo_end_it"]
        self.assertEqual((answer["action"], answer["x-said"]), ("receive", ["it-happened"]))
        self.assertEqual(answer["reply"]["messages"],
                         [{"$ref": "#/channels/demo_requests/messages/demo.end-it.v1.reply"}])
        self.assertEqual(len(self.document["operations"]), 5)
        for key in list(self.document["channels"]) + list(self.document["components"]["messages"]):
            self.assertRegex(key, r"^[A-Za-z0-9._-]+$")

    def test_headers_are_those_of_libbus(self):
        schemas = self.document["components"]["schemas"]
        source = (ROOT / "libbus" / "wire" / "header.c").read_text(encoding="utf-8")
        table = source[source.index("attributes[] = {"):].split("};")[0]
        names = [text or quoted for text, quoted in re.findall(r'TEXT\((\w+)|NAME\("(\w+)"', table)]
        names.remove("dataschema")  # passed over
        self.assertEqual(list(schemas["header"]["properties"]), names + EXTENSIONS)
        source = (ROOT / "libbus" / "base" / "status.c").read_text(encoding="utf-8")
        self.assertEqual(sorted(re.findall(r'\[BUS_\w+\] = "([a-z-]+)"', source)),
                         sorted(schemas["outcome"]["properties"]["status"]["enum"]))
        messages = self.document["components"]["messages"]
        self.assertTrue(messages["demo.end-it.v1"]["headers"]["$ref"].endswith("/header"))
        self.assertTrue(messages["demo.end-it.v1.reply"]["headers"]["$ref"].endswith("/outcome"))

    def test_payloads(self):
        payload = self.document["components"]["messages"]["demo.it-happened.v1"]["payload"]
        self.assertEqual(payload["required"], ["thing_id", "reason", "here", "count"])
        self.assertFalse(payload["additionalProperties"])
        fields = payload["properties"]
        self.assertEqual(fields["at"]["format"], "date-time")
        self.assertEqual((fields["count"]["minimum"], fields["count"]["maximum"]), (0, 200))
        self.assertEqual(fields["levels"]["items"], {"type": "string", "enum": ["none", "a1"]})
        self.assertEqual((fields["tags"]["uniqueItems"], fields["tags"]["maxItems"]), (True, 3))
        self.assertEqual(fields["here"]["properties"]["nis"]["pattern"], "^[0-9]{5}$")
        self.assertEqual(fields["extra"], {"description": "Anything"})
        named = self.document["components"]["messages"]["registry.name-it.v1"]["payload"]
        self.assertTrue(named["properties"]["name"]["x-personal"])


class Examples(SchemaCase):
    def test_made_ones_satisfy_their_schema(self):
        for message in self.sound(FILES).messages:
            for shape in filter(None, (message.shape, message.reply)):
                self.assertIsNone(refusal_of_object(shape, make(shape)))
                self.assertEqual(make(shape), make(shape))

    def test_what_people_read_says_a_thing_one_way(self):
        fields = """    "thing_id": {"type": "string", "format": "uuid", "description": "The thing; or else `day` and `part`"},
    "day": {"type": "string", "format": "date", "description": "Its day"},
    "part": {"type": "integer", "minimum": 1, "maximum": 9, "description": "Which, with `day`"},
    "note": {"type": "string", "minLength": 1, "maxLength": 9, "description": "Any"}"""
        schemas = self.sound({"demo/it-happened.v1.json": event(fields)})
        self.assertEqual(list(make_told(schemas.messages[0].shape)), ["thing_id", "note"])
        self.assertEqual(list(make(schemas.messages[0].shape)), ["thing_id", "day", "part", "note"])
        self.assertNotIn('"part"', emit_docs.generate(schemas))
        self.assertNotIn("part", emit_asyncapi.generate(schemas)["components"]["messages"]["demo.it-happened.v1"]["examples"][0]["payload"])

    def test_refusals(self):
        schemas = self.sound(FILES)
        shape = schemas.find("koppel.demo.it-happened.v1").shape
        sound = make(shape)
        for change, words in (
                ({"thing_id": "x"}, "UUID"), ({"thing_id": "00000000-0000-0000-0000-000000000000"}, "not nil"),
                ({"reason": "none"}, "one of moved"), ({"count": 201}, "between 0 and 200"),
                ({"count": True}, "whole number"), ({"count": 1.5}, "whole number"), ({"share": "1"}, "a number"),
                ({"sure": 1}, "true or false"), ({"note": ""}, "1 to 40 characters"), ({"note": 3}, "text"),
                ({"at": "2026-02-30T00:00:00Z"}, "a time like"), ({"at": "2026-03-14"}, "a time like"),
                ({"at": "1850-01-01T00:00:00Z"}, "1900 to 2199"), ({"on_date": "2026-13-01"}, "a date like"),
                ({"tags": ["a", "a"]}, "repeat"), ({"tags": ["a"] * 4}, "0 to 3 items"), ({"tags": "a"}, "a list"),
                ({"here": {}}, 'lacks "nis"'), ({"here": {"nis": "1301x"}}, "match"), ({"here": 1}, "an object"),
                ({"parts": [{"kind": "huge"}]}, "one of big"), ({"unknown": 1}, "unknown field")):
            with self.subTest(change):
                self.assertIn(words, refusal_of_object(shape, {**sound, **change}))
        self.assertIn('lacks "thing_id"', refusal_of_object(shape, {}))


class GoldenBytes(SchemaCase):
    def test_pack(self):
        for value, digits in (
                (None, "c0"), (True, "c3"), (False, "c2"), (0, "00"), (127, "7f"), (128, "cc80"), (256, "cd0100"),
                (65536, "ce00010000"), (2**32, "cf0000000100000000"), (2**63 - 1, "cf7fffffffffffffff"),
                (-1, "ff"), (-32, "e0"), (-33, "d0df"), (-128, "d080"), (-129, "d1ff7f"), (-32769, "d2ffff7fff"),
                (-(2**31) - 1, "d3ffffffff7fffffff"), (2.5, "cb4004000000000000"), ("", "a0"), ("é", "a2c3a9"),
                ("x" * 32, "d920" + "78" * 32), ("x" * 256, "da0100" + "78" * 256), ([], "90"), ([1] * 16, "dc0010" + "01" * 16),
                ({"a": 1}, "81a16101")):
            self.assertEqual(golden.pack(value).hex(), digits)
        self.assertTrue(golden.pack({str(i): 0 for i in range(16)}).hex().startswith("de0010"))

    def test_values_as_they_are_written(self):
        shape = self.sound(FILES).find("koppel.demo.it-happened.v1").shape
        value = golden.on_wire(shape, {"count": 2, "share": 0, "at": "2026-03-14T10:30:00.5+01:00", "here": {"nis": "13011"}})
        self.assertEqual(list(value), ["here", "count", "share", "at"])  # as in the schema
        self.assertEqual(value["at"], "2026-03-14T09:30:00.500000Z")
        self.assertIsInstance(value["share"], float)
        self.assertIsInstance(value["count"], int)

    def test_only_what_is_missing_is_written(self):
        root, _ = self.write({"demo/go.v1.json": command(), "demo/it-happened.v1.json": event("")})
        out = self.folder / "golden"
        self.assertEqual(len(self.run_tool("golden", root, out).stdout.split()), 6)
        self.assertEqual((out / "demo" / "go.v1.reply.msgpack").read_text(), "80\n")
        self.assertEqual((out / "demo" / "go.v1.reply.json").read_text(), "{}\n")
        kept = out / "demo" / "it-happened.v1.msgpack"
        kept.write_text("kept")
        (out / "demo" / "go.v1.json").unlink()
        self.assertEqual(self.run_tool("golden", root, out).stdout.split(), [str(out / "demo" / "go.v1.json")])
        self.assertEqual(kept.read_text(), "kept")


class Readme(SchemaCase):
    def test_its_examples_are_sound(self):
        text = (ROOT / "schemas" / "README.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```json\n(.*?)```", text, re.S)
        names = ["common.json"] + re.findall(r"`schemas/([a-z]+/[a-z-]+\.v1\.json)`:\n\n```json", text)
        self.assertEqual(len(blocks), 4)
        root, _ = self.write(dict(zip(names, blocks, strict=True)))
        schemas, faults = load(root)
        self.assertEqual(faults.lines(), [])
        self.assertEqual([message.kind for message in schemas.messages], ["event", "command", "query"])


if __name__ == "__main__":
    unittest.main()
