#!/usr/bin/env python3
"""Derives data/languages.txt from the tables of ISO 639 that Debian's iso-codes has.

usage: languages.py [ISO_CODES_JSON_FOLDER]     default /usr/share/iso-codes/json
"""
import json
import pathlib
import sys
import textwrap

OUT = pathlib.Path(__file__).resolve().parents[1] / "data/languages.txt"
ALIVE_OR_MADE = "LC"


def table(folder, part):
    return json.loads((folder / f"iso_{part}.json").read_text(encoding="utf-8"))[part]


def codes(folder):
    every = {one["alpha_3"]: one for one in table(folder, "639-3")}
    for one in every.values():
        if one["scope"] != "S" and one["type"] in ALIVE_OR_MADE or "alpha_2" in one:
            yield one.get("alpha_2", one["alpha_3"])
    for one in table(folder, "639-2"):  # what libraries know too: groups, such as ber, and arc for all of Aramaic
        code = one["alpha_3"]
        if "alpha_2" not in one and len(code) == 3 and every.get(code, {}).get("scope") != "S":
            yield code


def main():
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) == 2 else "/usr/share/iso-codes/json")
    OUT.write_text(textwrap.fill(" ".join(sorted(set(codes(folder)), key=lambda code: (len(code), code))), 110) + "\n")


if __name__ == "__main__":
    main()
