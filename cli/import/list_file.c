/* See list_file.h. */
#include "list_file.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

static bool begins(const char *text, size_t n, const char *with)
{
    return n >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

/* What is told by its first bytes to be something else. */
static const char *no_text(const char *text, size_t n)
{
    if (n == 0)
        return "is empty: the first line names the columns";
    if (begins(text, n, "PK\x03\x04") || begins(text, n, "\xd0\xcf\x11\xe0"))
        return "is a spreadsheet: save it as \"CSV UTF-8\" first";
    if (begins(text, n, "\xff\xfe") || begins(text, n, "\xfe\xff"))
        return "is UTF-16: save it as \"CSV UTF-8\" instead";
    return memchr(text, '\0', n) != NULL ? "is no text: save the list as \"CSV UTF-8\"" : NULL;
}

/* How many bytes it became, or -1 when it cannot be that either. */
static ssize_t from_windows(char *text, size_t n, char *out, size_t room)
{
    iconv_t converter = iconv_open("UTF-8", "WINDOWS-1252");
    if (converter == (iconv_t)-1)
        return -1;
    char *at = out;
    size_t left = room;
    bool whole = iconv(converter, &text, &n, &at, &left) != (size_t)-1;
    iconv_close(converter);
    return whole ? at - out : -1;
}

enum bus_status list_text_read(const char *path, char *text, size_t n, struct list_file *ret,
                               struct bus_error *err)
{
    static char converted[3 * LIST_BYTES_MAX]; /* no letter of Windows-1252 takes more */
    const char *why = no_text(text, n);
    if (why != NULL)
        return bus_fail(err, BUS_INVALID, "%s %s", path, why);
    size_t mark = begins(text, n, "\xef\xbb\xbf") ? 3 : 0;
    ret->text = json_stringn(text + mark, n - mark);
    if (ret->text != NULL)
        return BUS_OK;
    ssize_t now = mark == 0 ? from_windows(text, n, converted, sizeof converted) : -1;
    if (now < 0)
        return bus_fail(err, BUS_INVALID, "%s is not UTF-8: save it as \"CSV UTF-8\"", path);
    if (now > LIST_BYTES_MAX)
        return bus_fail(err, BUS_INVALID, "%s is too long as UTF-8: split it, each part with the first line",
                        path);
    ret->windows_1252 = true;
    ret->text = json_stringn(converted, (size_t)now);
    return ret->text != NULL ? BUS_OK : bus_fail(err, BUS_INVALID, "%s is no text", path);
}

enum bus_status list_file_read(const char *path, struct list_file *ret, struct bus_error *err)
{
    static char text[LIST_BYTES_MAX + 1];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "%s cannot be read: %s", path, strerror(errno));
    size_t n = fread(text, 1, sizeof text, file);
    bool whole = !ferror(file);
    fclose(file);
    if (!whole)
        return bus_fail(err, BUS_NOT_FOUND, "%s cannot be read", path);
    if (n > LIST_BYTES_MAX)
        return bus_fail(err, BUS_INVALID,
                        "%s has more than %d bytes: split it, each part with the first line", path,
                        LIST_BYTES_MAX);
    return list_text_read(path, text, n, ret, err);
}
