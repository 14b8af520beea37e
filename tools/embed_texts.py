#!/usr/bin/env python3
"""Turns a service's texts/ into C, and refuses texts that are not whole.

usage: embed_texts.py FOLDER OUT     writes OUT.h and OUT.c

texts/<template>.<language>.txt is one text: its subject, an empty line, its lines. texts/words.<language>.txt holds
the words around them, a `key = words` a line. Every template and every word must stand in every language, with the
same {placeholders}.
"""
import pathlib
import re
import sys


HEADER = """/* Generated from %s by tools/embed_texts.py. */
#pragma once
#include <stddef.h>

struct text {
    const char *template, *language;
    const char *subject;
    const char *body; /* lines, each ends with a newline */
};
struct text_word {
    const char *language, *key, *word;
};

extern const struct text texts_all[]; /* by template and language */
extern const size_t texts_all_n;
extern const struct text_word texts_words[]; /* by language and key */
extern const size_t texts_words_n;
extern const char *const texts_languages[]; /* NULL ends it */
"""


def fail(message):
    sys.exit("embed_texts: " + message)


def c_string(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("??", "?\\?")


def read_text(path):
    subject, empty, *body = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    if not subject or empty or not all(body) or not body:
        fail(f"{path}: a subject, one empty line, then the lines without empty ones")
    return subject, "".join(line + "\n" for line in body)


def read_words(path):
    words = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        key, equals, word = line.partition(" = ")
        if not equals or not word.strip() or key in words:
            fail(f"{path}:{number}: must be `key = words`, each key once")
        words[key] = word.strip()
    return words


def placeholders(text):
    return sorted(set(re.findall(r"\{[^}]*\}", text)))


def same_everywhere(folder, what, by_language):
    """by_language: language → name → text."""
    names = {name for texts in by_language.values() for name in texts}
    for name in sorted(names):
        lacking = [language for language in by_language if name not in by_language[language]]
        if lacking:
            fail(f"{folder}: {what} {name} is not there in: {', '.join(sorted(lacking))}")
        wanted = placeholders(by_language["nl"][name])
        for language, texts in by_language.items():
            if placeholders(texts[name]) != wanted:
                fail(f"{folder}: {what} {name} in {language} must have the placeholders of nl: {' '.join(wanted)}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    texts, words = {}, {}
    for path in sorted(folder.glob("*.txt")):
        match = re.fullmatch(r"([a-z][a-z-]*)\.([a-z]{2,3})", path.stem)
        if not match:
            fail(f"{path}: name it <template>.<language>.txt")
        if match[1] == "words":
            words[match[2]] = read_words(path)
        else:
            texts.setdefault(match[2], {})[match[1]] = read_text(path)
    if set(texts) != set(words) or "nl" not in texts:
        fail(f"{folder}: every language, and nl among them, needs its texts and its words file")
    same_everywhere(folder, "text", {l: {k: s + "\n" + b for k, (s, b) in t.items()} for l, t in texts.items()})
    same_everywhere(folder, "word", words)
    lines = [f"/* Generated from {folder} by tools/embed_texts.py. */", f'#include "{out.stem}.h"', ""]
    lines.append("const struct text texts_all[] = {")
    for template, language in sorted((t, l) for l in texts for t in texts[l]):
        subject, body = texts[language][template]
        lines.append(f'    {{"{template}", "{language}", {c_string(subject)}, {c_string(body)}}},')
    lines += ["};", "const size_t texts_all_n = sizeof texts_all / sizeof texts_all[0];"]
    lines.append("const struct text_word texts_words[] = {")
    for language in sorted(words):
        lines += [f'    {{"{language}", "{key}", {c_string(words[language][key])}}},' for key in sorted(words[language])]
    lines += ["};", "const size_t texts_words_n = sizeof texts_words / sizeof texts_words[0];"]
    lines.append("const char *const texts_languages[] = {%s, NULL};" % ", ".join(f'"{one}"' for one in sorted(texts)))
    out.with_suffix(".h").write_text(HEADER % folder, encoding="utf-8")
    out.with_suffix(".c").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
