"""Whether what commands said in a log is what their schemas tell (`x-said`)."""
import json

from built import ROOT

SCHEMAS = ROOT / "schemas"


def told():
    """{type of a command: names of the events it can lead to}"""
    result = {}
    for path in SCHEMAS.glob("*/*.v*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        if schema["x-kind"] == "command":
            result[f"koppel.{path.parent.name}.{path.stem}"] = set(schema.get("x-said", []))
    return result


def said(headers):
    """{type of a command: names of the events that its service said at it}, of the events' headers of whole streams"""
    result, commands = {}, {}
    for header in headers:
        stream = header["type"].split(".")[1]
        if header.get("kind") == "command":
            commands[stream, header["id"]] = header["type"]
            result.setdefault(header["type"], set())
    for header in headers:
        _, stream, name, _ = header["type"].split(".")
        command = commands.get((stream, header.get("causationid")))
        if command and header.get("kind") != "command":
            result[command].add(name)
    return result


def untold(headers):
    """{type of a command: names of events it said and its schema does not tell}"""
    tells = told()
    return {command: names - tells[command] for command, names in said(headers).items() if names - tells[command]}
