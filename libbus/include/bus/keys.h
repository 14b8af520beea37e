/* The CURVE keys of a stack: who is who on the wire. `keys_dir` holds <name>.key (both halves, mode 0600) and
 * allowed/<name>.pub (the public half, with its name and role): what stands in allowed/ may connect. */
#ifndef BUS_KEYS_H
#define BUS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/arena.h"
#include "bus/status.h"

#define BUS_ROLE_PEER     "peer"      /* a service of the stack */
#define BUS_ROLE_OPERATOR "operator"  /* the command line */
#define BUS_ROLE_ADAPTER  "adapter"   /* a program of somebody else */
extern const char *const bus_roles[]; /* NULL-terminated */

#define BUS_KEY_NAME_MAX 40

struct bus_key {
    const char *name;
    const char *role;
    const char *public_key; /* Z85, 40 characters */
    const char *grants;     /* words that say what its holder may; "" when the role alone says so */
};

/* Is there a secret key of that name? */
bool bus_keys_exist(const char *keys_dir, const char *name);
/* Makes a pair, and the folders where they are missing. The name is a slug (a-z, 0-9, hyphens); `grants` may
 * be NULL. BUS_CONFLICT when the secret key is there already. */
BUS_CHECKED enum bus_status bus_keys_make(const char *keys_dir, const char *name, const char *role,
                                          const char *grants, struct bus_error *err);
/* Whether a word `<what>=<value>` stands in the grants of a key, or `<what>=*`. Without any grants its holder
 * may do all that the role may; with some, what stands there and no more. */
bool bus_key_grants(const char *grants, const char *what, const char *value);
/* Adds the words that the public file of that name lacks; none is taken away, and a file without grants,
 * which may all that its role may, stays as it is. BUS_NOT_FOUND when there is no such file. */
BUS_CHECKED enum bus_status bus_keys_grant(const char *keys_dir, const char *name, const char *words,
                                           struct bus_error *err);
/* A secret for another use than CURVE, 16 to 64 bytes: made of the secret key of that name and of the use's
 * own name, so the same for as long as the key is, and no way back to it. */
BUS_CHECKED enum bus_status bus_keys_derive(const char *keys_dir, const char *name, const char *use,
                                            uint8_t *ret, size_t size, struct bus_error *err);
/* What a key file says (either half); BUS_NOT_FOUND when there is no such file, BUS_INVALID when it is no
 * key, or when there stands a word in it that nobody reads: a grant that is misspelt would pass for none. */
BUS_CHECKED enum bus_status bus_keys_load(const char *path, struct bus_arena *arena, struct bus_key *ret_key,
                                          struct bus_error *err);
/* All of allowed/ that have a name and a known role, in order of name; files that are no such key are passed
 * over, and `ret_fault` says what is wrong with one of them, or is NULL. */
BUS_CHECKED enum bus_status bus_keys_allowed(const char *keys_dir, struct bus_arena *arena,
                                             struct bus_key **ret_keys, size_t *ret_n, const char **ret_fault,
                                             struct bus_error *err);

#endif
