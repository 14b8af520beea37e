/* Raising errors: one line fills the words and hands back the status.
 * Texts are kept to one line, so that a log entry or a reply stays whole. */
#include "bus/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/text.h"

static const char *const names[] = {
    [BUS_OK] = "ok",           [BUS_NOT_FOUND] = "not-found", [BUS_CONFLICT] = "conflict",
    [BUS_INVALID] = "invalid", [BUS_DENIED] = "denied",       [BUS_RETRY] = "retry",
    [BUS_BUG] = "bug",
};

#define NAMES_N (sizeof(names) / sizeof(names[0]))

/* libpq and others end their messages with line breaks, or put several lines in one. */
static void keep_one_line(char *text)
{
    for (char *at = text; *at; at++)
        if (*at == '\n' || *at == '\r' || *at == '\t')
            *at = ' ';
    bus_text_trim(text);
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == ' ')
        text[--size] = '\0';
}

static void fill(struct bus_error *err, enum bus_status status, const char *code, const char *pointer,
                 const char *fmt, va_list args)
{
    char text[sizeof(err->text)]; /* the arguments may point into err itself */
    if (!err)
        return;
    vsnprintf(text, sizeof(text), fmt, args);
    keep_one_line(text);
    err->status = status;
    snprintf(err->code, sizeof(err->code), "%s", code);
    snprintf(err->pointer, sizeof(err->pointer), "%s", pointer);
    memcpy(err->text, text, sizeof(text));
}

enum bus_status bus_fail(struct bus_error *err, enum bus_status status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, status, "", "", fmt, args);
    va_end(args);
    return status;
}

enum bus_status bus_fail_code(struct bus_error *err, enum bus_status status, const char *code,
                              const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, status, code, "", fmt, args);
    va_end(args);
    return status;
}

enum bus_status bus_fail_at(struct bus_error *err, enum bus_status status, const char *pointer,
                            const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, status, "", pointer, fmt, args);
    va_end(args);
    return status;
}

enum bus_status bus_fail_in(struct bus_error *err, const char *fmt, ...)
{
    char words[sizeof(err->text)];
    char whole[2 * sizeof(err->text) + 2];
    va_list args;
    va_start(args, fmt);
    vsnprintf(words, sizeof(words), fmt, args);
    va_end(args);
    keep_one_line(words);
    snprintf(whole, sizeof(whole), "%s: %s", words, err->text);
    whole[sizeof(err->text) - 1] = '\0';
    memcpy(err->text, whole, sizeof(err->text));
    bus_text_trim(err->text);
    return err->status;
}

const char *bus_status_name(enum bus_status status)
{
    return (size_t)status < NAMES_N ? names[status] : names[BUS_BUG];
}

enum bus_status bus_status_from_name(const char *name)
{
    for (size_t i = 0; name && i < NAMES_N; i++)
        if (strcmp(names[i], name) == 0)
            return (enum bus_status)i;
    return BUS_BUG;
}

void bus_die(const char *fmt, ...)
{
    char text[1000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    keep_one_line(text);
    dprintf(STDERR_FILENO, "fatal: %s\n", text);
    abort();
}
