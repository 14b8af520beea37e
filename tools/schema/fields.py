"""Turns one property of a schema into a Field, and tells everything that is wrong with it."""
import re

from examples import refusal
from model import ANY, BOOL, DATE, ENUM, ID, INT, NUMBER, OBJECT, TEXT, TIME, Field, Shape, Words

FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NOT_PORTABLE = re.compile(r"\\[a-zA-Z0-9]|\(\?|[*+?}][?+]|[^ -~]|\{(?!\d+(,\d*)?\})|\[\[|\[[^\]]*\\")
FORMATS = {"uuid": ID, "date-time": TIME, "date": DATE}
RULES = ("language", "interest", "postcode", "national-number", "enterprise-number", "partner", "mail", "phone", "line")  # those of libfacts/facts.c
FIELDS_MAX = 256  # what the decoder keeps track of
INT64 = (-(2**63), 2**63 - 1)
# Words of C, and names that gcc's gnu17 or our headers define as macros.
C_WORDS = frozenset(
    "auto break case char const continue default do double else enum extern float for goto if inline int long"
    " register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while"
    " asm typeof bool true false linux unix".split())

ALWAYS = {"title", "description", "x-personal", "x-unit", "examples"}
OBJECT_KEYS = {"type", "properties", "required", "additionalProperties"}
KEYS = {
    TEXT: {"type", "minLength", "maxLength", "pattern", "x-wanted", "x-rule"},
    ID: {"type", "format"},
    TIME: {"type", "format"},
    DATE: {"type", "format"},
    ENUM: {"type", "enum"},
    INT: {"type", "minimum", "maximum"},
    NUMBER: {"type", "minimum", "maximum"},
    BOOL: {"type"},
    OBJECT: OBJECT_KEYS,
    ANY: {"x-any"},
    "array": {"type", "items", "minItems", "maxItems", "uniqueItems"},
}
TYPES = {"string": TEXT, "integer": INT, "number": NUMBER, "boolean": BOOL, "object": OBJECT, "array": "array"}


class FieldReader:
    """Reads the fields of one file. `resolve(ref, place)` gives the Field of a definition, or None."""

    def __init__(self, path, home, shared, faults, resolve):
        self.path = path
        self.home = home
        self.shared = shared
        self.faults = faults
        self.resolve = resolve

    # ---- small helpers

    def fault(self, node, text):
        self.faults.add((self.path, node.line), text)

    def keyword(self, node, key, kind, what):
        """The value of a keyword when it is of the Python type `kind`; faults otherwise. None when absent."""
        found = node.get(key)
        if found is None:
            return None
        if type(found.value) is not kind:
            self.faults.add((self.path, found.key_line), f'"{key}" must be {what}')
            return None
        return found.value

    def line_of_text(self, node, key):
        text = self.keyword(node, key, str, "text") or ""
        if node.get(key) and (not text.strip() or "\n" in text and key != "description"):
            self.fault(node.get(key), f'"{key}" must be one line that says something')
        return text

    def count(self, node, key, name, least=0):
        """A required integer, at least `least`."""
        if node.get(key) is None:
            self.fault(node, f'"{name}" needs "{key}"')
            return least
        value = self.keyword(node, key, int, "a whole number")
        if value is not None and value < least:
            self.fault(node.get(key), f'"{key}" must be at least {least}')
        return least if value is None else max(value, least)

    def unknown(self, node, allowed, what):
        for key, each in node.value.items():
            if key not in allowed:
                self.faults.add((self.path, each.key_line), f'"{key}" is not part of the subset for {what}')

    # ---- a field

    def field(self, node, name, c_name, required=False):
        """The Field of a property (or definition, or item), or None when its kind is not clear."""
        if not isinstance(node.value, dict):
            return self.fault(node, f'"{name}" must be an object')
        result = self.reference(node, name) if node.get("$ref") else self.own(node, name, c_name)
        if result is None:
            return None
        result.name = name
        result.place = (self.path, node.key_line)
        result.required = required
        result.title = self.line_of_text(node, "title") or result.title
        result.description = self.line_of_text(node, "description") or result.description
        result.unit = self.line_of_text(node, "x-unit") or result.unit
        result.personal = bool(self.keyword(node, "x-personal", bool, "true or false")) or result.personal
        if result.personal and required:
            self.fault(node, f'"{name}" is personal data, so it cannot be required')
        self.examples(node, result)
        return result

    def described(self, node, result):
        if result and not result.description:
            self.faults.add((self.path, node.key_line), f'"{result.name}" needs a "description"')
        return result

    def examples(self, node, field):
        listed = node.get("examples")
        if listed is None:
            return
        if not isinstance(listed.value, list) or not listed.value:
            return self.fault(listed, '"examples" must be a list with at least one value')
        field.examples = [each.plain() for each in listed.value]
        if field.pattern:
            field.model = str(field.examples[0])
        for each in listed.value:
            why = refusal(field, each.plain())
            if why:
                self.fault(each, f'this example of "{field.name}" {why}')

    def reference(self, node, name):
        self.unknown(node, ALWAYS | {"$ref"}, "a $ref")
        ref = self.keyword(node, "$ref", str, "text")
        found = self.resolve(ref, (self.path, node.get("$ref").key_line)) if ref else None
        return Field(**vars(found)) if found else None

    def own(self, node, name, c_name):
        kind = self.kind(node, name)
        if kind is None:
            return None
        self.unknown(node, ALWAYS | KEYS[kind], "a list" if kind == "array" else f"{kind}")
        if kind == "array":
            return self.list(node, name, c_name)
        result = Field(name=name, kind=kind, place=(self.path, node.key_line))
        if kind == TEXT:
            self.text(node, result)
        elif kind in (INT, NUMBER):
            self.limits(node, result)
        elif kind == ENUM:
            result.words = self.words(node.get("enum"), c_name)
        elif kind == OBJECT:
            result.shape = self.shape(node, c_name)
        return result

    def kind(self, node, name):
        if node.get("x-any"):
            if node.get("x-any").value is not True:
                self.fault(node.get("x-any"), '"x-any" must be true')
            return ANY
        word = self.keyword(node, "type", str, "one of " + ", ".join(TYPES))
        if word is None and node.get("type"):
            return None
        if word not in TYPES:
            self.fault(node.get("type") or node, f'"{name}" needs a "type": one of {", ".join(TYPES)}')
            return None
        if word == "string" and node.get("enum"):
            return ENUM
        if word == "string" and node.get("format"):
            form = node.get("format")
            if not isinstance(form.value, str) or form.value not in FORMATS:
                self.fault(form, f'"format" must be one of {", ".join(FORMATS)}; for other text use "pattern"')
                return None
            return FORMATS[form.value]
        return TYPES[word]

    # ---- each kind

    def text(self, node, field):
        field.max_length = self.count(node, "maxLength", field.name, 1)
        pattern = self.keyword(node, "pattern", str, "text")
        field.rule = self.keyword(node, "x-rule", str, "text") or ""
        if field.rule and field.rule not in RULES:
            self.fault(node.get("x-rule"), f'"x-rule" must be one of {", ".join(RULES)}')
        if pattern is None or node.get("minLength"):
            field.min_length = self.count(node, "minLength", field.name)
        if node.get("maxLength") and field.min_length > field.max_length:
            self.fault(node.get("maxLength"), '"maxLength" is below "minLength"')
        if pattern is None:
            if node.get("x-wanted"):
                self.fault(node.get("x-wanted"), '"x-wanted" goes with a "pattern"')
            return
        why = pattern_refusal(pattern)
        if why:
            return self.fault(node.get("pattern"), f'"pattern" {why}')
        field.pattern = pattern
        if not node.get("examples"):
            self.fault(node, f'"{field.name}" has a pattern, so it needs "examples"')
        field.wanted = self.line_of_text(node, "x-wanted")
        if not field.wanted:
            self.fault(node, f'"{field.name}" has a pattern, so it needs "x-wanted": what it must be, in words')

    def limits(self, node, field):
        for key in ("minimum", "maximum"):
            value = node.get(key)
            if value is None:
                if field.kind == INT:
                    self.fault(node, f'"{field.name}" needs "{key}"')
            elif type(value.value) not in ((int,) if field.kind == INT else (int, float)):
                self.fault(value, f'"{key}" must be a {"whole " if field.kind == INT else ""}number')
            elif field.kind == INT and not INT64[0] <= value.value <= INT64[1]:
                self.fault(value, f'"{key}" must fit 64 bits')
            elif abs(value.value) > 1.7e308:
                self.fault(value, f'"{key}" must fit a double')
            else:
                setattr(field, key, value.value)
        if None not in (field.minimum, field.maximum) and field.minimum >= field.maximum:
            self.fault(node.get("maximum"), '"maximum" must be above "minimum"')

    def words(self, node, c_name):
        words = []
        if not isinstance(node.value, list) or not node.value:
            self.fault(node, '"enum" must be a list of words')
            return Words(c_name, ["other"], self.home, (self.path, node.line))
        for each in node.value:
            if not isinstance(each.value, str) or not WORD.fullmatch(each.value):
                self.fault(each, "a word of an enum is made of a-z, 0-9 and single dashes")
            elif each.value in words:
                self.fault(each, f'"{each.value}" stands in the enum twice')
            elif each.value == "unset" and any(other.value == "none" for other in node.value):
                self.fault(each, '"none" and "unset" cannot stand in one enum')
            else:
                words.append(each.value)
        return Words(c_name, words, self.home, (self.path, node.key_line))

    def list(self, node, name, c_name):
        items = node.get("items")
        if items is None:
            return self.fault(node, f'"{name}" needs "items"')
        result = self.field(items, name, c_name)
        if result is None:
            return None
        if result.array:
            return self.fault(items, f'"{name}" is a list of lists; put an object between them')
        result.array = True
        result.min_items = self.count(node, "minItems", name)
        result.max_items = self.count(node, "maxItems", name, 1)
        if node.get("maxItems") and result.min_items > result.max_items:
            self.fault(node.get("maxItems"), '"maxItems" is below "minItems"')
        result.unique_items = bool(self.keyword(node, "uniqueItems", bool, "true or false"))
        if result.unique_items and result.kind in (OBJECT, ANY):
            self.fault(node.get("uniqueItems"), '"uniqueItems" is for plain values only')
        n = max(result.min_items, 1)
        result.examples = [result.examples[:n]] if len(result.examples) >= n else []
        return result

    def shape(self, node, c_name):
        """The Shape of an object; also of a message and of a reply."""
        closed = node.get("additionalProperties")
        if closed is None or closed.value is not False:
            self.fault(closed or node, '"additionalProperties" must be false')
        properties = node.get("properties")
        result = Shape(c_name, [], self.home, (self.path, node.key_line), self.shared)
        if properties is None or not isinstance(properties.value, dict):
            self.fault(properties or node, '"properties" must be an object')
            return result
        if len(properties.value) > FIELDS_MAX:
            self.fault(properties, f"an object has at most {FIELDS_MAX} fields")
        required = self.required(node, properties)
        for name, each in properties.value.items():
            if not FIELD_NAME.fullmatch(name):
                self.faults.add((self.path, each.key_line), f'field "{name}" must be in snake_case')
            elif name in C_WORDS:
                self.faults.add((self.path, each.key_line), f'"{name}" is a word of C; choose another name')
            else:
                field = self.described(each, self.field(each, name, f"{c_name}_{name}", name in required))
                if field:
                    result.fields.append(field)
        return result

    def required(self, node, properties):
        names = self.keyword(node, "required", list, "a list of field names") or []
        found = set()
        for each in names:
            if not isinstance(each.value, str) or each.value not in properties.value:
                self.fault(each, f'"required" names {each.plain()!r}, which is no field')
            elif each.value in found:
                self.fault(each, f'"{each.value}" stands in "required" twice')
            else:
                found.add(each.value)
        return found


def pattern_refusal(pattern):
    """Why a pattern is not one that POSIX and ECMA read alike, or None."""
    if not pattern.startswith("^") or not pattern.endswith("$") or pattern.endswith("\\$"):
        return "must begin with ^ and end with $"
    if NOT_PORTABLE.search(pattern):
        return "uses what POSIX and ECMA expressions do not have in common"
    try:
        re.compile(pattern)
    except re.error as error:
        return f"is not a regular expression: {error}"
    depth = 0
    bare = re.sub(r"\\.|\[[^\]]*\]", "x", pattern)
    for mark in bare:
        depth += (mark == "(") - (mark == ")")
        if mark == "|" and depth == 0:
            return "has | outside a group, so ^ and $ would not hold for all of it"
    return None
