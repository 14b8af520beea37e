#!/usr/bin/env python3
"""Proves the dependency law from the symbols of the object files.

usage: check_layers.py BUILD

libbus: base ← wire ← {flow, net, store} ← app ← services. ZeroMQ only in net, libpq only in store, and flow, base and
wire know neither. A service uses the public functions of libbus and its own; never another service's.
"""
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOREIGN = {
    "ZeroMQ": (re.compile(r"^(zmq_|zsock_|zmsg_|zframe_|zpoller_|zactor_|zauth|zcert|zsys_|zconfig_|zstr_|zloop_)"), {"libbus/net"}),
    "libpq": (re.compile(r"^PQ[a-z]"), {"libbus/store", "cli/stack"}),
    "libmicrohttpd": (re.compile(r"^MHD_"), {"libbus/app", "services/gateway"}),
    "libcurl": (re.compile(r"^curl_"), {"services/notifications", "cli/stack"}),
    "libxlsxwriter": (re.compile(r"^(lxw_|workbook_|worksheet_)"), {"services/reporting"}),
}
MAY_USE = {
    "libbus/base": set(),
    "libbus/wire": {"libbus/base"},
    "libbus/flow": {"libbus/base"},
    "libbus/net": {"libbus/base", "libbus/wire"},
    "libbus/store": {"libbus/base", "libbus/wire"},
    "libbus/app": {"libbus/base", "libbus/wire", "libbus/flow", "libbus/net", "libbus/store"},
    "libmatch": set(),
    "libprivacy": {"libbus/base"},
    "libfacts": {"libbus/base"},
    "libdays": {"libbus/base"},
}
DOMAIN_WORDS = re.compile(r"\b(koppel|coordinator|vdab|ocmw|duo|duos|newcomer|volunteer|municipality|partnership_id|buddy|inburger\w*)\b", re.I)


def folder_of(path):
    parts = path.parts
    if parts[0] in ("libbus", "services", "examples", "cli") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def symbols(build):
    defined, used = collections.defaultdict(set), collections.defaultdict(set)
    for path in sorted((build / "obj").rglob("*.o")):
        relative = path.relative_to(build / "obj")
        if relative.parts[0] in ("tests", "gen"):
            continue
        folder = folder_of(relative)
        for line in subprocess.run(["nm", str(path)], check=True, capture_output=True, text=True).stdout.splitlines():
            kind, name = line.split()[-2:]
            if kind in "TDBRV":
                defined[name].add(folder)
            elif kind == "U":
                used[folder].add(name)
    return defined, used


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1])
    defined, used = symbols(build)
    if not defined:
        sys.exit(f"check_layers: no object files under {build}/obj; build first")
    faults = []
    for folder, names in sorted(used.items()):
        for name in sorted(names):
            for library, (pattern, homes) in FOREIGN.items():
                if pattern.match(name) and folder not in homes and not defined.get(name):
                    faults.append(f"{folder} uses {name}: {library} belongs in {', '.join(sorted(homes))}")
            homes = defined.get(name, set())
            if not homes or folder in homes:
                continue
            if folder in MAY_USE and not homes & MAY_USE[folder]:
                faults.append(f"{folder} uses {name} of {', '.join(sorted(homes))}")
            if all(home.startswith("services/") for home in homes):
                faults.append(f"{folder} uses {name} of {', '.join(sorted(homes))}: services know each other by messages alone")
    for path in sorted((ROOT / "libbus").rglob("*.[ch]")):
        if path.name == "header.h":
            continue  # the wire's header names partnership and nis: attributes that only the services give a meaning
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if DOMAIN_WORDS.search(line):
                faults.append(f"{path.relative_to(ROOT)}:{number}: a word of the domain in libbus: {line.strip()}")
    for path in sorted((ROOT / "services").rglob("*.[ch]")):
        service = path.relative_to(ROOT).parts[1]
        for line in path.read_text(encoding="utf-8").splitlines():
            match = re.match(r'#include "(net|store|flow|app)/', line)
            if match:
                faults.append(f"{path.relative_to(ROOT)}: includes {match[1]}/: services include bus/ only")
    print("\n".join(faults) if faults else f"layers: {len(defined)} symbols of {len(set().union(*defined.values()))} folders keep the law")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
