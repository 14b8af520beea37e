/* The first bytes of a msgpack value, which say what it is and how long: the one place that knows the
 * format's type codes for reading. Reads within [at, end) whatever stands there. */
#ifndef WIRE_HEAD_H
#define WIRE_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum wire_kind {
    WIRE_CUT, /* the bytes end within the head */
    WIRE_NIL,
    WIRE_BOOL,
    WIRE_INT,
    WIRE_HUGE, /* an unsigned integer above INT64_MAX */
    WIRE_NUMBER,
    WIRE_TEXT,
    WIRE_ARRAY,
    WIRE_MAP,
    WIRE_BIN,
    WIRE_EXT,
    WIRE_UNUSED, /* 0xc1 */
};

struct wire_head {
    enum wire_kind kind;
    uint32_t n; /* bytes of a text, values of an array, pairs of a map */
    union {
        bool boolean;
        int64_t integer;
        double number;
    };
    const uint8_t *body; /* what follows the head */
};

static inline uint64_t wire_big_endian(const uint8_t *at, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static inline struct wire_head wire_counted(enum wire_kind kind, const uint8_t *at, const uint8_t *end,
                                            unsigned size)
{
    if (end - at < (ptrdiff_t)size)
        return (struct wire_head){.kind = WIRE_CUT};
    return (struct wire_head){.kind = kind, .n = (uint32_t)wire_big_endian(at, size), .body = at + size};
}

static inline struct wire_head wire_unsigned(const uint8_t *at, const uint8_t *end, unsigned size)
{
    if (end - at < (ptrdiff_t)size)
        return (struct wire_head){.kind = WIRE_CUT};
    uint64_t value = wire_big_endian(at, size);
    enum wire_kind kind = value > INT64_MAX ? WIRE_HUGE : WIRE_INT;
    return (struct wire_head){.kind = kind, .integer = (int64_t)value, .body = at + size};
}

static inline struct wire_head wire_signed(const uint8_t *at, const uint8_t *end, unsigned size)
{
    if (end - at < (ptrdiff_t)size)
        return (struct wire_head){.kind = WIRE_CUT};
    unsigned unused = 64 - 8 * size; /* shifted up and down again, the sign fills them */
    int64_t value = (int64_t)(wire_big_endian(at, size) << unused) >> unused;
    return (struct wire_head){.kind = WIRE_INT, .integer = value, .body = at + size};
}

static inline struct wire_head wire_real(const uint8_t *at, const uint8_t *end, unsigned size)
{
    if (end - at < (ptrdiff_t)size)
        return (struct wire_head){.kind = WIRE_CUT};
    struct wire_head head = {.kind = WIRE_NUMBER, .body = at + size};
    uint64_t bits = wire_big_endian(at, size);
    if (size == 4) {
        uint32_t half = (uint32_t)bits;
        float single;
        memcpy(&single, &half, sizeof(single));
        head.number = (double)single;
    } else {
        memcpy(&head.number, &bits, sizeof(head.number));
    }
    return head;
}

static inline __attribute__((always_inline)) struct wire_head wire_head_read(const uint8_t *at,
                                                                             const uint8_t *end)
{
    if (at >= end)
        return (struct wire_head){.kind = WIRE_CUT};
    uint8_t code = *at++;
    if (code <= 0x7f)
        return (struct wire_head){.kind = WIRE_INT, .integer = code, .body = at};
    if (code <= 0x8f)
        return (struct wire_head){.kind = WIRE_MAP, .n = code & 0x0fu, .body = at};
    if (code <= 0x9f)
        return (struct wire_head){.kind = WIRE_ARRAY, .n = code & 0x0fu, .body = at};
    if (code <= 0xbf)
        return (struct wire_head){.kind = WIRE_TEXT, .n = code & 0x1fu, .body = at};
    if (code >= 0xe0)
        return (struct wire_head){.kind = WIRE_INT, .integer = (int8_t)code, .body = at};
    switch (code) {
    case 0xc0:
        return (struct wire_head){.kind = WIRE_NIL, .body = at};
    case 0xc1:
        return (struct wire_head){.kind = WIRE_UNUSED, .body = at};
    case 0xc2:
    case 0xc3:
        return (struct wire_head){.kind = WIRE_BOOL, .boolean = code == 0xc3, .body = at};
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return (struct wire_head){.kind = WIRE_BIN, .body = at};
    case 0xca:
    case 0xcb:
        return wire_real(at, end, code == 0xca ? 4 : 8);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return wire_unsigned(at, end, 1u << (code - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return wire_signed(at, end, 1u << (code - 0xd0));
    case 0xd9:
    case 0xda:
    case 0xdb:
        return wire_counted(WIRE_TEXT, at, end, 1u << (code - 0xd9));
    case 0xdc:
    case 0xdd:
        return wire_counted(WIRE_ARRAY, at, end, code == 0xdc ? 2 : 4);
    case 0xde:
    case 0xdf:
        return wire_counted(WIRE_MAP, at, end, code == 0xde ? 2 : 4);
    default: /* 0xc7 to 0xc9 and 0xd4 to 0xd8 */
        return (struct wire_head){.kind = WIRE_EXT, .body = at};
    }
}

#endif
