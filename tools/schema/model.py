"""What the schemas say, once read and found sound: messages, objects, fields, words. Shared by all outputs."""
from dataclasses import dataclass, field
from typing import Optional

SCHEMA_URI = "https://json-schema.org/draft/2020-12/schema"
EVENT, COMMAND, QUERY = "event", "command", "query"
KINDS = (EVENT, COMMAND, QUERY)
# Kinds of value; each has one BUS_KIND_… in codec.h.
BOOL, INT, NUMBER, TEXT, ID, TIME, DATE, ENUM, OBJECT, ANY = (
    "bool", "int", "number", "text", "id", "time", "date", "enum", "object", "any")


@dataclass
class Words:
    """A word list: one C enum."""
    name: str  # "matching_stop_reason"
    words: list
    home: str  # the service whose header holds it, or "common"
    place: tuple  # (file, line)


@dataclass
class Field:
    """A field, or the item of a list."""
    name: str
    kind: str
    place: tuple
    required: bool = False
    array: bool = False
    personal: bool = False
    title: str = ""
    description: str = ""
    unit: str = ""
    examples: list = field(default_factory=list)
    minimum: Optional[float] = None
    maximum: Optional[float] = None
    min_length: int = 0
    max_length: int = 0
    min_items: int = 0
    max_items: int = 0
    unique_items: bool = False
    pattern: str = ""
    wanted: str = ""  # what the pattern asks, in words: "a postcode of 4 digits"
    rule: str = ""  # what doors check of it besides: "postcode"
    model: str = ""  # a text as the pattern asks it
    words: Optional[Words] = None
    shape: Optional["Shape"] = None


@dataclass
class Shape:
    """An object: one C struct."""
    name: str  # "matching_duo_stopped"
    fields: list
    home: str
    place: tuple
    shared: bool = False  # a definition, or a part of one: made once


@dataclass
class Message:
    service: str
    name: str  # "duo-stopped"
    version: int
    kind: str
    title: str
    description: str
    shape: Shape
    reply: Optional[Shape]
    subject: str
    said: list
    path: str
    place: tuple

    @property
    def type(self):
        return f"koppel.{self.service}.{self.name}.v{self.version}"

    @property
    def c_name(self):
        suffix = "" if self.version == 1 else f"_v{self.version}"
        return c_name(self.service) + "_" + c_name(self.name) + suffix

    @property
    def stem(self):
        return f"{self.name}.v{self.version}"


@dataclass
class Set:
    """All schemas of a folder."""
    services: list
    messages: list  # by service, name, version
    shapes: list  # every struct, each after those it holds
    words: list  # every enum

    def of(self, service, kind=None):
        return [m for m in self.messages if m.service == service and kind in (None, m.kind)]

    def find(self, type_name):
        return next((m for m in self.messages if m.type == type_name), None)


class Faults:
    """Collects everything that is wrong, so that one run tells it all."""

    def __init__(self):
        self.found = []

    def add(self, place, text):
        if (place, text) not in self.found:
            self.found.append((place, text))

    def lines(self):
        return [f"{path}:{line}: {text}" for (path, line), text in sorted(self.found)]


def c_name(name):
    return name.replace("-", "_")


def deepest(shape):
    """How many containers stand within each other, the message itself included."""
    depth = 1
    for each in shape.fields:
        inner = deepest(each.shape) if each.shape else 0
        depth = max(depth, 1 + inner + (1 if each.array else 0))
    return depth
