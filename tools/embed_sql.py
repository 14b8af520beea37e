#!/usr/bin/env python3
"""Turns a service's sql/*.sql and migrations/*.sql into C.

usage: embed_sql.py NAME FOLDER OUT     writes OUT.h and OUT.c

Each query file becomes `extern const struct bus_sql <name>_<file>`, listed in `<name>_sql`;
a query whose first line is `-- bulk` is marked so (see bus/db.h), and where it selects nothing but
`unnest($n::type[])` and constants, the same for one row stands beside it. The migrations, in order of their
four-digit number, become `<name>_migrations`.
"""
import hashlib
import pathlib
import re
import sys

# What a migration makes; relations of every kind share one space of names.
MAKES = r"^\s*CREATE (?:OR REPLACE |UNLOGGED |UNIQUE |MATERIALIZED )*(?:TABLE|VIEW|INDEX|SEQUENCE|TYPE|FUNCTION)(?: IF NOT EXISTS)? (\w+)"
LIBRARY = pathlib.Path(__file__).resolve().parent.parent / "libbus/store/migrations"


def c_string(text):
    lines = text.split("\n")
    out = []
    for line in lines:
        line = line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("??", "?\\?")
        out.append('    "%s\\n"' % line)
    return "\n".join(out)


def fail(message):
    sys.exit("embed_sql: " + message)


def strip_comments(text):
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("--")).strip()


def queries(folder):
    for path in sorted((folder / "sql").glob("*.sql")):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            fail(f"{path}: name it like a C identifier in lower case")
        text = path.read_text(encoding="utf-8")
        body = strip_comments(text)
        if not body:
            fail(f"{path}: is empty")
        params = max((int(n) for n in re.findall(r"\$(\d+)", body)), default=0)
        yield path.stem, body.rstrip(";"), params, text.startswith("-- bulk")


def for_one_row(body):
    """Without the arrays, or None where it does more with them than to take them apart."""
    if re.search(r"\bFROM\b", body):
        return None
    row, n = re.subn(r"\bunnest\((\$\d+::[a-z ]+[a-z])\[\]\)", r"\1", body)
    return row if n and "[]" not in row else None


def statement(name, body, params, more):
    return f'{{.name = "{name}", .params = {params}{more}, .text =\n{c_string(body)}}}'


def makes(text):
    return set(re.findall(MAKES, strip_comments(text), re.M | re.I))


def library_names():
    """What libbus makes in the schema of every service."""
    return {name for path in LIBRARY.glob("*.sql") for name in makes(path.read_text(encoding="utf-8"))}


def check_names(path, text):
    taken = library_names()
    for name in sorted(makes(text)):
        if name in taken or name.startswith("bus_"):
            fail(f"{path}: {name} is a name of libbus, which stands in the schema of every service: choose another")


def migrations(name, folder):
    expected = 1
    for path in sorted((folder / "migrations").glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)", path.stem)
        if not match:
            fail(f"{path}: name it NNNN_what_it_does.sql")
        if int(match[1]) != expected:
            fail(f"{path}: expected number {expected:04d}; numbers are gapless")
        expected += 1
        text = path.read_text(encoding="utf-8")
        if name != "bus":
            check_names(path, text)
        yield int(match[1]), path.stem, text, hashlib.sha256(text.encode()).hexdigest()


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    name, folder, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    if name.startswith("bus_"):
        fail(f"{name}: statements that begin with bus_ are libbus's own: call it otherwise")
    found = list(queries(folder))
    header = [f"/* Generated from {folder}/sql by tools/embed_sql.py. */", "#pragma once", '#include "bus/db.h"', ""]
    source = [f"/* Generated from {folder} by tools/embed_sql.py. */", f'#include "{out.name}.h"', ""]
    for stem, body, params, bulk in found:
        header.append(f"extern const struct bus_sql {name}_{stem};")
        more, row = ", .bulk = true" if bulk else "", for_one_row(body) if bulk else None
        if row:
            source.append(f"static const struct bus_sql {stem}_row = {statement(f'{name}_{stem} of one row', row, params, '')};")
            more += f", .row = &{stem}_row"
        source.append(f"const struct bus_sql {name}_{stem} = {statement(f'{name}_{stem}', body, params, more)};")
    header += ["", f"extern const struct bus_sql *const {name}_sql[]; /* all of them; NULL ends it */",
               f"extern const struct bus_migration {name}_migrations[]; /* number 0 ends it */"]
    source.append(f"const struct bus_sql *const {name}_sql[] = {{")
    source += [f"    &{name}_{stem}," for stem, *_ in found] + ["    NULL,", "};"]
    source.append(f"const struct bus_migration {name}_migrations[] = {{")
    for number, stem, text, digest in migrations(name, folder):
        source.append(f'    {{.number = {number}, .name = "{stem}", .sha256 = "{digest}", .text =\n{c_string(text)}}},')
    source += ["    {.number = 0},", "};"]
    out.with_suffix(".h").write_text("\n".join(header) + "\n", encoding="utf-8")
    out.with_suffix(".c").write_text("\n".join(source) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
