/* See manifest.h. */
#include "manifest.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION     1
#define CHUNK_BYTES 65536

char *manifest_to_json(const struct manifest *self, struct bus_arena *arena)
{
    json_t *root = json_pack("{s:i, s:s, s:i, s:I, s:I, s:I, s:s}", "version", VERSION, "made", self->made,
                             "postgres", self->postgres, "tables", (json_int_t)self->tables, "database_bytes",
                             (json_int_t)self->database_bytes, "dump_bytes", (json_int_t)self->dump_bytes,
                             "sha256", self->sha256);
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(root);
    if (!text)
        bus_die("a manifest cannot be written as text");
    char *copy = bus_printf(arena, "%s\n", text);
    free(text);
    return copy;
}

enum bus_status manifest_from_json(const char *text, struct bus_arena *arena, struct manifest *ret,
                                   struct bus_error *err)
{
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const char *made = "", *sha256 = "";
    json_int_t tables = 0, database_bytes = 0, dump_bytes = 0;
    int version = 0, postgres = 0;
    bool fits = root && json_unpack(root, "{s:i, s:s, s:i, s:I, s:I, s:I, s:s}", "version", &version, "made",
                                    &made, "postgres", &postgres, "tables", &tables, "database_bytes",
                                    &database_bytes, "dump_bytes", &dump_bytes, "sha256", &sha256) == 0;
    enum bus_status status = BUS_OK;
    if (!fits || strlen(sha256) != MANIFEST_SHA256 - 1)
        status = bus_fail(err, BUS_INVALID, "its " MANIFEST_FILE " cannot be understood");
    else if (version != VERSION)
        status = bus_fail(err, BUS_INVALID, "it was made by another release (version %d, not %d)", version,
                          VERSION);
    if (status == BUS_OK) {
        *ret = (struct manifest){.made = bus_strdup(arena, made),
                                 .postgres = postgres,
                                 .tables = tables,
                                 .database_bytes = database_bytes,
                                 .dump_bytes = dump_bytes};
        memcpy(ret->sha256, sha256, MANIFEST_SHA256);
    }
    json_decref(root);
    return status;
}

enum bus_status manifest_hash(int fd, char ret_hex[MANIFEST_SHA256], int64_t *ret_bytes,
                              struct bus_error *err)
{
    static unsigned char chunk[CHUNK_BYTES];
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    int64_t bytes = 0;
    ssize_t n;
    crypto_hash_sha256_init(&state);
    while ((n = read(fd, chunk, sizeof chunk)) > 0) {
        crypto_hash_sha256_update(&state, chunk, (unsigned long long)n);
        bytes += n;
    }
    if (n < 0)
        return bus_fail(err, BUS_RETRY, "the dump cannot be read: %s", strerror(errno));
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(ret_hex, MANIFEST_SHA256, hash, sizeof hash);
    *ret_bytes = bytes;
    return BUS_OK;
}
