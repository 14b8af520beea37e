#!/usr/bin/env python3
"""Turns data/languages.txt into C: which codes of languages there are.

usage: embed_languages.py LANGUAGES.TXT OUT     writes OUT.h and OUT.c
"""
import pathlib
import sys
import textwrap

HEADER = """/* Generated from data/languages.txt by tools/embed_languages.py. */
#pragma once

#include <stddef.h>

/* All codes, in the order of strcmp. */
extern const char *const languages[];
extern const size_t languages_n;
"""

CODE = """/* Generated from data/languages.txt by tools/embed_languages.py. */
#include "languages.h"

const char *const languages[] = {
%s
};
const size_t languages_n = sizeof languages / sizeof *languages;
"""


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    codes = sorted(pathlib.Path(sys.argv[1]).read_text(encoding="ascii").split())
    out = pathlib.Path(sys.argv[2])
    rows = textwrap.fill(" ".join(f'"{code}",' for code in codes), 108, initial_indent="    ", subsequent_indent="    ")
    out.with_suffix(".h").write_text(HEADER)
    out.with_suffix(".c").write_text(CODE % rows)


if __name__ == "__main__":
    main()
