#!/usr/bin/env python3
"""Turns a folder of static files into C: what a web server needs to serve them as they are.

usage: embed_files.py FOLDER OUT [NAME=FILE]...     writes OUT.h and OUT.c: the folder's files, and others by a name
"""
import hashlib
import pathlib
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}

HEADER = """/* Generated from %s by tools/embed_files.py. */
#pragma once
#include <stddef.h>

struct file {
    const char *name; /* "index.html" */
    const char *type; /* media type */
    const char *etag; /* with its quotes; changes with the content */
    const char *content;
    size_t size;
};

const struct file *file_find(const char *name); /* or NULL */
"""

FIND = """
const struct file *file_find(const char *name)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}
"""


def c_lines(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("??", "?\\?").replace("\r", "\\r")
    return "\n".join('     "%s\\n"' % line for line in escaped.removesuffix("\n").split("\n"))


def row(name, path):
    if path.suffix not in TYPES:
        sys.exit(f"embed_files: {path}: no media type is known for {path.suffix}; there are {' '.join(TYPES)}")
    text = path.read_bytes().decode()  # with the ends of lines that it has
    if not text.endswith("\n"):
        sys.exit(f"embed_files: {path}: its last line must end")
    etag = hashlib.sha256(text.encode()).hexdigest()[:16]
    return '    {"%s", "%s", "\\"%s\\"",\n%s,\n     %d},' % (name, TYPES[path.suffix], etag, c_lines(text),
                                                           len(text.encode()))


def main():
    if len(sys.argv) < 3 or not all("=" in other for other in sys.argv[3:]):
        sys.exit(__doc__)
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    files = {path.name: path for path in folder.iterdir()}
    files.update((name, pathlib.Path(path)) for name, path in (other.split("=", 1) for other in sys.argv[3:]))
    rows = "\n".join(row(name, path) for name, path in sorted(files.items()))
    out.with_suffix(".h").write_text(HEADER % folder, encoding="utf-8")
    out.with_suffix(".c").write_text(
        f'/* Generated from {folder} by tools/embed_files.py. */\n#include "{out.name}.h"\n\n#include <string.h>\n\n'
        f"static const struct file all[] = {{\n{rows}\n}};\n{FIND}", encoding="utf-8")


if __name__ == "__main__":
    main()
