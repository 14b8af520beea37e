"""Writes the OpenAPI 3.1 document of the HTTP edge. Which paths there are is read where the gateway has them, so that
none is told twice; what each takes and answers comes from the schemas."""
import json
import re
from pathlib import Path

import problems
from emit_asyncapi import ref, schema_of, schema_of_shape
from examples import EXAMPLE_TIME, make_id, make_told
from model import ANY, COMMAND, OBJECT

QUERY_ROW = re.compile(r'QUERY(?:_OF|_COMMON)?\("([^"]+)",\s*(\w+)(?:,\s*"(\w+)")?\)')
POST_ROW = re.compile(r'QUERY_POST\("([^"]+)",\s*(\w+)\)')
ROW = re.compile(r'\.method = "(\w+)",\s*\.path = "([^"]+)"')
INTERNAL = re.compile(r"internal\[\] = \{([^}]*)\}")
TAKEN = re.compile(r"types\[\] = \{([^}]*)\}")
OWN = {"/v1/own-referrals": "reporting_own_referrals", "/v1/own-early-statuses": "registry_own_early_statuses"}
DEPOSIT = "deposit_id"  # what the gateway puts into an event in the place of `personal`
OPAQUE = "^[A-Za-z0-9][A-Za-z0-9._:/=#~-]*$"
EVENT = {"type": "object", "required": ["specversion", "id", "source", "type", "data"],
         "properties": {"specversion": {"const": "1.0"}, "id": {"type": "string", "maxLength": 128, "pattern": OPAQUE},
                        "source": {"type": "string"}, "type": {"type": "string"}, "subject": {"type": "string", "description": "What the data is about: taken from it; may be left out"},
                        "time": {"type": "string", "format": "date-time"},
                        "data": {"type": "object"}},
         "description": "A CloudEvent in JSON"}
EVENT_REF, SENT_REF = (ref("components", "schemas", name) for name in ("event", "sent-event"))
ACKNOWLEDGED = {"type": "array", "items": {
    "type": "object", "required": ["id", "stream", "seq", "duplicate"],
    "properties": {"id": {"type": "string"}, "stream": {"type": "string"}, "seq": {"type": "integer"},
                   "duplicate": {"type": "boolean"}}}}
PROBLEM = {"type": "object", "description": "RFC 9457", "required": ["type", "title", "status"],
           "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                          "detail": {"type": "string"}, "code": {"type": "string"},
                          "errors": {"type": "array", "items": {
                              "type": "object", "properties": {"pointer": {"type": "string"},
                                                               "detail": {"type": "string"}}}}}}
PROBLEM_REF = ref("components", "schemas", "problem")
TEXT = {"type": "string"}


def content(kind, schema, example=None):
    return {"content": {kind: {"schema": schema} | ({"example": example} if example is not None else {})}}


def problem(schema):
    return content("application/problem+json", schema)


def parameter(where, name, schema, description, required=False):
    result = {"name": name, "in": where, "schema": schema, "required": required or where == "path"}
    return result | ({"description": description} if description else {})


def operation(name, summary, answer, status="200", asks=True, refusals=(), **more):
    result = {"operationId": name, "summary": summary, **more,
              "responses": {status: {"description": "Done", **answer}, **problems.of(refusals),
                            "default": ref("components", "responses", "problem")}}
    return result if asks else result | {"security": []}


# What has no schema of its own: {(method, path): operation}.
PLAIN = {
    ("GET", "/"): operation("board", "The board", content("text/html", TEXT), asks=False),
    ("GET", "/board/{}"): operation("board_file", "A part of the board", content("text/javascript", TEXT), asks=False, refusals=(404,),
                                    parameters=[parameter("path", "file", TEXT, "")]),
    ("POST", "/v1/events"): operation(
        "publish", "Takes in events: all of them, or none", content("application/json", ACKNOWLEDGED), "202",
        refusals=problems.PUBLISH,
        requestBody={"required": True, "content": {
            "application/cloudevents+json": {"schema": SENT_REF},
            "application/cloudevents-batch+json": {"schema": {"type": "array", "items": SENT_REF, "minItems": 1, "maxItems": 256}}}}),
    ("GET", "/v1/events"): operation(
        "read_log", "The log of a stream; followed live as text/event-stream",
        {"content": {"application/cloudevents-batch+json": {"schema": {"type": "array", "items": EVENT_REF}},
                     "text/event-stream": {"schema": TEXT}}},
        refusals=problems.LOG,
        parameters=[parameter("query", "stream", TEXT, "A service's name", True),
                    parameter("query", "after", {"anyOf": [{"type": "string", "pattern": "^[1-9][0-9]*:[0-9]+$"},
                                                            {"type": "integer", "minimum": 0}, {"const": "end"}]},
                              "The last position that was read, epoch and sequence number, as Koppel-Next or the id of a live "
                              "event has it; or the number alone; `end` for only what comes. 409 with the code BUS-DIVERGED: "
                              "that event is gone, as an older backup was put back, or the number is of another stream"),
                    parameter("query", "limit", {"type": "integer", "minimum": 1, "maximum": 1000},
                              "How many events a page has; absent: 100")]),
    ("GET", "/v1/openapi.json"): operation("openapi", "This document", content("application/json", {"type": "object"}), asks=False),
    ("GET", "/v1/import-template"): operation("import_template", "A list of people to fill in and give to import-people",
                                              content("text/csv", TEXT), asks=False),
    ("GET", "/v1/calendar/{}.ics"): operation("calendar", "A calendar to subscribe to", content("text/calendar", TEXT), asks=False,
                                              refusals=(404, *problems.ASKED),
                                              parameters=[parameter("path", "token", TEXT, "Of the link that was given")]),
    ("GET", "/healthz"): operation("healthz", "Whether the gateway lives", content("text/plain", TEXT), asks=False),
    ("GET", "/readyz"): operation("readyz", "Whether it serves", content("text/plain", TEXT), asks=False, refusals=problems.ASKED),
    ("GET", "/metrics"): operation("metrics", "Prometheus text", content("text/plain", TEXT), asks=False),
}


def told(path, argument):
    """The gateway's path, its gap named."""
    return path.replace("{}", "{%s}" % argument)


def query(message, argument, kind="application/json"):
    parameters = [parameter("path" if field.name == argument else "query", field.name, schema_of(field),
                            field.description or field.title, field.required)
                  for field in message.shape.fields if not field.array and not field.personal and field.kind not in (OBJECT, ANY)]
    answer = content(kind, schema_of_shape(message.reply), make_told(message.reply)) \
        if kind == "application/json" else content(kind, {})
    return operation(message.c_name, message.title, answer, refusals=problems.READ, description=message.description,
                     parameters=parameters)


def query_post(message):
    """The same in a body, which may hold personal data."""
    return operation(f"{message.c_name}_post", message.title,
                     content("application/json", schema_of_shape(message.reply), make_told(message.reply)), refusals=problems.BODY,
                     description=f"{message.description} What names somebody is asked so, as addresses are logged on their way.",
                     requestBody=content("application/json", schema_of_shape(message.shape), make_told(message.shape)))


def own_token(message):
    """What the gateway asks itself about the token at hand."""
    answer = content("application/json", schema_of_shape(message.reply), make_told(message.reply))
    return operation("own_token", "What the token at hand may, and the stack's time", answer, refusals=problems.READ)


def command(message):
    body = content("application/json", schema_of_shape(message.shape), make_told(message.shape))
    return operation(
        message.c_name, message.title, content("application/json", schema_of_shape(message.reply), make_told(message.reply)),
        refusals=problems.BODY, description=message.description, requestBody=body,
        parameters=[parameter("header", "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 255},
                              "The same command under the same key again gives the first answer, and nothing happens twice")])


def served(gateway):
    """What the gateway serves: (rows of routes.c, commands that are between services)."""
    routes = (Path(gateway) / "routes.c").read_text(encoding="utf-8")
    table = routes[routes.index("items[] ="):]
    internal = INTERNAL.search((Path(gateway) / "commands.c").read_text(encoding="utf-8"))
    return table, re.findall(r"&(\w+)_type", internal.group(1))


def example_of_event(message):
    """One event as an adapter sends it; what the gateway puts into it is left out."""
    data = make_told(message.shape)
    if data.pop(DEPOSIT, None):
        data["personal"] = {"first_name": "Olena"}
    return {"specversion": "1.0", "id": make_id("id"), "source": "urn:koppel:adapter:vdab", "type": message.type,
            "time": EXAMPLE_TIME, "data": data}


def add_examples(paths, message):
    one, call = example_of_event(message), paths["/v1/events"]
    sent, answers = call["post"]["requestBody"]["content"], call["get"]["responses"]["200"]["content"]
    acknowledged = call["post"]["responses"]["202"]["content"]["application/json"]
    read = {**one, "subject": one["data"]["external_person"], "data": {k: v for k, v in one["data"].items() if k != "personal"}}
    sent["application/cloudevents+json"]["example"] = one
    sent["application/cloudevents-batch+json"]["example"] = [one]
    acknowledged["example"] = [{"id": one["id"], "stream": "gateway", "seq": 98, "duplicate": False}]
    answers["application/cloudevents-batch+json"]["example"] = [read]
    answers["text/event-stream"]["example"] = f"id: 1:98\ndata: {json.dumps(read)}\n\n"


def taken(gateway, by_name):
    """The data of each event that adapters may send, and the event itself: {component: schema}."""
    source = (Path(gateway) / "intake_header.c").read_text(encoding="utf-8")
    deposits = next(field for field in by_name["registry_deposit_batch"].shape.fields if field.name == "deposits")
    personal = {field.name: schema_of(field) for field in deposits.shape.fields if field.personal}
    result, kinds = {}, []
    for name in re.findall(r"&(\w+)_type", TAKEN.search(source).group(1)):
        message = by_name[name]
        data = schema_of_shape(message.shape)
        if data["properties"].pop(DEPOSIT, None):
            data["properties"]["personal"] = {
                "type": "object", "properties": personal, "additionalProperties": False,
                "description": "Taken off before anything is stored, and kept by registry alone"}
        result[message.name] = {"title": message.title, "description": message.description, **data}
        kinds.append({"properties": {"type": {"const": message.type}, "data": ref("components", "schemas", message.name)}})
    return {**result, "event": EVENT, "sent-event": {"allOf": [EVENT_REF], "oneOf": kinds}}


def generate(schemas, gateway):
    table, internal = served(gateway)
    by_name = {message.c_name: message for message in schemas.messages}
    paths = {}
    for path, name, argument in QUERY_ROW.findall(table):
        paths[told(path, argument)] = {"get": query(by_name[name], argument)}
    for path, name in POST_ROW.findall(table):
        paths[path]["post"] = query_post(by_name[name])
    for method, path in ROW.findall(table):
        if path == "/v1/reports/export":
            one = query(by_name["reporting_export"], "", "application/octet-stream")
        elif path in OWN:
            one = query(by_name[OWN[path]], "")
        elif path == "/v1/own-token":
            one = own_token(by_name["gateway_check_token"])
        elif path == "/v1/commands/{}":
            continue
        else:
            one = PLAIN[method, path]
        gap = [each["name"] for each in one.get("parameters", []) if each["in"] == "path"]
        paths.setdefault(told(path, *(gap or [""])), {})[method.lower()] = one
    if "/v1/events" in paths:
        add_examples(paths, by_name["gateway_referral_received"])
    for message in schemas.messages:
        if message.kind == COMMAND and message.c_name not in internal:
            paths[f"/v1/commands/{message.name}"] = {"post": command(message)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Koppel", "version": "1", "description": "The HTTP edge of Koppel, made from its schemas."},
        "servers": [{"url": "/", "description": "The gateway that gives this document"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"problem": PROBLEM, **taken(gateway, by_name)},
            "responses": {"problem": {"description": "What is wrong, and what to do", **problem(PROBLEM_REF)},
                          **problems.responses(problem, PROBLEM_REF)}}}
