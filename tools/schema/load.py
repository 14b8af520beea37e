"""Reads a folder of schemas into a Set, collecting the faults of all files."""
import re
from pathlib import Path

from examples import make_field, refusal
from fields import C_WORDS, FIELD_NAME, OBJECT_KEYS, FieldReader
from model import COMMAND, EVENT, ID, KINDS, SCHEMA_URI, TEXT, Faults, Message, Set, c_name, deepest
from names import check_names
from reader import Broken, read

SERVICE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
FILE = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.v([1-9][0-9]?)\.json")
REF = re.compile(r"(#|common\.json#|\.\./common\.json#)/\$defs/(.+)")
MESSAGE_KEYS = OBJECT_KEYS | {"$schema", "title", "description", "x-kind", "x-reply", "x-subject", "x-said"}
COMMON_KEYS = {"$schema", "title", "description", "$defs"}
NOT_SERVICES = {"bus", "common", "all", "schema"} | C_WORDS
PERSONAL_SERVICE = "registry"  # the one service that may hold personal data
DEPTH = 8
TEXT_MAX, ITEMS_MAX = 65536, 4096  # of a message: it travels in one frame of 64 KiB
REPLY_TEXT_MAX, REPLY_ITEMS_MAX = 4194304, 262144


class Loader:
    def __init__(self, root):
        self.root = Path(root)
        self.faults = Faults()
        self.commons = {}  # home → (path, {name: Node})
        self.definitions = {}  # (home, name) → Field, or None while it is being read or is faulty
        self.reading = set()

    def load(self):
        if not self.root.is_dir():
            self.faults.add((str(self.root), 1), "is not a folder")
            return Set([], [], [], [])
        folders = sorted(path for path in self.root.iterdir() if path.is_dir())
        for home, path in [("common", self.root)] + [(each.name, each) for each in folders]:
            self.open_common(home, path / "common.json")
        messages, services = [], []
        for folder in folders:
            files = sorted(path for path in folder.iterdir() if path.suffix == ".json")
            if not files:
                continue
            if not SERVICE.fullmatch(folder.name) or folder.name in NOT_SERVICES:
                self.faults.add((str(folder), 1), "a folder is named after its service, in kebab-case")
                continue
            services.append(folder.name)
            messages += [self.message(path, folder.name) for path in files if path.name != "common.json"]
        messages = sorted((m for m in messages if m), key=lambda m: (m.service, m.name, m.version))
        self.all_definitions()
        result = Set(services, messages, *self.parts(messages))
        for each in messages:
            self.check_message(each, result)
        check_names(result, self.faults)
        if not self.faults.found:
            for each in messages:
                self.check_examples(each)
        return result

    # ---- files

    def open(self, path):
        try:
            node = read(path.read_text(encoding="utf-8"))
        except Broken as error:
            self.faults.add((str(path), error.line), error.text)
            return None
        except UnicodeDecodeError:
            self.faults.add((str(path), 1), "is not UTF-8")
            return None
        if not isinstance(node.value, dict):
            self.faults.add((str(path), 1), "must hold one object")
            return None
        return node

    def head(self, reader, node, keys, what):
        """What every file begins with; gives its title and description."""
        reader.unknown(node, keys, what)
        uri = node.get("$schema")
        if uri is None or uri.value != SCHEMA_URI:
            reader.fault(uri or node, f'"$schema" must be "{SCHEMA_URI}"')
        if node.get("title") is None:
            reader.fault(node, 'needs a "title"')
        return reader.line_of_text(node, "title"), reader.line_of_text(node, "description")

    def reader(self, path, home, shared):
        def resolve(ref, place):
            return self.resolve(ref, place, home, shared)

        return FieldReader(str(path), home, shared, self.faults, resolve)

    def open_common(self, home, path):
        node = self.open(path) if path.is_file() else None
        if node is None:
            return
        reader = self.reader(path, home, True)
        self.head(reader, node, COMMON_KEYS, "a common file")
        found = node.get("$defs")
        if found is None or not isinstance(found.value, dict):
            return reader.fault(found or node, '"$defs" must be an object')
        self.commons[home] = (path, found.value)

    def message(self, path, service):
        named = FILE.fullmatch(path.name)
        if not named:
            self.faults.add((str(path), 1), "name the file <name>.v<N>.json, in kebab-case")
            return None
        node = self.open(path)
        if node is None:
            return None
        reader = self.reader(path, service, False)
        title, description = self.head(reader, node, MESSAGE_KEYS, "a message")
        if not description and not node.get("description"):
            reader.fault(node, 'needs a "description"')
        kind = node.get("x-kind")
        if kind is None or kind.value not in KINDS:
            return reader.fault(kind or node, f'"x-kind" must be one of {", ".join(KINDS)}')
        self.want_object(reader, node, "a message")
        result = Message(service, named[1], int(named[2]), kind.value, title, description, None, None, "", [],
                         str(path), (str(path), 1))
        result.shape = reader.shape(node, result.c_name)
        result.reply = self.reply(reader, node, result)
        self.extras(reader, node, result)
        return result

    def want_object(self, reader, node, what):
        found = node.get("type")
        if found is None or found.value != "object":
            reader.fault(found or node, f'the "type" of {what} must be "object"')

    def reply(self, reader, node, message):
        reply = node.get("x-reply")
        if message.kind == EVENT:
            return reader.fault(reply, "an event has no reply") if reply else None
        if reply is None or not isinstance(reply.value, dict):
            return reader.fault(reply or node, f'a {message.kind} needs "x-reply", an object schema')
        reader.unknown(reply, OBJECT_KEYS | {"title", "description"}, "a reply")
        self.want_object(reader, reply, "a reply")
        return reader.shape(reply, message.c_name + "_reply")

    def extras(self, reader, node, message):
        subject, said = node.get("x-subject"), node.get("x-said")
        if subject and message.kind != EVENT:
            reader.fault(subject, '"x-subject" is for events')
        elif subject:
            field = next((each for each in message.shape.fields if each.name == subject.value), None)
            if field is None or field.array or field.kind not in (ID, TEXT):
                reader.fault(subject, '"x-subject" must name a field that is a uuid or text')
            message.subject = field.name if field else ""
        if said and message.kind != COMMAND:
            reader.fault(said, '"x-said" is for commands')
        elif said and not isinstance(said.value, list):
            reader.fault(said, '"x-said" must be a list of event names')
        elif said:
            message.said = [(each.value, each.line) for each in said.value]

    # ---- definitions

    def resolve(self, ref, place, home, in_common):
        match = REF.fullmatch(ref)
        if not match or (match[1] == "#" and not in_common) or (match[1].startswith("..") and home == "common"):
            self.faults.add(place, f'"{ref}": refer to "common.json#/$defs/…" or "../common.json#/$defs/…"')
            return None
        target = "common" if match[1].startswith("..") else home
        if match[2] not in self.commons.get(target, (None, {}))[1]:
            self.faults.add(place, f'"{ref}" is not defined')
            return None
        if (target, match[2]) in self.reading:
            self.faults.add(place, f'"{ref}" leads back to itself')
            return None
        return self.definition(target, match[2])

    def definition(self, home, name):
        key = (home, name)
        if key not in self.definitions:
            self.reading.add(key)
            path, nodes = self.commons[home]
            reader = self.reader(path, home, True)
            self.definitions[key] = reader.described(nodes[name], reader.field(
                nodes[name], name, f"{c_name(home)}_{name}"))
            self.reading.discard(key)
        return self.definitions[key]

    def all_definitions(self):
        for home, (path, nodes) in self.commons.items():
            for name, node in nodes.items():
                if not FIELD_NAME.fullmatch(name):
                    self.faults.add((str(path), node.key_line), f'definition "{name}" must be in snake_case')
                self.definition(home, name)

    def parts(self, messages):
        """Every struct and enum once, each struct after those it holds."""
        shapes, words = {}, {}

        def walk_field(field):
            if field.words:
                words.setdefault(id(field.words), field.words)
            if field.shape:
                walk(field.shape)

        def walk(shape):
            for field in shape.fields:
                walk_field(field)
            shapes.setdefault(id(shape), shape)

        for field in self.definitions.values():
            if field:
                walk_field(field)
        for message in messages:
            walk(message.shape)
            if message.reply:
                walk(message.reply)
        return list(shapes.values()), list(words.values())

    # ---- what concerns a message as a whole

    def check_message(self, message, result):
        events = {each.name for each in result.of(message.service, EVENT)}
        for name, line in message.said:
            if name not in events:
                self.faults.add((message.path, line),
                                f'"x-said" names {name!r}, which is no event of {message.service}')
        message.said = [name for name, _ in message.said]
        may_be_personal = message.service == PERSONAL_SERVICE and message.kind != EVENT
        self.check_shape(message.shape, message, may_be_personal, TEXT_MAX, ITEMS_MAX)
        if message.reply:
            self.check_shape(message.reply, message, may_be_personal, REPLY_TEXT_MAX, REPLY_ITEMS_MAX)
        for shape in filter(None, (message.shape, message.reply)):
            if deepest(shape) > DEPTH:
                self.faults.add(shape.place, f"nests more than {DEPTH} deep")

    def check_examples(self, message):
        """Every field must have an example that satisfies it: ours, or one the schema gives."""
        for shape, field in ((s, f) for s in (message.shape, message.reply) if s for f in s.fields):
            why = refusal(field, make_field(field, f"{shape.name}/{field.name}"))
            if why:
                self.faults.add(field.place, f'"{field.name}" needs "examples": one could not be made, since it {why}')

    def check_shape(self, shape, message, may_be_personal, text_max, items_max):
        for field in shape.fields:
            if field.personal and not may_be_personal:
                self.faults.add(field.place, f'"{field.name}" is personal data, which {message.type} may not hold: '
                                f"only commands and queries of {PERSONAL_SERVICE} may")
            if field.kind == TEXT and field.max_length > text_max:
                self.faults.add(field.place, f'"{field.name}" may have at most {text_max} characters')
            if field.array and field.max_items > items_max:
                self.faults.add(field.place, f'"{field.name}" may have at most {items_max} items')
            if field.shape:
                self.check_shape(field.shape, message, may_be_personal, text_max, items_max)


def load(root):
    """The Set of a folder, and its Faults; the Set is sound only when no fault was found."""
    loader = Loader(root)
    return loader.load(), loader.faults
