"""Reads JSON and keeps the line of every value and key, so that each fault can name its place.

The standard json module tells positions only for broken syntax, not for values that are merely wrong.
"""
import json
import re

SPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
WORDS = {"true": True, "false": False, "null": None}


class Broken(Exception):
    """The text is not JSON; `line` says where."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line
        self.text = text


class Node:
    """A JSON value with its line. Objects hold {key: Node}, arrays [Node]; `key_line` is the line of its key."""

    def __init__(self, value, line):
        self.value = value
        self.line = line
        self.key_line = line

    def plain(self):
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def get(self, key):
        """The node under `key`, or None; None too when this is no object."""
        return self.value.get(key) if isinstance(self.value, dict) else None


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def line(self):
        return self.text.count("\n", 0, self.at) + 1

    def fail(self, text):
        raise Broken(self.line(), text)

    def skip(self):
        self.at = SPACE.match(self.text, self.at).end()

    def peek(self):
        self.skip()
        return self.text[self.at:self.at + 1]

    def take(self, mark):
        if self.peek() != mark:
            self.fail(f"expected {mark!r} but found {self.peek()!r}" if self.peek() else f"ends before {mark!r}")
        self.at += 1

    def string(self):
        found = STRING.match(self.text, self.at)
        if not found:
            self.fail("a text in double quotes is expected here")
        try:
            value = json.loads(found[0])
        except ValueError:
            self.fail("this text holds an escape that JSON does not know")
        self.at = found.end()
        return value

    def value(self):
        mark = self.peek()
        line = self.line()
        if mark == "{":
            return self.object(line)
        if mark == "[":
            return self.array(line)
        if mark == '"':
            return Node(self.string(), line)
        found = NUMBER.match(self.text, self.at)
        if found:
            self.at = found.end()
            return Node(json.loads(found[0]), line)
        for word, value in WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return Node(value, line)
        self.fail("a value is expected here")

    def object(self, line):
        self.take("{")
        members = {}
        while self.peek() != "}":
            if members:
                self.take(",")
                self.skip()
            key_line = self.line()
            key = self.string()
            if key in members:
                raise Broken(key_line, f'"{key}" stands here twice')
            self.take(":")
            members[key] = self.value()
            members[key].key_line = key_line
        self.take("}")
        return Node(members, line)

    def array(self, line):
        self.take("[")
        items = []
        while self.peek() != "]":
            if items:
                self.take(",")
            items.append(self.value())
        self.take("]")
        return Node(items, line)


def read(text):
    """The Node of a whole JSON text; raises Broken."""
    reader = Reader(text)
    node = reader.value()
    if reader.peek():
        reader.fail("something follows after the end")
    return node
