"""Writes what `koppel call NAME --help` prints, as C: what a command or a query takes, an example, what it answers."""
import json
import shlex
import textwrap

from emit_c import literal
from emit_docs import TYPE_NAMES, limits
from examples import make_told
from model import COMMAND, QUERY

WIDTH = 110

HEADER = """\
/* Generated from schemas by tools/schema: what people are told of a command or a query. */
#pragma once

#include "bus/codec.h"

/* Lines; NULL for an event. */
const char *schema_help(const struct bus_type *type);
"""

SOURCE = """\
/* Generated from schemas by tools/schema. */
#include "help.h"

#include <string.h>

static const struct help {
    const char *type, *text;
} helps[] = {
%s};

const char *schema_help(const struct bus_type *type)
{
    for (size_t i = 0; i < sizeof helps / sizeof *helps; i++)
        if (strcmp(helps[i].type, type->type) == 0)
            return helps[i].text;
    return NULL;
}
"""


def wrap(text, first="", rest=""):
    return textwrap.wrap(" ".join(text.split()).replace("`", ""), WIDTH, initial_indent=first, subsequent_indent=rest,
                         break_on_hyphens=False, break_long_words=False)


def rows(shape, prefix=""):
    lines = []
    for field in shape.fields:
        name = f"{prefix}{field.name}"
        kind = ("list of " if field.array else "") + TYPE_NAMES[field.kind] + (", required" if field.required else "")
        told = "; ".join(part for part in (limits(field), field.unit) if part)
        lines += wrap(f"{name} ({kind}): {field.description}" + (f" ({told})" if told else ""), "  ", "      ")
        if field.shape:
            lines += rows(field.shape, f"{name}{'[]' * field.array}.")
    return lines


def page(message, called):
    lines = [f"koppel call {called} '{{…}}'", f"    {message.title} ({message.kind} of {message.service})", ""]
    lines += wrap(message.description) + ["", "It takes:" if message.shape.fields else "It takes nothing."]
    lines += rows(message.shape)
    if message.shape.fields:
        example = {name: value for name, value in make_told(message.shape).items() if name != "cursor"}  # the first page
        asked = json.dumps(example, ensure_ascii=False)
        lines += ["", "For example:", f"  koppel call {called} {shlex.quote(asked)}"]
    lines += ["", "It answers:" if message.reply.fields else "It answers with nothing."] + rows(message.reply)
    return "\n".join(lines) + "\n"


def generate(schemas):
    """{file name: text}"""
    asked = [message for message in schemas.messages if message.kind in (COMMAND, QUERY)]
    services = {}
    for message in asked:
        services.setdefault((message.kind, message.name), set()).add(message.service)
    texts = "".join(
        f"    {{{literal(message.type)},\n     {literal(page(message, called))}}},\n"
        for message in sorted(asked, key=lambda message: message.type)
        for called in [message.name if len(services[message.kind, message.name]) == 1 else f"{message.service}/{message.name}"])
    return {"help.h": HEADER, "help.c": SOURCE % texts}
