#!/usr/bin/env python3
"""The schema compiler of Koppel: what the messages are, made into code and pages. See schemas/README.md.

usage: compile.py check SCHEMAS              every fault, with file and line
       compile.py c SCHEMAS OUT              C structs and tables, into the folder OUT
       compile.py docs SCHEMAS OUT.md        the reference page for people
       compile.py asyncapi SCHEMAS OUT.json  the AsyncAPI 3.0 document
       compile.py openapi SCHEMAS GATEWAY OUT.json  the OpenAPI 3.1 document, of the paths in the folder GATEWAY
       compile.py compat [OLD] SCHEMAS       whether SCHEMAS keeps what OLD, or SCHEMAS/released.json, promised
       compile.py release SCHEMAS            rewrites SCHEMAS/released.json
       compile.py complete SCHEMAS           whether SCHEMAS/released.json holds all that SCHEMAS does
       compile.py golden SCHEMAS OUT         examples and their bytes, for messages that have none yet
"""
import json
import sys
from pathlib import Path

import compat
import emit_asyncapi
import emit_c
import emit_docs
import emit_help
import emit_openapi
import golden
from load import load


def refuse(lines):
    for line in lines:
        print(line, file=sys.stderr)
    sys.exit(1)


def sound(root):
    """The Set of a folder; ends the program with the faults when there are any."""
    schemas, faults = load(root)
    if faults.found:
        refuse(faults.lines())
    return schemas


def write(path, text):
    """Leaves a file alone that already says this, so that nothing is built again for nothing."""
    path = Path(path)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def do_check(root):
    schemas = sound(root)
    print(f"{root}: {len(schemas.messages)} messages of {len(schemas.services)} services are sound")


def do_c(root, out):
    schemas = sound(root)
    for name, text in {**emit_c.generate(schemas), **emit_help.generate(schemas)}.items():
        write(Path(out) / name, text)


def do_docs(root, out):
    write(out, emit_docs.generate(sound(root)))


def do_asyncapi(root, out):
    write(out, json.dumps(emit_asyncapi.generate(sound(root)), indent=2, ensure_ascii=False) + "\n")


def do_openapi(root, gateway, out):
    write(out, json.dumps(emit_openapi.generate(sound(root), gateway), indent=1, ensure_ascii=False) + "\n")


def old_digest(root):
    path = Path(root) / "released.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        refuse([f"{path}:1: nothing was released yet; `compile.py release {root}` makes it"])
    except ValueError as error:
        refuse([f"{path}:1: is not JSON: {error}"])


def do_compat(*roots):
    schemas = sound(roots[-1])
    old = compat.digest(sound(roots[0])) if len(roots) == 2 else old_digest(roots[0])
    breaks = compat.breaks(old, schemas, roots[-1])
    if breaks:
        refuse(breaks)
    print(f"{roots[-1]}: keeps the {len(old)} released messages")


def do_release(root):
    schemas = sound(root)
    path = Path(root) / "released.json"
    if path.exists():
        breaks = compat.breaks(old_digest(root), schemas, root)
        if breaks:
            refuse(breaks)
    write(path, json.dumps(compat.digest(schemas), indent=1, sort_keys=True) + "\n")


def do_complete(root):
    missing = compat.missing(old_digest(root), sound(root))
    if missing:
        refuse(missing)
    print(f"{root}: all is released")


def do_golden(root, out):
    for path in golden.add(sound(root), Path(out)):
        print(path)


VERBS = {"check": (do_check, 1, 1), "c": (do_c, 2, 2), "docs": (do_docs, 2, 2), "asyncapi": (do_asyncapi, 2, 2),
         "openapi": (do_openapi, 3, 3),
         "compat": (do_compat, 1, 2), "release": (do_release, 1, 1),
         "complete": (do_complete, 1, 1), "golden": (do_golden, 2, 2)}


def main(arguments):
    verb, *rest = arguments or [""]
    run, least, most = VERBS.get(verb, (None, 0, 0))
    if run is None or not least <= len(rest) <= most:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    run(*rest)


if __name__ == "__main__":
    main(sys.argv[1:])
