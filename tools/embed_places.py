#!/usr/bin/env python3
"""Turns data/places.csv into C: which municipality a postcode lies in, and the names of the municipalities.

usage: embed_places.py PLACES.CSV OUT     writes OUT.h and OUT.c
"""
import csv
import pathlib
import sys

HEADER = """/* Generated from data/places.csv by tools/embed_places.py: the same rows as registry's tables. */
#pragma once

/* NIS code of the municipality that a postcode lies in, such as "13011"; NULL when there is no such postcode. */
const char *places_nis(const char *postcode);
/* "Herentals"; NULL for a code that is none. */
const char *places_name(const char *nis);
"""

CODE = """/* Generated from data/places.csv by tools/embed_places.py. */
#include "places.h"

#include <stdlib.h>
#include <string.h>

struct pair {
    const char *key, *value;
};

static const struct pair postcodes[] = {
%s
};
static const struct pair municipalities[] = {
%s
};

static int by_key(const void *key, const void *pair)
{
    return strcmp(key, ((const struct pair *)pair)->key);
}

static const char *find(const char *key, const struct pair *pairs, size_t n)
{
    const struct pair *found = bsearch(key, pairs, n, sizeof *pairs, by_key);
    return found != NULL ? found->value : NULL;
}

const char *places_nis(const char *postcode)
{
    return find(postcode, postcodes, sizeof postcodes / sizeof *postcodes);
}

const char *places_name(const char *nis)
{
    return find(nis, municipalities, sizeof municipalities / sizeof *municipalities);
}
"""


def rows(pairs):
    return "\n".join('    {"%s", "%s"},' % pair for pair in sorted(pairs))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        places = list(csv.DictReader(file))
    out = pathlib.Path(sys.argv[2])
    out.with_suffix(".h").write_text(HEADER)
    out.with_suffix(".c").write_text(CODE % (rows({(p["postcode"], p["nis"]) for p in places}),
                                             rows({(p["nis"], p["municipality"]) for p in places})))


if __name__ == "__main__":
    main()
