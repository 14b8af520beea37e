"""Golden bytes: an example of each message as JSON and as msgpack, written once and then kept for ever."""
import datetime
import json
import struct

from examples import make
from model import NUMBER, OBJECT, TIME

LINE = 64  # hex digits


def pack(value):
    """msgpack of plain values, each in its shortest form, as our own packer writes them."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return pack_int(value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, str):
        raw = value.encode()
        return pack_size(len(raw), (0xA0, 32), ((0xD9, "B"), (0xDA, "H"), (0xDB, "I"))) + raw
    if isinstance(value, list):
        return pack_size(len(value), (0x90, 16), ((0xDC, "H"), (0xDD, "I"))) + b"".join(map(pack, value))
    parts = [pack(part) for item in value.items() for part in item]
    return pack_size(len(value), (0x80, 16), ((0xDE, "H"), (0xDF, "I"))) + b"".join(parts)


def pack_int(value):
    if -32 <= value < 128:
        return struct.pack(">b" if value < 0 else ">B", value)
    forms = ((0xCC, "B"), (0xCD, "H"), (0xCE, "I"), (0xCF, "Q")) if value > 0 else \
        ((0xD0, "b"), (0xD1, "h"), (0xD2, "i"), (0xD3, "q"))
    for mark, form in forms:
        bits = 8 * struct.calcsize(form)
        if value < 2**bits if value > 0 else value >= -(2**(bits - 1)):
            return struct.pack(">B" + form, mark, value)
    raise ValueError(f"{value} does not fit 64 bits")


def pack_size(size, fix, forms):
    if size < fix[1]:
        return bytes([fix[0] | size])
    for mark, form in forms:
        if size < 2**(8 * struct.calcsize(form)):
            return struct.pack(">B" + form, mark, size)
    raise ValueError("too large")


def on_wire(shape, value):
    """The same object as our encoder writes it: fields in order, 2 of a number as 2.0, times in UTC."""
    result = {}
    for field in shape.fields:
        if field.name in value:
            each = value[field.name]
            result[field.name] = [one_on_wire(field, item) for item in each] if field.array else \
                one_on_wire(field, each)
    return result


def one_on_wire(field, value):
    if field.kind == OBJECT:
        return on_wire(field.shape, value)
    if field.kind == NUMBER:
        return float(value)
    if field.kind == TIME:
        time = datetime.datetime.fromisoformat(value).astimezone(datetime.timezone.utc)
        return time.replace(tzinfo=None).isoformat() + "Z"
    return value


def add(schemas, out):
    """Writes what is missing under `out`; gives the paths written."""
    written = []
    for message in schemas.messages:
        parts = [(message.stem, message.shape)]
        if message.reply:
            parts.append((message.stem + ".reply", message.reply))
        for stem, shape in parts:
            value = on_wire(shape, make(shape))
            digits = pack(value).hex()
            text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
            lines = "".join(digits[at:at + LINE] + "\n" for at in range(0, len(digits), LINE))
            for suffix, content in ((".json", text), (".msgpack", lines)):
                path = out / message.service / (stem + suffix)
                if not path.exists():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(content, encoding="utf-8")
                    written.append(path)
    return written
