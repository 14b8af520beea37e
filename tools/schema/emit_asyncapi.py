"""Writes the AsyncAPI 3.0 document: a channel for each service's stream, one for what it answers."""
from examples import make_told
from model import ANY, BOOL, COMMAND, DATE, ENUM, EVENT, ID, INT, NUMBER, OBJECT, QUERY, TEXT, TIME, c_name

PLAIN = {BOOL: {"type": "boolean"}, INT: {"type": "integer"}, NUMBER: {"type": "number"}, TEXT: {"type": "string"},
         ID: {"type": "string", "format": "uuid"}, TIME: {"type": "string", "format": "date-time"},
         DATE: {"type": "string", "format": "date"}, ANY: {}}
STATUSES = ["ok", "not-found", "conflict", "invalid", "denied", "retry", "bug"]


def schema_of(field):
    """The JSON Schema of a field, with shared parts written out."""
    if field.kind == OBJECT:
        result = schema_of_shape(field.shape)
    elif field.kind == ENUM:
        result = {"type": "string", "enum": field.words.words}
    else:
        result = dict(PLAIN[field.kind])
    if field.kind == TEXT:
        result.update(minLength=field.min_length, maxLength=field.max_length)
        if field.pattern:
            result.update({"pattern": field.pattern, "x-wanted": field.wanted})
    for key, limit in (("minimum", field.minimum), ("maximum", field.maximum)):
        if limit is not None:
            result[key] = limit
    if field.array:
        result = {"type": "array", "items": result, "minItems": field.min_items, "maxItems": field.max_items}
        if field.unique_items:
            result["uniqueItems"] = True
    for key, text in (("title", field.title), ("description", field.description), ("x-unit", field.unit)):
        if text:
            result[key] = text
    if field.personal:
        result["x-personal"] = True
    if field.examples:
        result["examples"] = field.examples
    return result


def schema_of_shape(shape):
    result = {"type": "object", "properties": {field.name: schema_of(field) for field in shape.fields}}
    required = [field.name for field in shape.fields if field.required]
    if required:
        result["required"] = required
    result["additionalProperties"] = False
    return result


def key_of(message):
    """A key of components: AsyncAPI allows letters, digits, `.`, `-` and `_`."""
    return f"{message.service}.{message.stem}"


def header_schema():
    """The second frame. What each attribute means stands in bus/header.h; here is what an integrator needs."""
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    attributes = {
        "specversion": {"const": "1.0"}, "id": {"type": "string", "maxLength": 128}, "source": text, "type": text,
        "subject": text, "time": PLAIN[TIME],
        "recordedtime": dict(PLAIN[TIME], description="When the gateway took it in, where `time` is its sender's word"),
        "datacontenttype": text, "stream": text,
        "epoch": dict(count, description="Raised whenever an older backup is put back: with seq it names one event for good"),
        "seq": count,
        "after": {"type": "object", "additionalProperties": count,
                  "description": "What the writer had read: a sequence number for each stream"},
        "kind": {"type": "string", "enum": ["event", "command"],
                 "description": "A command in a stream is recorded input, for audit and replay: pass over it"},
        "correlationid": text, "causationid": text, "traceparent": text, "actor": text, "kid": text,
        "within": dict(text, description="What the sender of the command at the beginning was limited to"),
        "partnership": dict(text, description="Our own extension: whom it concerns"),
        "nis": dict(text, description="Our own extension: the municipality it concerns")}
    return {"type": "object", "description": "CloudEvents 1.0 attributes and our extensions",
            "properties": attributes, "required": ["id", "source", "type"]}


def message_of(message, shape, name, title, description):
    result = {"name": name, "title": title, "summary": description, "contentType": "application/msgpack",
              "headers": ref("components", "schemas", "header"), "payload": schema_of_shape(shape),
              "examples": [{"payload": make_told(shape)}]}
    if shape is message.reply:
        result["headers"] = ref("components", "schemas", "outcome")
    return result


def outcome_schema():
    """The frame before a reply's data."""
    text = {"type": "string"}
    fault = {"type": "object", "properties": {"pointer": text, "text": text}}
    return {"type": "object", "description": "What came of a request",
            "properties": {"status": {"type": "string", "enum": STATUSES}, "text": text, "code": text,
                           "faults": {"type": "array", "items": fault}, "seq": {"type": "integer", "minimum": 0}},
            "required": ["status"]}


def event_channel(service):
    return {"address": f"{service}/{{type}}/", "title": f"The stream of {service}",
            "description": "Frames on its XPUB socket: [topic][header: msgpack map][data: msgpack map]. The header has "
                           "the CloudEvents attributes. Subscribe to the prefix before {type}.",
            "parameters": {"type": {"description": "The type of the event"}}, "messages": {}}


def request_channel(service):
    return {"address": f"{service}.requests", "title": f"What {service} answers",
            "description": 'Frames to its ROUTER socket from a DEALER: [""][COMMAND or QUERY][header][data]; '
                           'the reply is [""][REPLY][outcome][data]. The header\'s id makes a command idempotent.',
            "messages": {}}


def ref(*path):
    return {"$ref": "#/" + "/".join(path)}


def add_event(document, message):
    channel = f"{c_name(message.service)}_events"
    put(document, channel, key_of(message),
        message_of(message, message.shape, message.type, message.title, message.description))
    document["operations"][f"hear_{message.c_name}"] = {
        "action": "send", "channel": ref("channels", channel), "title": message.title,
        "messages": [ref("channels", channel, "messages", key_of(message))]}


def add_request(document, message):
    channel = f"{c_name(message.service)}_requests"
    asked, answered = key_of(message), key_of(message) + ".reply"
    put(document, channel, asked, message_of(message, message.shape, message.type, message.title, message.description))
    put(document, channel, answered, message_of(message, message.reply, message.type + ".reply",
                                                f"Reply: {message.title}", message.description))
    operation = {
        "action": "receive", "channel": ref("channels", channel), "title": message.title,
        "tags": [{"name": message.kind}], "messages": [ref("channels", channel, "messages", asked)],
        "reply": {"channel": ref("channels", channel),
                  "messages": [ref("channels", channel, "messages", answered)]}}
    if message.said:
        operation["x-said"] = message.said
    document["operations"][f"answer_{message.c_name}"] = operation


def put(document, channel, key, message):
    document["components"]["messages"][key] = message
    document["channels"][channel]["messages"][key] = ref("components", "messages", key)


def generate(schemas):
    """From the services' own point of view, as AsyncAPI has it: they send events and receive requests."""
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Koppel", "version": "1",
                 "description": "Events, commands and queries of Koppel, made from its schemas."},
        "defaultContentType": "application/msgpack", "channels": {}, "operations": {},
        "components": {"messages": {}, "schemas": {"header": header_schema(), "outcome": outcome_schema()}}}
    for service in schemas.services:
        if schemas.of(service, EVENT):
            document["channels"][f"{c_name(service)}_events"] = event_channel(service)
        if schemas.of(service, COMMAND) or schemas.of(service, QUERY):
            document["channels"][f"{c_name(service)}_requests"] = request_channel(service)
        for message in schemas.of(service):
            (add_event if message.kind == EVENT else add_request)(document, message)
    return document
