"""The compatibility law: what was released stays readable. Compares digests of shapes, field by field."""
from model import EVENT, INT, NUMBER, OBJECT, TEXT


# ---- digests: a message as plain values, without words for people

def digest(schemas):
    return {message.type: digest_message(message) for message in schemas.messages}


def digest_message(message):
    result = {"kind": message.kind, "fields": digest_shape(message.shape)}
    if message.reply:
        result["reply"] = digest_shape(message.reply)
    return result


def digest_shape(shape):
    return [digest_field(field) for field in shape.fields]


def digest_field(field):
    result = {"name": field.name, "type": field.kind}
    for flag in ("required", "array", "unique_items", "pattern"):
        if getattr(field, flag):
            result[flag] = getattr(field, flag)
    if field.kind in (INT, NUMBER):
        result["limits"] = [field.minimum, field.maximum]
    if field.kind == TEXT:
        result["limits"] = [field.min_length, field.max_length]
    if field.array:
        result["items"] = [field.min_items, field.max_items]
    if field.words:
        result["words"] = field.words.words
    if field.kind == OBJECT:
        result["fields"] = digest_shape(field.shape)
    return result


# ---- comparing

def missing(old, schemas):
    """A line for each message that `old` (a digest) lacks, or holds as it no longer is."""
    lines = []
    for message in schemas.messages:
        was = old.get(message.type)
        if was is None:
            lines.append(f"{message.path}:1: {message.type} is not among what was released")
        elif was != digest_message(message):
            lines.append(f"{message.path}:1: {message.type} has grown since it was released")
    return lines


def breaks(old, schemas, root):
    """A line for each promise of `old` (a digest) that the Set no longer keeps."""
    lines = []
    for name, was in sorted(old.items()):
        message = schemas.find(name)
        if message is None:
            lines.append(f"{root}:1: {name} was released, and is gone; old logs hold it")
            continue
        now = digest_message(message)
        if now["kind"] != was["kind"]:
            lines.append(f"{message.path}:1: {name} was released as {was['kind']}, not {now['kind']}")
            continue
        promised = message.kind == EVENT
        check = Check(name)
        check.fields(was["fields"], message.shape, "field ", promised)
        if message.reply:
            check.fields(was.get("reply", []), message.reply, "reply field ", True)
        lines += [f"{path}:{line}: {text}" for (path, line), text in check.found]
    return lines


class Check:
    """Compares the fields of one message."""

    def __init__(self, type_name):
        self.type = type_name
        self.found = []

    def fault(self, place, text):
        self.found.append((place, f"{self.type}: {text}; make a new version instead"))

    def fields(self, was, shape, path, promised):
        """`path` is what stands before a field's name: "field ", "reply field parts.". `promised`: we write it and
        others read it, so a required field must stay required."""
        old = {field["name"]: field for field in was}
        new = {field.name: field for field in shape.fields}
        for name, before in old.items():
            if name not in new:
                self.fault(shape.place, f"{path}{name} was removed or renamed")
            else:
                self.field(before, new[name], path + name, promised)
        for name, field in new.items():
            if name not in old and field.required:
                self.fault(field.place, f"{path}{name} is new, so it cannot be required")
        kept = [name for name in old if name in new]
        moved = [name for name, now in zip(kept, (name for name in new if name in old)) if name != now]
        if moved:
            self.fault(new[moved[0]].place, f"{path}{moved[0]} stands at another place among the fields")

    def field(self, was, field, called, promised):
        now = digest_field(field)
        if (was["type"], was.get("array")) != (now["type"], now.get("array")):
            return self.fault(field.place, f"{called} is of another type than released")
        if field.required and not was.get("required"):
            self.fault(field.place, f"{called} is newly required")
        if promised and was.get("required") and not field.required:
            self.fault(field.place, f"{called} is no longer required, but readers count on it")
        for key, what in (("limits", "limits"), ("items", "number of items")):
            if key in was and tighter(was[key], now[key]):
                self.fault(field.place, f"{called} has tighter {what} than released")
        if now.get("pattern") and now.get("pattern") != was.get("pattern"):
            self.fault(field.place, f"{called} has another pattern than released")
        if now.get("unique_items") and not was.get("unique_items"):
            self.fault(field.place, f"{called} newly wants unique items")
        for word in was.get("words", []):
            if word not in now["words"]:
                self.fault(field.words.place, f'{called} lost the word "{word}"')
        if field.kind == OBJECT:
            self.fields(was["fields"], field.shape, called + ".", promised)


def tighter(was, now):
    """Whether the range `now` leaves out something of `was`; None is no limit."""
    low = now[0] is not None and (was[0] is None or now[0] > was[0])
    high = now[1] is not None and (was[1] is None or now[1] < was[1])
    return low or high
