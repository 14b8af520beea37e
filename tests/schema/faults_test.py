"""Every fault a schema can have is found, at its line, and all in one run."""
import unittest

from support import URI, SchemaCase, command, common, event

from fields import pattern_refusal


class FieldFaults(SchemaCase):
    def refused(self, properties, required="[]"):
        self.assert_faults({"demo/it-happened.v1.json": event(properties, required)})

    def test_names(self):
        self.refused('''"camelCase": {"type": "boolean", "description": "x"}, #! field "camelCase" must be in snake_case
"double": {"type": "boolean", "description": "x"}, #! "double" is a word of C; choose another name
"linux": {"type": "boolean", "description": "x"} #! "linux" is a word of C; choose another name''')

    def test_description(self):
        self.refused('''"a": {"type": "boolean"}, #! "a" needs a "description"
"b": {"type": "boolean", "description": " "}, #! "description" must be one line that says something
"c": {"type": "array", "minItems": 0, "maxItems": 2, "items": {"type": "boolean"}}, #! "c" needs a "description"
"d": {"type": "object", "description": "x", "additionalProperties": false, "properties": {
  "e": {"type": "boolean"}}} #! "e" needs a "description"''')

    def test_types(self):
        self.refused('''"a": {"description": "x"}, #! "a" needs a "type": one of string, integer, number, boolean, object, array
"b": {"type": "null", "description": "x"}, #! "b" needs a "type": one of string, integer, number, boolean, object, array
"c": {"type": ["string"], "description": "x"}, #! "type" must be one of string, integer, number, boolean, object, array
"d": true, #! "d" must be an object
"e": {"x-any": false, "description": "x"}, #! "x-any" must be true
"f": {"x-any": true, "type": "object", "description": "x"} #! "type" is not part of the subset for any''')

    def test_text(self):
        self.refused('''"a": {"type": "string", "description": "x"}, #! "a" needs "maxLength" #! "a" needs "minLength"
"b": {"type": "string", "minLength": 5, "maxLength": 2, "description": "x"}, #! "maxLength" is below "minLength"
"c": {"type": "string", "minLength": -1, "maxLength": 2, "description": "x"}, #! "minLength" must be at least 0
"d": {"type": "string", "minLength": 0, "maxLength": 0, "description": "x"}, #! "maxLength" must be at least 1
"e": {"type": "string", "minLength": 0, "maxLength": "9", "description": "x"}, #! "maxLength" must be a whole number
"f": {"type": "string", "format": "email", "description": "x"}, #! "format" must be one of uuid, date-time, date; for other text use "pattern"
"g": {"type": "string", "format": "uuid", "maxLength": 36, "description": "x"}, #! "maxLength" is not part of the subset for id
"i": {"type": "string", "minLength": 0, "maxLength": 9, "x-rule": "colour", "description": "x"}, #! "x-rule" must be one of language, interest, postcode, national-number, enterprise-number, partner, mail, phone, line
"h": {"type": "string", "minLength": 0, "maxLength": 70000, "description": "x"} #! "h" may have at most 65536 characters''')

    def test_patterns(self):
        self.refused("""\
"a": {"type": "string", "maxLength": 9, "description": "x", "examples": ["1"],
  "pattern": "[0-9]"}, #! "pattern" must begin with ^ and end with $
"b": {"type": "string", "maxLength": 9, "description": "x", "pattern": "^[0-9]$", "x-wanted": "a digit"}, #! "b" has a pattern, so it needs "examples"
"c": {"type": "string", "maxLength": 9, "description": "x", "pattern": "^[0-9]$", "x-wanted": "a digit",
  "examples": ["1",
  "22", #! this example of "c" must match ^[0-9]$
  "1234567890", #! this example of "c" must have 0 to 9 characters
  3]}, #! this example of "c" must be text
"d": {"type": "string", "maxLength": 9, "description": "x", "pattern": "^[0-9]$", "x-wanted": "a digit",
  "examples": []}, #! "examples" must be a list with at least one value
"e": {"type": "string", "maxLength": 9, "description": "x", "pattern": "^[0-9]$", "examples": ["1"]}, #! "e" has a pattern, so it needs "x-wanted": what it must be, in words
"f": {"type": "string", "minLength": 1, "maxLength": 9, "description": "x",
  "x-wanted": "a digit"}, #! "x-wanted" goes with a "pattern"
"g": {"type": "boolean", "description": "x"}""")

    def test_which_patterns(self):
        apart = "uses what POSIX and ECMA expressions do not have in common"
        for pattern, why in (
                ("^[0-9]{4}$", None), ("^(a|b)+\\.x?$", None), ("^[a|b]$", None), ("^a{2,}$", None),
                ("^[^/]*$", None), ("[0-9]$", "must begin with ^ and end with $"),
                ("^x\\$", "must begin with ^ and end with $"), ("^\\d$", apart), ("^(?:a)$", apart),
                ("^a+?$", apart), ("^[[:digit:]]$", apart), ("^[\\]]$", apart), ("^é$", apart),
                ("^a{,2}$", apart), ("^a{x}$", apart), ("^a\\1$", apart),
                ("^a|b$", "has | outside a group, so ^ and $ would not hold for all of it")):
            with self.subTest(pattern):
                self.assertEqual(pattern_refusal(pattern), why)
        self.assertIn("is not a regular expression", pattern_refusal("^(a$"))

    def test_numbers(self):
        self.refused("""\
"a": {"type": "integer", "maximum": 2, "description": "x"}, #! "a" needs "minimum"
"b": {"type": "integer", "minimum": 3, "maximum": 3, "description": "x"}, #! "maximum" must be above "minimum"
"c": {"type": "integer", "minimum": 0.5, "maximum": 2, "description": "x"}, #! "minimum" must be a whole number
"d": {"type": "integer", "minimum": 0, "maximum": 9223372036854775808, "description": "x"}, #! "maximum" must fit 64 bits
"e": {"type": "number", "minimum": "0", "description": "x"}, #! "minimum" must be a number
"f": {"type": "number", "exclusiveMinimum": 0, "description": "x"}, #! "exclusiveMinimum" is not part of the subset for number
"g": {"type": "number", "maximum": 1e999, "description": "x"} #! "maximum" must fit a double""")

    def test_words(self):
        self.refused("""\
"a": {"type": "string", "enum": [], "description": "x"}, #! "enum" must be a list of words
"b": {"type": "string", "enum": ["x",
  "Y", #! a word of an enum is made of a-z, 0-9 and single dashes
  "x"], "description": "x"}, #! "x" stands in the enum twice
"c": {"type": "string", "enum": ["none", "unset"], "description": "x"} #! "none" and "unset" cannot stand in one enum""")

    def test_lists(self):
        self.refused("""\
"a": {"type": "array", "minItems": 0, "maxItems": 2, "description": "x"}, #! "a" needs "items"
"b": {"type": "array", "items": {"type": "boolean"}, "description": "x"}, #! "b" needs "minItems" #! "b" needs "maxItems"
"c": {"type": "array", "minItems": 3, "maxItems": 2, "description": "x", #! "maxItems" is below "minItems"
  "items": {"type": "boolean"}},
"d": {"type": "array", "minItems": 0, "maxItems": 2, "description": "x",
  "items": {"type": "array", "minItems": 0, "maxItems": 2, "items": {"type": "boolean"}}}, #! "d" is a list of lists; put an object between them
"e": {"type": "array", "minItems": 0, "maxItems": 2, "description": "x", "items": {"x-any": true},
  "uniqueItems": true}, #! "uniqueItems" is for plain values only
"f": {"type": "array", "minItems": 0, "maxItems": 5000, "description": "x", "items": {"type": "boolean"}} #! "f" may have at most 4096 items""")

    def test_examples_that_cannot_be_made(self):
        self.refused("""\
"a": {"type": "array", "minItems": 3, "maxItems": 3, "uniqueItems": true, "items": {"type": "boolean"}, #! "a" needs "examples": one could not be made, since it must not repeat an item
  "description": "x"}""")

    def test_objects(self):
        self.refused("""\
"a": {"type": "object", "description": "x", "properties": {}}, #! "additionalProperties" must be false
"b": {"type": "object", "description": "x", "additionalProperties": false}, #! "properties" must be an object
"c": {"type": "object", "description": "x", "additionalProperties": true, "properties": {}}, #! "additionalProperties" must be false
"d": {"type": "object", "description": "x", "additionalProperties": false, "properties": {},
  "required": "e"}, #! "required" must be a list of field names
"e": {"type": "object", "description": "x", "additionalProperties": false,
  "properties": {"f": {"type": "boolean", "description": "x"}}, "required": ["f",
  "g", #! "required" names 'g', which is no field
  "f"]} #! "f" stands in "required" twice""")

    def test_members_of_the_struct_that_meet(self):
        self.refused("""\
"a": {"type": "boolean", "description": "x"},
"has_a": {"type": "boolean", "description": "x"} #! the C name "has_a" is also made by demo/it-happened.v1.json:8""")

    def test_too_deep(self):
        inner = '{"type": "boolean", "description": "x"}'
        for _ in range(8):
            inner = ('{"type": "object", "description": "x", "additionalProperties": false, "properties": '
                     '{"a": ' + inner + "}}")
        self.assert_faults({"demo/it-happened.v1.json": event('"a": ' + inner).replace(
            "{\n", "{ #! nests more than 8 deep\n", 1)})

    def test_personal_data(self):
        text = '"minLength": 1, "maxLength": 9, "description": "x", "x-personal": true'
        name = f'"a": {{"type": "string", {text}}}'
        self.assertEqual(len(self.sound({
            "registry/name-it.v1.json": command(name, f'"properties": {{{name}}}')}).messages), 1)
        only = "only commands and queries of registry may"
        self.assert_faults({
            "demo/it-happened.v1.json": event(
                f'{name} #! "a" is personal data, which koppel.demo.it-happened.v1 may not hold: {only}'),
            "registry/it-happened.v1.json": event(
                f'{name} #! "a" is personal data, which koppel.registry.it-happened.v1 may not hold: {only}'),
            "registry/name-it.v1.json": command(
                f'{name} #! "a" is personal data, so it cannot be required', required='["a"]')})


class MessageFaults(SchemaCase):
    def test_heads(self):
        self.assert_faults({
            "demo/a.v1.json": "{ #! needs a \"title\" #! needs a \"description\" #! \"x-kind\" must be one of event, command, query\n"
                              '"$schema": "http://json-schema.org/draft-07/schema#", '
                              f'#! "$schema" must be "{URI}"\n"oneOf": [] #! "oneOf" is not part of the subset for a message\n}}',
            "demo/b.v1.json": event("").replace('"type": "object"', '"type": "string"').replace(
                '"required": [],', '"required": [], #! the "type" of a message must be "object"'),
            "demo/c.v1.json": event("").replace('happened",', 'happened\\nthen", #! "title" must be one line that says something'),
        })

    def test_replies(self):
        without = command().split('\n  },\n  "x-reply"')[0] + "}}"
        self.assert_faults({
            "demo/a.v1.json": without.replace("{\n", '{ #! a command needs "x-reply", an object schema\n', 1),
            "demo/b.v1.json": event("").replace('"properties": {', '"x-reply": {}, #! an event has no reply\n"properties": {'),
            "demo/c.v1.json": command(reply='\n"properties": {"a": {"type": "boolean"}} #! "a" needs a "description"\n'),
            "demo/d.v1.json": command(reply='\n"x-kind": "event", #! "x-kind" is not part of the subset for a reply\n"properties": {}'),
        })

    def test_subject_and_said(self):
        flag = '"a": {"type": "boolean", "description": "x"}'
        wants = '"x-subject" must name a field that is a uuid or text'
        self.assert_faults({
            "demo/a-happened.v1.json": event(flag, extra=f'"x-subject": "a", #! {wants}'),
            "demo/b-happened.v1.json": event(flag, extra=f'"x-subject": "b", #! {wants}'),
            "demo/c-happened.v1.json": event(flag, extra='"x-said": [], #! "x-said" is for commands'),
            "demo/d.v1.json": command(extra='"x-subject": "a", #! "x-subject" is for events'),
            "demo/e.v1.json": command(extra='"x-said": ["a-happened",\n"d", #! "x-said" names \'d\', which is no event of demo\n'
                                            '"nothing"], #! "x-said" names \'nothing\', which is no event of demo'),
            "demo/f.v1.json": command(extra='"x-said": "a-happened", #! "x-said" must be a list of event names'),
        })

    def test_files(self):
        self.assert_faults({
            "demo/Wrong.v1.json": "{} #! name the file <name>.v<N>.json, in kebab-case",
            "demo/wrong.json": "{} #! name the file <name>.v<N>.json, in kebab-case",
            "demo/array.v1.json": "[] #! must hold one object",
            "demo/broken.v1.json": '{\n"a" 1} #! expected \':\' but found \'1\'',
        })
        root, _ = self.write({"bus/it-happened.v1.json": event("")}, "other")
        self.assertIn("a folder is named after its service", self.run_tool("check", root).stderr)
        self.assertIn("is not a folder", self.run_tool("check", root / "nowhere").stderr)

    def test_names_that_meet(self):
        met = 'is also made by demo/go.v1.json:10'
        self.assert_faults({
            "demo/go.v1.json": command(),
            "demo/go-reply.v1.json": event("").replace(
                "{\n", f'{{ #! the C name "demo_go_reply" {met} #! the C name "demo_go_reply_shape" {met}\n', 1)})

    def test_an_enum_and_a_struct_of_one_name(self):
        self.assert_faults({
            "demo/go.v1.json": event("""\
"x": {"type": "string", "description": "x",
  "enum": ["a"] #! the C name "demo_go_x" is also made by demo/go-x.v1.json:1
}"""),
            "demo/go-x.v1.json": event("")})


class ReferenceFaults(SchemaCase):
    def test_refs(self):
        self.assert_faults({
            "common.json": common("""\
"ok": {"type": "boolean", "description": "x"},
"loop": {"$ref": "#/$defs/again", "description": "x"},
"again": {"type": "object", "description": "x", "additionalProperties": false, "properties": {
  "loop": {"$ref": "#/$defs/loop"}}}, #! "#/$defs/loop" leads back to itself
"Bad": {"type": "boolean", "description": "x"}, #! definition "Bad" must be in snake_case
"silent": {"type": "boolean"} #! "silent" needs a "description\""""),
            "demo/common.json": common('"mine": {"$ref": "../common.json#/$defs/ok"}'),
            "demo/it-happened.v1.json": event("""\
"a": {"$ref": "common.json#/$defs/mine"},
"b": {"$ref": "common.json#/$defs/ok"}, #! "common.json#/$defs/ok" is not defined
"c": {"$ref": "#/$defs/mine"}, #! "#/$defs/mine": refer to "common.json#/$defs/…" or "../common.json#/$defs/…"
"d": {"$ref": "../other/common.json#/$defs/ok"}, #! "../other/common.json#/$defs/ok": refer to "common.json#/$defs/…" or "../common.json#/$defs/…"
"e": {"$ref": "../common.json#/$defs/ok", "type": "boolean"}, #! "type" is not part of the subset for a $ref
"f": {"$ref": 3}""" + ' #! "$ref" must be text')})

    def test_common_files(self):
        self.assert_faults({
            "common.json": f'{{ #! needs a "title" #! "$defs" must be an object\n"$schema": "{URI}"}}',
            "demo/common.json": common("").replace('"title": "Shared",', '"title": "", #! "title" must be one line that says something')
                                          .replace('"$defs"', '"type": "object", #! "type" is not part of the subset for a common file\n"$defs"'),
            "demo/it-happened.v1.json": event("")})


class Tool(SchemaCase):
    def test_every_verb_refuses_unsound_schemas(self):
        root, _ = self.write({"demo/it-happened.v1.json": event('"a": {"type": "boolean"}'), "demo/b.v1.json": "{"})
        for verb, *rest in (("check",), ("c", "out"), ("docs", "out"), ("asyncapi", "out"), ("golden", "out"),
                            ("release",), ("compat",)):
            with self.subTest(verb):
                result = self.run_tool(verb, root, *(self.folder / each for each in rest))
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stderr.count("\n"), 2)
                self.assertIn("it-happened.v1.json:8: ", result.stderr)
                self.assertFalse((self.folder / "out").exists())

    def test_wrong_usage(self):
        for arguments in ((), ("dance",), ("check",), ("c", "x"), ("check", "a", "b")):
            result = self.run_tool(*arguments)
            self.assertEqual(result.returncode, 2)
            self.assertIn("usage:", result.stderr)


if __name__ == "__main__":
    unittest.main()
