"""The names that C will see, and whether any two of them meet."""
from model import BOOL, INT, NUMBER, c_name


def constant(words, word):
    return f"{words.name}_{c_name(word)}".upper()


def zero(words):
    """The name of an enum's 0. `none` may itself be a word; then the zero gives way."""
    return f"{words.name}_{'unset' if 'none' in words.words else 'none'}".upper()


def has_flag(field):
    """Whether `has_<name>` stands beside the field."""
    return field.kind in (BOOL, INT, NUMBER) and not field.required and not field.array


def members(field):
    return [field.name] + ([f"has_{field.name}"] if has_flag(field) else []) + \
        ([f"{field.name}_n"] if field.array else [])


def check_names(schemas, faults):
    tags, others = {}, {}

    def claim(space, name, place):
        if name in space:
            faults.add(place, f'the C name "{name}" is also made by {space[name][0]}:{space[name][1]}')
        space.setdefault(name, place)

    for service in schemas.services:
        claim(others, c_name(service) + "_types", (service, 1))
    for shape in schemas.shapes:
        claim(tags, shape.name, shape.place)
        claim(others, shape.name + "_shape", shape.place)
        taken = {}
        for field in shape.fields:
            for name in members(field):
                claim(taken, name, field.place)
    for words in schemas.words:
        claim(tags, words.name, words.place)
        claim(others, words.name + "_words", words.place)
        for name in [zero(words)] + [constant(words, word) for word in words.words]:
            claim(others, name, words.place)
    for message in schemas.messages:
        claim(others, message.c_name + "_type", message.place)
        claim(others, "on_" + message.c_name, message.place)
