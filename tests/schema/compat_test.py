"""The compatibility law: each rule refused where it is broken, and what it allows is allowed."""
import json
import shutil
import unittest
from pathlib import Path

from support import SchemaCase, command, event

import compat

FIELDS = {
    "id": '{"type": "string", "format": "uuid", "description": "x"}',
    "n": '{"type": "integer", "minimum": 1, "maximum": 9, "description": "x"}',
    "share": '{"type": "number", "minimum": 0, "description": "x"}',
    "note": '{"type": "string", "minLength": 1, "maxLength": 9, "description": "x"}',
    "code": '{"type": "string", "maxLength": 9, "pattern": "^[0-9]+$", "x-wanted": "digits", "examples": ["1"], "description": "x"}',
    "why": '{"type": "string", "enum": ["one", "two"], "description": "x"}',
    "tags": '{"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer", "minimum": 0, "maximum": 9}, '
            '"description": "x"}',
    "part": '{"type": "object", "additionalProperties": false, "description": "x", "properties": '
            '{"flag": {"type": "boolean", "description": "x"}}}',
}


def properties(changes=(), drop=(), order=None):
    fields = {**FIELDS, **dict(changes)}
    return ",\n".join(f'"{name}": {fields[name]}' for name in (order or fields) if name not in drop)


class Law(SchemaCase):
    def breaks(self, before, after):
        """What the change breaks, as (line, words)."""
        for under in ("old", "new"):
            shutil.rmtree(self.folder / under, ignore_errors=True)
        old = compat.digest(self.sound(before, "old"))
        new = self.sound(after, "new")
        # through JSON, as released.json stands on disk
        lines = compat.breaks(json.loads(json.dumps(old)), new, "new")
        return [line.replace(f"{self.folder}/", "").replace("; make a new version instead", "") for line in lines]

    def event_change(self, required='["id"]', was_required='["id"]', **change):
        return self.breaks({"demo/it-happened.v1.json": event(properties(), was_required)},
                           {"demo/it-happened.v1.json": event(properties(**change), required)})

    def refuses(self, words, line=None, **change):
        found = self.event_change(**change)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])
        if line:
            self.assertTrue(found[0].startswith(f"new/demo/it-happened.v1.json:{line}: "), found[0])

    def changed(self, name, old, new):
        self.assertIn(old, FIELDS[name])
        return {name: FIELDS[name].replace(old, new)}

    def test_nothing_changed(self):
        self.assertEqual(self.event_change(), [])

    def test_allowed(self):
        for change in (
                {"zone": '{"type": "boolean", "description": "x"}'},
                self.changed("n", '"minimum": 1, "maximum": 9', '"minimum": 0, "maximum": 99'),
                self.changed("share", '"minimum": 0, ', ""),
                self.changed("note", '"minLength": 1, "maxLength": 9', '"minLength": 0, "maxLength": 10'),
                self.changed("code", '"pattern": "^[0-9]+$", "x-wanted": "digits"', '"minLength": 0'),
                self.changed("why", '"two"', '"two", "three"'),
                self.changed("why", '"one"', '"zero", "one"'),
                self.changed("tags", '"minItems": 1, "maxItems": 3', '"minItems": 0, "maxItems": 30'),
                self.changed("part", "{\"flag\"", '{"more": {"type": "boolean", "description": "x"}, "flag"'),
                self.changed("n", '"description": "x"', '"description": "other", "title": "N", "x-unit": "km"')):
            with self.subTest(change):
                self.assertEqual(self.event_change(changes=change), [])

    def test_a_new_optional_field_between_the_others(self):
        new = {"zone": '{"type": "boolean", "description": "x"}'}
        order = ["id", "zone"] + [name for name in FIELDS if name != "id"]
        self.assertEqual(self.event_change(changes=new, order=order), [])

    def test_fields_removed_renamed_reordered(self):
        self.refuses("field n was removed or renamed", 1, drop=("n",))
        self.refuses("field n was removed or renamed", 1, drop=("n",), changes={"m": FIELDS["n"]})
        self.refuses("field id stands at another place", 9, order=["n", "id"] + list(FIELDS)[2:])
        self.refuses("field part.flag was removed or renamed",
                     changes=self.changed("part", '{"flag": {"type": "boolean", "description": "x"}}', "{}"))

    def test_types(self):
        for name, new in (("n", FIELDS["share"]), ("n", FIELDS["tags"]), ("id", FIELDS["note"]), ("note", FIELDS["why"]),
                          ("tags", '{"type": "integer", "minimum": 0, "maximum": 9, "description": "x"}'),
                          ("part", '{"x-any": true, "description": "x"}')):
            with self.subTest(name):
                self.refuses(f"field {name} is of another type", 8 + list(FIELDS).index(name), changes={name: new})

    def test_tighter(self):
        for name, old, new, words in (
                ("n", '"minimum": 1', '"minimum": 2', "tighter limits"),
                ("n", '"maximum": 9', '"maximum": 8', "tighter limits"),
                ("share", '"minimum": 0', '"minimum": 0, "maximum": 1e6', "tighter limits"),
                ("note", '"minLength": 1', '"minLength": 2', "tighter limits"),
                ("note", '"maxLength": 9', '"maxLength": 8', "tighter limits"),
                ("note", '"maxLength": 9', '"maxLength": 9, "examples": ["a"], "pattern": "^[a-z]+$", "x-wanted": "letters"', "another pattern"),
                ("code", "[0-9]", "[0-8]", "another pattern"),
                ("tags", '"minItems": 1', '"minItems": 2', "tighter number of items"),
                ("tags", '"maxItems": 3', '"maxItems": 2', "tighter number of items"),
                ("tags", '"maximum": 9', '"maximum": 8', "tighter limits"),
                ("tags", '"maxItems": 3', '"maxItems": 3, "uniqueItems": true', "newly wants unique items"),
                ("why", '"one", "two"', '"one"', 'lost the word "two"')):
            with self.subTest(new):
                self.refuses(f"field {name}", 8 + list(FIELDS).index(name), changes=self.changed(name, old, new))
                self.refuses(words, changes=self.changed(name, old, new))

    def test_required_in_events(self):
        self.refuses("field n is newly required", 9, required='["id", "n"]')
        self.refuses("field id is no longer required", 8, required="[]")
        self.refuses("field zone is new, so it cannot be required", required='["id", "zone"]',
                     changes={"zone": '{"type": "boolean", "description": "x"}'})

    def test_required_in_commands_and_replies(self):
        flag = '"a": {"type": "boolean", "description": "x"}'

        def one(required, in_reply):
            return {"demo/go.v1.json": command(
                flag, f'"properties": {{{flag}}}, "required": {in_reply}', required)}

        self.assertEqual(self.breaks(one('["a"]', '["a"]'), one("[]", '["a"]')), [])
        self.assertIn("reply field a is no longer required", self.breaks(one('["a"]', '["a"]'), one('["a"]', "[]"))[0])
        self.assertIn("field a is newly required", self.breaks(one("[]", "[]"), one('["a"]', "[]"))[0])
        self.assertIn("reply field a is newly required", self.breaks(one("[]", "[]"), one("[]", '["a"]'))[0])

    def test_messages(self):
        both = {"demo/go.v1.json": command(), "demo/it-happened.v1.json": event("")}
        more = {**both, "demo/go.v2.json": command()}
        self.assertEqual(self.breaks(both, more), [])
        self.assertEqual(self.breaks(more, {key: more[key] for key in ("demo/go.v2.json", "demo/it-happened.v1.json")}),
                         ["new:1: koppel.demo.go.v1 was released, and is gone; old logs hold it"])

    def test_kind(self):
        found = self.breaks({"demo/go.v1.json": command()}, {"demo/go.v1.json": command(kind="query")})
        self.assertEqual(found, ["new/demo/go.v1.json:1: koppel.demo.go.v1 was released as command, not query"])

    def test_several_at_once(self):
        found = self.event_change(required="[]", drop=("n", "note"))
        self.assertEqual(len(found), 3)


class Released(SchemaCase):
    def test_release_then_compare(self):
        root, _ = self.write({"demo/it-happened.v1.json": event(properties())})
        self.assertIn("nothing was released yet", self.run_tool("compat", root).stderr)
        self.assertEqual(self.run_tool("release", root).returncode, 0)
        first = (root / "released.json").read_text()
        self.assertEqual(self.run_tool("compat", root).stdout, f"{root}: keeps the 1 released messages\n")

        self.write({"demo/it-happened.v1.json": event(properties(drop=("n",)))})
        for verb in ("compat", "release"):
            result = self.run_tool(verb, root)
            self.assertEqual(result.returncode, 1)
            self.assertIn("it-happened.v1.json:1: koppel.demo.it-happened.v1: field n was removed", result.stderr)
        self.assertEqual((root / "released.json").read_text(), first)

        self.write({"demo/it-happened.v1.json": event(properties()), "demo/go.v1.json": command()})
        self.assertEqual(self.run_tool("release", root).returncode, 0)
        self.assertEqual(self.run_tool("compat", root).stdout, f"{root}: keeps the 2 released messages\n")

    def test_a_release_holds_all_there_is(self):
        root, _ = self.write({"demo/it-happened.v1.json": event(properties(drop=("n",)))})
        self.run_tool("release", root)
        self.assertEqual(self.run_tool("complete", root).stdout, f"{root}: all is released\n")
        self.write({"demo/it-happened.v1.json": event(properties()), "demo/go.v1.json": command()})
        self.assertEqual(self.run_tool("compat", root).returncode, 0)
        result = self.run_tool("complete", root)
        self.assertEqual(result.returncode, 1)
        self.assertEqual([line.split(":1: ")[1] for line in result.stderr.splitlines()],
                         ["koppel.demo.go.v1 is not among what was released", "koppel.demo.it-happened.v1 has grown since it was released"])

    def test_what_stands_in_the_changelog_as_released_is(self):
        """While its last chapter is Unreleased, messages may be added without being promised yet."""
        root = Path(__file__).resolve().parents[2]
        chapter = next(line for line in (root / "CHANGELOG.md").read_text().splitlines() if line.startswith("## "))
        result = self.run_tool("complete", root / "schemas")
        self.assertTrue(chapter == "## Unreleased" or result.returncode == 0,
                        f"{chapter}: run tools/schema/compile.py release schemas, and commit it\n{result.stderr}")

    def test_what_was_released_has_its_bytes(self):
        root = Path(__file__).resolve().parents[2]
        released = json.loads((root / "schemas/released.json").read_text())
        files = {path.relative_to(root / "tests/contract/golden").as_posix() for path in (root / "tests/contract/golden").glob("*/*")}
        self.assertGreater(len(released), 100)
        for name, was in released.items():
            _, service, stem = name.split(".", 2)
            for tail in ("", ".reply") if "reply" in was else ("",):
                for kind in ("json", "msgpack"):
                    self.assertIn(f"{service}/{stem}{tail}.{kind}", files, "run `make golden`, and commit what it writes")

    def test_two_folders(self):
        old, _ = self.write({"demo/it-happened.v1.json": event(properties())}, "old")
        new, _ = self.write({"demo/it-happened.v1.json": event(properties(drop=("n",)))}, "new")
        self.assertEqual(self.run_tool("compat", old, old).returncode, 0)
        self.assertEqual(self.run_tool("compat", old, new).returncode, 1)
        self.assertEqual(self.run_tool("compat", new, old).returncode, 0)

    def test_broken_digest(self):
        root, _ = self.write({"demo/it-happened.v1.json": event(""), "released.json": "{"})
        self.assertIn("released.json:1: is not JSON", self.run_tool("compat", root).stderr)


if __name__ == "__main__":
    unittest.main()
