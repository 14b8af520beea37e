/* UUIDv7: 48 bits of milliseconds, 12 bits of the fraction of the millisecond, 62 bits that tell
 * ids of the same microsecond apart: random, or a hash of their cause. */
#include "bus/id.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "bus/status.h"

static void sodium_open(void)
{
    if (sodium_init() < 0)
        bus_die("libsodium does not start: no source of random numbers");
}

/* Takes `id` full of random or hashed bytes, and lays time, version and variant over them. */
static void put_time(struct bus_id *id, int64_t now_us)
{
    uint64_t us = now_us > 0 ? (uint64_t)now_us : 0;
    uint64_t ms = us / 1000;
    uint64_t fraction = us % 1000 * 4096 / 1000;
    for (int i = 0; i < 6; i++)
        id->bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    id->bytes[6] = (uint8_t)(0x70 | fraction >> 8);
    id->bytes[7] = (uint8_t)(fraction & 0xff);
    id->bytes[8] = (uint8_t)(0x80 | (id->bytes[8] & 0x3f));
}

struct bus_id bus_id_random(int64_t now_us)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, sodium_open);
    struct bus_id id;
    randombytes_buf(id.bytes, sizeof(id.bytes));
    put_time(&id, now_us);
    return id;
}

struct bus_id bus_id_derived(int64_t now_us, const void *seed, size_t seed_size, uint32_t n)
{
    uint8_t count[4] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24)};
    struct bus_id id;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof(id.bytes));
    crypto_generichash_update(&state, seed, seed_size);
    crypto_generichash_update(&state, count, sizeof(count));
    crypto_generichash_final(&state, id.bytes, sizeof(id.bytes));
    put_time(&id, now_us);
    return id;
}

bool bus_id_is_nil(struct bus_id id)
{
    static const struct bus_id nil;
    return memcmp(&id, &nil, sizeof(id)) == 0;
}

int bus_id_compare(struct bus_id a, struct bus_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof(a.bytes));
}

static bool is_dash(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

void bus_id_format(struct bus_id id, char text[BUS_ID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < sizeof(id.bytes); i++) {
        if (is_dash(at))
            text[at++] = '-';
        text[at++] = digits[id.bytes[i] >> 4];
        text[at++] = digits[id.bytes[i] & 15];
    }
    text[at] = '\0';
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool bus_id_parse(const char *text, size_t size, struct bus_id *ret_id)
{
    if (!text || size != BUS_ID_TEXT - 1)
        return false;
    struct bus_id id;
    size_t n = 0;
    for (size_t at = 0; at < size;) {
        if (is_dash(at)) {
            if (text[at++] != '-')
                return false;
            continue;
        }
        int high = digit_value(text[at]);
        int low = digit_value(text[at + 1]);
        if (high < 0 || low < 0)
            return false;
        id.bytes[n++] = (uint8_t)(high << 4 | low);
        at += 2;
    }
    *ret_id = id;
    return true;
}
