"""Writes the C of a Set: for each service a header and a source, `common`, and `all` with the look-up."""
import json

from model import (ANY, BOOL, COMMAND, DATE, ENUM, EVENT, ID, INT, NUMBER, OBJECT, QUERY, TEXT, TIME, c_name)
from names import constant, has_flag, zero

C_TYPE = {BOOL: "bool ", INT: "int64_t ", NUMBER: "double ", TEXT: "const char *", ID: "struct bus_id ",
          TIME: "int64_t ", DATE: "const char *", ANY: "struct bus_bytes "}
ITEM_TYPE = {BOOL: "const bool *", INT: "const int64_t *", NUMBER: "const double *", TEXT: "const char *const *",
             ID: "const struct bus_id *", TIME: "const int64_t *", DATE: "const char *const *",
             ENUM: "const int *", ANY: "const struct bus_bytes *"}
TYPE_KIND = {EVENT: "BUS_TYPE_EVENT", COMMAND: "BUS_TYPE_COMMAND", QUERY: "BUS_TYPE_QUERY"}
WIDTH = 108


def literal(text):
    """A C string: JSON's escapes are C's, but for the trigraphs and characters beyond ASCII, kept as UTF-8."""
    return json.dumps(text, ensure_ascii=False).replace("??", "?\\?").replace("\x7f", "\\177")


def remark(text):
    """Words of a schema made safe inside a C comment."""
    return " ".join(text.split()).replace("*/", "* /").replace("/*", "/ *")


def integer(value):
    return "INT64_MIN" if value == -(2**63) else f"INT64_C({value})"


def number(value):
    """A double that reads back as itself."""
    text = repr(float(value))
    return text if any(mark in text for mark in ".en") else text + ".0"


# ---- headers

def declare_words(words):
    lines = [f"enum {words.name} {{", f"    {zero(words)} = 0,"]
    lines += [f"    {constant(words, word)} = {i}," for i, word in enumerate(words.words, 1)]
    return lines + ["};", f"extern const char *const {words.name}_words[]; /* of value 1, 2, …; NULL ends it */", ""]


def declare_field(field):
    before, after = [], []
    if field.array:
        of = f"const struct {field.shape.name} *" if field.kind == OBJECT else ITEM_TYPE[field.kind]
        value = f"{of}{field.name};"
        after = [f"    size_t {field.name}_n;"]
    elif field.kind == OBJECT:
        value = f"struct {field.shape.name} {field.name};" if field.required else \
            f"const struct {field.shape.name} *{field.name};"
    elif field.kind == ENUM:
        value = f"enum {field.words.name} {field.name};"
    else:
        value = f"{C_TYPE[field.kind]}{field.name};"
    if has_flag(field):
        before = [f"    bool has_{field.name};"]
    note = remark(field.description) + (f" ({remark(field.unit)})" if field.unit else "")
    line = f"    {value} /* {note} */"
    if len(line) > WIDTH:
        before, line = [f"    /* {note} */"] + before, f"    {value}"
    return before + [line] + after


def declare_shape(shape):
    lines = [f"struct {shape.name} {{"]
    for field in shape.fields:
        lines += declare_field(field)
    if not shape.fields:
        lines.append("    char nothing; /* C wants a member */")
    return lines + ["};", f"extern const struct bus_shape {shape.name}_shape;", ""]


def declare_message(message):
    name = message.c_name
    return [f"/* {message.type}: {remark(message.title)} */",
            f"extern const struct bus_type {name}_type;",
            f"enum bus_status on_{name}(struct bus_context *ctx, const struct {name} *message);", ""]


def header(schemas, home):
    lines = [f"/* Generated from schemas/{'common.json' if home == 'common' else home} by tools/schema. */",
             "#pragma once", "", '#include "bus/codec.h"']
    if home != "common":
        lines += ['#include "common.h"', "", "struct bus_context;"]
    lines.append("")
    for words in schemas.words:
        lines += declare_words(words) if words.home == home else []
    for shape in schemas.shapes:
        lines += declare_shape(shape) if shape.home == home else []
    if home != "common":
        for message in schemas.of(home):
            lines += declare_message(message)
        lines.append(f"extern const struct bus_type *const {c_name(home)}_types[]; /* all of them; NULL ends it */")
    return lines


# ---- sources

def wanted(field):
    """What follows `must be` where something else was sent."""
    return f"{field.wanted}, such as {field.model}"


def define_field(field, shape):
    owner = f"struct {shape.name}"
    parts = [f".name = {literal(field.name)}", f".kind = BUS_KIND_{field.kind.upper()}"]
    parts += [f".{flag} = true" for flag in ("required", "array", "personal", "unique_items") if getattr(field, flag)]
    parts.append(f".offset = offsetof({owner}, {field.name})")
    parts.append(".has_offset = " + (f"offsetof({owner}, has_{field.name})" if has_flag(field) else "BUS_NO_OFFSET"))
    parts.append(".n_offset = " + (f"offsetof({owner}, {field.name}_n)" if field.array else "BUS_NO_OFFSET"))
    if field.kind == INT:
        parts += [f".min = {integer(field.minimum)}", f".max = {integer(field.maximum)}"]
    if field.kind == NUMBER:
        parts.append(".min_number = " + ("-DBL_MAX" if field.minimum is None else number(field.minimum)))
        parts.append(".max_number = " + ("DBL_MAX" if field.maximum is None else number(field.maximum)))
    if field.kind == TEXT:
        parts += [f".min_length = {field.min_length}", f".max_length = {field.max_length}"]
        if field.pattern:
            parts += [f".pattern = {literal(field.pattern)}", f".wanted = {literal(wanted(field))}"]
        if field.rule:
            parts.append(f".rule = {literal(field.rule)}")
    if field.array:
        parts += [f".min_items = {field.min_items}", f".max_items = {field.max_items}"]
    if field.kind == ENUM:
        parts.append(f".words = {field.words.name}_words")
    if field.kind == OBJECT:
        parts.append(f".shape = &{field.shape.name}_shape")
    return wrap("    {", parts, "},")


def wrap(start, parts, end):
    lines, line = [], start
    for i, part in enumerate(parts):
        piece = part + (end if i == len(parts) - 1 else ",")
        if len(line) + len(piece) > WIDTH:
            lines.append(line.rstrip())
            line = " " * len(start)
        line += piece + " "
    return lines + [line.rstrip()]


def define_shape(shape):
    name = shape.name
    lines = []
    if shape.fields:
        lines.append(f"static const struct bus_field {name}_fields[] = {{")
        for field in shape.fields:
            lines += define_field(field, shape)
        lines.append("};")
    fields = f"{name}_fields" if shape.fields else "NULL"
    lines += wrap(f"const struct bus_shape {name}_shape = {{",
                  [f".name = {literal(name)}", f".size = sizeof(struct {name})", f".fields = {fields}",
                   f".fields_n = {len(shape.fields)}"], "};")
    return lines + [""]


def define_message(message):
    name = message.c_name
    reply = f"&{name}_reply_shape" if message.reply else "NULL"
    return [f"static enum bus_status {name}_call(bus_any_fn *handle, struct bus_context *ctx, const void *message)",
            "{", f"    return ((__typeof__(&on_{name}))handle)(ctx, message);", "}"] + wrap(f"const struct bus_type {message.c_name}_type = {{",
                [f".type = {literal(message.type)}", f".service = {literal(message.service)}",
                 f".name = {literal(message.name)}", f".version = {message.version}",
                 f".kind = {TYPE_KIND[message.kind]}", f".shape = &{message.c_name}_shape", f".reply = {reply}",
                 f".title = {literal(message.title)}", f".call = {name}_call"], "};")


def source(schemas, home):
    lines = [f"/* Generated from schemas/{'common.json' if home == 'common' else home} by tools/schema. */",
             f'#include "{home}.h"', "", "#include <float.h>", ""]
    own_words = [words for words in schemas.words if words.home == home]
    for words in own_words:
        lines += [f"_Static_assert(sizeof(enum {words.name}) == sizeof(int), \"codec.h reads enums as int\");"]
        lines += wrap(f"const char *const {words.name}_words[] = {{",
                      [literal(word) for word in words.words] + ["NULL"], "};") + [""]
    for shape in schemas.shapes:
        lines += define_shape(shape) if shape.home == home else []
    if home != "common":
        for message in schemas.of(home):
            lines += define_message(message)
        lines += ["", f"const struct bus_type *const {c_name(home)}_types[] = {{"]
        lines += [f"    &{message.c_name}_type," for message in schemas.of(home)] + ["    NULL,", "};"]
    return lines


# ---- all: the look-up over every service

ALL_HEADER = """\
/* Generated from schemas by tools/schema: every message there is, and the look-up by name. */
#pragma once

#include "bus/codec.h"
%s
extern const struct bus_type *const schema_types[]; /* all of them, sorted by type; NULL ends it */

/* The type called "koppel.matching.duo-stopped.v1", or NULL. */
const struct bus_type *schema_find(const char *type);
/* The type of that kind that people call "matching/stop-duo", "stop-duo", or either with a version: "stop-duo.v1".
 * Without a version: the newest. NULL when there is none, or when "stop-duo" alone could mean two services'. */
const struct bus_type *schema_find_name(const char *name, enum bus_type_kind kind);
"""

ALL_SOURCE = """\
/* Generated from schemas by tools/schema. */
#include "all.h"

#include <stdio.h>
#include <string.h>

const struct bus_type *const schema_types[] = {
%s    NULL,
};
#define TYPES_N (sizeof schema_types / sizeof *schema_types - 1)

const struct bus_type *schema_find(const char *type)
{
    size_t low = 0;
    size_t high = TYPES_N;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(type, schema_types[middle]->type);
        if (order == 0)
            return schema_types[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Whether `type` is called `name`: [service/]name[.vN]. */
static bool is_called(const struct bus_type *type, const char *name)
{
    size_t service_size = strlen(type->service);
    if (strncmp(name, type->service, service_size) == 0 && name[service_size] == '/')
        name += service_size + 1;
    size_t name_size = strlen(type->name);
    if (strncmp(name, type->name, name_size) != 0)
        return false;
    char version[16];
    snprintf(version, sizeof version, ".v%%d", type->version);
    return name[name_size] == '\\0' || strcmp(name + name_size, version) == 0;
}

const struct bus_type *schema_find_name(const char *name, enum bus_type_kind kind)
{
    const struct bus_type *found = NULL;
    for (size_t i = 0; i < TYPES_N; i++) {
        const struct bus_type *type = schema_types[i];
        if (type->kind != kind || !is_called(type, name))
            continue;
        if (found && strcmp(found->service, type->service) != 0)
            return NULL;
        if (!found || type->version > found->version)
            found = type;
    }
    return found;
}
"""


def generate(schemas):
    """{file name: text} of all that is made."""
    files = {}
    for home in ["common"] + schemas.services:
        files[home + ".h"] = "\n".join(header(schemas, home)).rstrip() + "\n"
        files[home + ".c"] = "\n".join(source(schemas, home)).rstrip() + "\n"
    includes = "".join(f'#include "{service}.h"\n' for service in schemas.services)
    by_type = sorted(schemas.messages, key=lambda message: message.type)
    rows = "".join(f"    &{message.c_name}_type,\n" for message in by_type)
    files["all.h"] = ALL_HEADER % includes
    files["all.c"] = ALL_SOURCE % rows
    return files
