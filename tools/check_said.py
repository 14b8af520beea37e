#!/usr/bin/env python3
"""Proves from the symbols of the object files that what the schemas promise is there: some code of a service says each of its
events, each command and query is in its table and so is every handler that it has, and what a command's `x-said` names can be
said by what its handler reaches.

usage: check_said.py BUILD

An object file uses `<service>_<fact>_type` where it says that fact. What a handler reaches is told by file: those that define
what its own uses, and so on. So it is no proof that an event is said, and surely one that it is not.
"""
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools/schema"))
from load import load  # noqa: E402
from model import EVENT  # noqa: E402

ROW = re.compile(r"BUS_ON\((\w+)")


class Service:
    """The objects of a service, by file: what each defines and uses, and the messages in its table."""

    def __init__(self, build, name):
        self.name, self.home, self.uses = name, {}, collections.defaultdict(set)
        for path in sorted((build / "obj/services" / name).glob("*.o")):
            for line in subprocess.run(["nm", path], check=True, capture_output=True, text=True).stdout.splitlines():
                kind, symbol = line.split()[-2:]
                if kind in "TDBR":
                    self.home[symbol] = path.stem
                elif kind == "U":
                    self.uses[path.stem].add(symbol)
        self.rows = set(ROW.findall((ROOT / "services" / name / "main.c").read_text(encoding="utf-8")))

    def uses_anywhere(self, symbol):
        return any(symbol in used for used in self.uses.values())

    def reach(self, function):
        """The symbols that are used in the function's file and in those that it leads to."""
        seen, ahead = set(), {self.home.get(function)} - {None}
        while ahead:
            file = ahead.pop()
            seen.add(file)
            ahead |= {self.home[symbol] for symbol in self.uses[file] if symbol in self.home} - seen
        return set().union(*(self.uses[file] for file in seen))


def place(message):
    return f"{pathlib.Path(message.path).relative_to(ROOT)}:1"


def faults_of(service, messages):
    for message in messages:
        if message.kind == EVENT:
            newer = any(one.name == message.name and one.version > message.version for one in messages)
            if not newer and not service.uses_anywhere(f"{message.c_name}_type"):
                yield f"{place(message)}: nothing in services/{service.name} says it"
            continue
        handler = f"on_{message.c_name}"
        if message.c_name not in service.rows:
            yield f"{place(message)}: services/{service.name}/main.c has no row for it"
            continue
        reached = service.reach(handler)
        if "schema_find" in reached:
            continue  # it says what it is given, of any type
        for name in message.said:
            said = next(one for one in messages if one.kind == EVENT and one.name == name)
            if f"{said.c_name}_type" not in reached:
                yield f"{place(message)}: \"x-said\" names {name}, which nothing that {handler} reaches says"


def idle_handlers(service, messages):
    for message in messages:
        home = service.home.get(f"on_{message.c_name}")
        if home and message.c_name not in service.rows:
            yield f"services/{service.name}/{home}.c:1: on_{message.c_name}() has no row in main.c"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    schemas, broken = load(ROOT / "schemas")
    if broken.found:
        sys.exit("\n".join(broken.lines()))
    faults, n = [], 0
    for name in sorted({message.service for message in schemas.messages}):
        service = Service(pathlib.Path(sys.argv[1]), name)
        if not service.home:
            sys.exit(f"check_said: no object files of {name} under {sys.argv[1]}/obj; build first")
        messages = [message for message in schemas.messages if message.service == name]
        faults += [*faults_of(service, messages), *idle_handlers(service, schemas.messages)]
        n += len(messages)
    print("\n".join(faults) if faults else f"said: {n} messages are said or answered")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
