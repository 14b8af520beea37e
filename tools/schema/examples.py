"""Examples: judges whether a value satisfies a field, and makes a message that satisfies its schema."""
import datetime
import re
import uuid

from model import ANY, BOOL, DATE, ENUM, ID, INT, NUMBER, OBJECT, TEXT, TIME

TIME_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
DATE_TEXT = re.compile(r"\d{4}-\d\d-\d\d")
ID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXAMPLE_TIME = "2026-03-14T09:30:00Z"
EXAMPLE_DATE = "2026-03-14"
NUMBER_LIMIT = 1.7976931348623157e308


def refusal(field, value):
    """Why `value` does not satisfy `field`, or None."""
    if not field.array:
        return refusal_of_one(field, value)
    if not isinstance(value, list):
        return "must be a list"
    if not field.min_items <= len(value) <= field.max_items:
        return f"must have {field.min_items} to {field.max_items} items"
    if field.unique_items and len({repr(each) for each in value}) < len(value):
        return "must not repeat an item"
    return next((why for why in (refusal_of_one(field, each) for each in value) if why), None)


def refusal_of_one(field, value):
    if field.kind == ANY:
        return None
    if field.kind == BOOL:
        return None if type(value) is bool else "must be true or false"
    if field.kind in (INT, NUMBER):
        return refusal_of_number(field, value)
    if field.kind == OBJECT:
        return refusal_of_object(field.shape, value)
    if not isinstance(value, str):
        return "must be text"
    if field.kind == ENUM:
        return None if value in field.words.words else "must be one of " + ", ".join(field.words.words)
    if field.kind == ID:
        return None if ID_TEXT.fullmatch(value) and value.strip("0-") else "must be a UUID in lower case, not nil"
    if field.kind in (TIME, DATE):
        return refusal_of_time(field.kind, value)
    if not field.min_length <= len(value) <= field.max_length:
        return f"must have {field.min_length} to {field.max_length} characters"
    if field.pattern and not re.fullmatch(field.pattern, value):
        return f"must match {field.pattern}"
    return None


def refusal_of_number(field, value):
    if type(value) is not int and (field.kind == INT or type(value) is not float):
        return "must be a whole number" if field.kind == INT else "must be a number"
    low = -NUMBER_LIMIT if field.minimum is None else field.minimum
    high = NUMBER_LIMIT if field.maximum is None else field.maximum
    return None if low <= value <= high else f"must be between {low} and {high}"


def refusal_of_object(shape, value):
    if not isinstance(value, dict):
        return "must be an object"
    known = {field.name: field for field in shape.fields}
    for name in value:
        if name not in known:
            return f'has an unknown field "{name}"'
    for name, field in known.items():
        if name in value:
            why = refusal(field, value[name])
            if why:
                return f'has a field "{name}" that {why}'
        elif field.required:
            return f'lacks "{name}"'
    return None


def refusal_of_time(kind, value):
    form = TIME_TEXT if kind == TIME else DATE_TEXT
    what = "a time like " + EXAMPLE_TIME if kind == TIME else "a date like " + EXAMPLE_DATE
    if not form.fullmatch(value):
        return f"must be {what}"
    try:
        datetime.date.fromisoformat(value[:10])
        if kind == TIME:
            datetime.datetime.fromisoformat(value)
    except ValueError:
        return f"must be {what}"
    return None if "1900" <= value[:4] < "2200" else "must be within the years 1900 to 2199"


# ---- making

def make_told(shape):
    """The same for people to read: of the ways to say one thing only the first, as descriptions tell: "...; or else `x`"."""
    others = {name for field in shape.fields for name in re.findall(r"`(\w+)`", field.description.partition("; or else ")[2])}
    return {field.name: make_field(field, f"{shape.name}/{field.name}")
            for field in shape.fields if field.required or field.name not in others}


def make(shape, path=""):
    """An example of an object as a dict, with all its fields, the same on every run."""
    path = path or shape.name
    return {field.name: make_field(field, f"{path}/{field.name}") for field in shape.fields}


def make_field(field, path):
    if field.examples:
        return field.examples[0]
    if not field.array:
        return make_one(field, path)
    n = min(max(field.min_items, 1), field.max_items)
    if field.kind == ENUM and field.unique_items:
        return field.words.words[:n]
    return [make_one(field, path, i) for i in range(n)]


def make_one(field, path, i=0):
    if field.kind == OBJECT:
        return make(field.shape, f"{path}/{i}")
    if field.kind == ENUM:
        return field.words.words[0]
    if field.kind in (INT, NUMBER):
        return make_number(field) + i
    if field.kind == TEXT:
        text = (field.name.replace("_", " ") + (f" {i}" if i else ""))[:field.max_length]
        return text.ljust(field.min_length, "x")
    if field.kind == ID:
        return make_id(f"{path.rsplit('/', 1)[-1]}/{i}")
    return {BOOL: True, TIME: EXAMPLE_TIME, DATE: EXAMPLE_DATE, ANY: {"note": "any value"}}[field.kind]


def make_number(field):
    low = -NUMBER_LIMIT if field.minimum is None else field.minimum
    high = NUMBER_LIMIT if field.maximum is None else field.maximum
    wanted = 3 if field.kind == INT else 2.5
    value = min(max(wanted, low), high)
    return int(value) if field.kind == INT else float(value)


def make_id(path):
    """A UUIDv7 that depends on the field's name only, so that one thing has one id in all examples."""
    raw = uuid.uuid5(uuid.NAMESPACE_OID, path).bytes
    raw = bytes.fromhex("019cea3c8a40") + bytes([0x70 | raw[6] & 0x0F, raw[7], 0x80 | raw[8] & 0x3F]) + raw[9:]
    return str(uuid.UUID(bytes=raw))
