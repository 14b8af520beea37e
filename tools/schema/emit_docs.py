"""Writes the reference page for people: every message, its fields, its limits, an example."""
import json

from examples import make_told
from model import ANY, BOOL, COMMAND, DATE, ENUM, EVENT, ID, INT, NUMBER, OBJECT, QUERY, TEXT, TIME

HEADINGS = {EVENT: "Events", COMMAND: "Commands", QUERY: "Queries"}
TYPE_NAMES = {BOOL: "yes or no", INT: "integer", NUMBER: "number", TEXT: "text", ID: "id", TIME: "time",
              DATE: "date", ENUM: "word", OBJECT: "object", ANY: "any value"}
INTRODUCTION = """\
# The messages of Koppel

Made from `schemas/`; change it there. Events are facts a service says; commands and queries are asked of it and
answered. An id is a UUID as text of 36 characters; a time is RFC 3339 text (`2026-03-14T09:30:00Z`); a date is
`2026-03-14`; limits of text are in characters. A field in a list or an object is shown below it, as `list[].field` or
`object.field`.
"""


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def span(low, high):
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return f"{low}" if low == high else f"{low} to {high}"


def limits(field):
    parts = []
    if field.kind in (INT, NUMBER):
        parts.append(span(field.minimum, field.maximum))
    if field.kind == TEXT:
        parts.append(span(field.min_length or None, field.max_length) + " characters")
    if field.pattern:
        parts.append(f"{field.wanted}: `{field.pattern}`")
    if field.words:
        parts.append(", ".join(f"`{word}`" for word in field.words.words))
    if field.array:
        parts.append(span(field.min_items or None, field.max_items) + " items")
        parts += ["all different"] if field.unique_items else []
    if field.personal:
        parts.append("personal data")
    return "; ".join(part for part in parts if part)


def rows(shape, prefix=""):
    lines = []
    for field in shape.fields:
        kind = ("list of " if field.array else "") + TYPE_NAMES[field.kind]
        cells = [f"`{prefix}{field.name}`", kind, "yes" if field.required else "", limits(field), field.unit,
                 field.description]
        lines.append("| " + " | ".join(cell(each) for each in cells) + " |")
        if field.shape:
            lines += rows(field.shape, f"{prefix}{field.name}{'[]' * field.array}.")
    return lines


def table(shape):
    if not shape.fields:
        return ["No fields: `{}`.", ""]
    return ["| field | type | required | limits | unit | meaning |", "|---|---|---|---|---|---|"] + rows(shape) + [""]


def example(shape):
    return ["```json", json.dumps(make_told(shape), indent=2, ensure_ascii=False), "```", ""]


def link(message):
    return f"[{message.name}](#{anchor(message)})"


def anchor(message):
    return f"{message.service}-{message.name}-v{message.version}"


def page_of(message, schemas):
    lines = [f'<a id="{anchor(message)}"></a>', "", f"#### {message.title}", "", f"`{message.type}`", "",
             message.description.strip(), ""]
    if message.subject:
        lines += [f"It is about `{message.subject}`.", ""]
    if message.said:
        events = {each.name: each for each in schemas.of(message.service, EVENT)}
        lines += ["Can lead to: " + ", ".join(link(events[name]) for name in message.said) + ".", ""]
    lines += table(message.shape)
    if message.shape.fields:
        lines += example(message.shape)
    if message.reply:
        lines += ["Reply:", ""] + table(message.reply)
        if message.reply.fields:
            lines += example(message.reply)
    return lines


def generate(schemas):
    lines = [INTRODUCTION]
    for service in schemas.services:
        lines.append(f"- **{service}**")
        lines += [f"  - {HEADINGS[kind]}: " + ", ".join(link(each) for each in schemas.of(service, kind))
                  for kind in HEADINGS if schemas.of(service, kind)]
    lines.append("")
    for service in schemas.services:
        lines += [f"## {service}", ""]
        for kind, heading in HEADINGS.items():
            if schemas.of(service, kind):
                lines += [f"### {heading} of {service}", ""]
            for message in schemas.of(service, kind):
                lines += page_of(message, schemas)
    return "\n".join(lines).rstrip() + "\n"
