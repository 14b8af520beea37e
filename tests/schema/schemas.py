"""A small set that has every kind of field, for the tests of what is made from it."""
from support import command, common, event

FILES = {
    "common.json": common("""\
"level": {"type": "string", "enum": ["none", "a1"], "description": "Language level"},
"place": {"type": "object", "description": "A place", "additionalProperties": false, "required": ["nis"],
  "properties": {
    "nis": {"type": "string", "maxLength": 5, "pattern": "^[0-9]{5}$", "x-wanted": "a NIS code of 5 digits", "examples": ["13011"], "description": "Municipality"},
    "lat_e4": {"type": "integer", "minimum": -900000, "maximum": 900000, "description": "Latitude", "x-unit": "1/10000 degree"}}}"""),
    "demo/common.json": common("""\
"reason": {"type": "string", "enum": ["moved", "goal-reached"], "description": "Why it ended"}"""),
    "demo/it-happened.v1.json": event("""\
"thing_id": {"type": "string", "format": "uuid", "description": "The thing"},
"reason": {"$ref": "common.json#/$defs/reason"},
"here": {"$ref": "../common.json#/$defs/place"},
"there": {"$ref": "../common.json#/$defs/place", "description": "Where it went | if anywhere"},
"level": {"$ref": "../common.json#/$defs/level"},
"count": {"type": "integer", "minimum": 0, "maximum": 200, "description": "How many"},
"share": {"type": "number", "minimum": 0, "maximum": 0.5, "description": "How much of it"},
"free": {"type": "number", "description": "Any number"},
"sure": {"type": "boolean", "description": "Whether it is sure"},
"note": {"type": "string", "minLength": 1, "maxLength": 40, "description": "A */ note", "examples": ["Wérk ??= \\"x\\""]},
"at": {"type": "string", "format": "date-time", "description": "When", "examples": ["2026-03-14T10:30:00.5+01:00"]},
"on_date": {"type": "string", "format": "date", "description": "The day"},
"tags": {"type": "array", "minItems": 0, "maxItems": 3, "uniqueItems": true, "description": "Tags",
  "items": {"type": "string", "minLength": 1, "maxLength": 9}},
"levels": {"type": "array", "minItems": 1, "maxItems": 2, "description": "Levels",
  "items": {"$ref": "../common.json#/$defs/level"}},
"parts": {"type": "array", "minItems": 0, "maxItems": 9, "description": "Parts", "items": {
  "type": "object", "additionalProperties": false, "required": ["kind"], "properties": {
    "kind": {"type": "string", "enum": ["big", "small"], "description": "Its kind"},
    "ids": {"type": "array", "minItems": 0, "maxItems": 2, "items": {"type": "string", "format": "uuid"}, "description": "Ids"}}}},
"extra": {"x-any": true, "description": "Anything"}""",
        '["thing_id", "reason", "here", "count"]', '"x-subject": "thing_id",'),
    "demo/end-it.v1.json": command(
        '"thing_id": {"type": "string", "format": "uuid", "description": "The thing"}',
        '"properties": {"n": {"type": "integer", "minimum": 1, "maximum": 9, "description": "How many"}}',
        extra='"x-said": ["it-happened"],'),
    "demo/end-it.v2.json": command(),
    "other-one/end-it.v1.json": command(),
    "registry/name-it.v1.json": command(
        '"name": {"type": "string", "minLength": 1, "maxLength": 9, "x-personal": true, "description": "Its name"}',
        kind="query"),
}
