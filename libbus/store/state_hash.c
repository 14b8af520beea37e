/* One hash over the tables' hashes. */
#include <sodium.h>
#include <string.h>

#include "store/store.h"

enum bus_status store_reader_state_hash(struct store_reader *self, struct bus_arena *arena,
                                        const char **ret_hex, struct bus_error *err)
{
    const char *const *tables, *const *hexes;
    size_t n;
    enum bus_status status = store_reader_table_hashes(self, arena, &tables, &hexes, &n, err);
    if (status != BUS_OK)
        return status;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < n; i++) {
        const char *line = bus_printf(arena, "%s %s\n", tables[i], hexes[i]);
        crypto_hash_sha256_update(&state, (const unsigned char *)line, strlen(line));
    }
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&state, hash);
    char *hex = bus_alloc(arena, sizeof(hash) * 2 + 1);
    sodium_bin2hex(hex, sizeof(hash) * 2 + 1, hash, sizeof(hash));
    *ret_hex = hex;
    return BUS_OK;
}
