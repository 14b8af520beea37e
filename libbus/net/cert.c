/* Loads key files for sockets, and says in plain words what is wrong with them. */
#include "net/cert.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "net/socket.h"

#define NO_KEY "0000000000000000000000000000000000000000" /* how an absent or unreadable key shows */

#define KEY_FILE_MAX 4096

/* A NUL would hide what stands behind it: the grants, say. */
static bool file_read(const char *path, char text[KEY_FILE_MAX])
{
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t size = fread(text, 1, KEY_FILE_MAX - 1, file);
    bool whole = feof(file) && !ferror(file) && !memchr(text, '\0', size);
    fclose(file);
    text[size] = '\0';
    return whole;
}

static bool key_decode(zconfig_t *root, const char *path, uint8_t key[32])
{
    const char *text = zconfig_get(root, path, "");
    return strlen(text) == 40 && zmq_z85_decode(key, text) != NULL;
}

static void copy_meta(zconfig_t *root, zcert_t *cert, const char *name, const char *path)
{
    const char *value = zconfig_get(root, path, NULL);
    if (value) /* a line without a word is not the same as no line: it stays told apart, as a blank */
        zcert_set_meta(cert, name, "%s", *value != '\0' ? value : " ");
}

/* The first word there that nobody reads, that stands there twice, or that is written below another; NULL. */
static const char *strange_word(zconfig_t *section, const char *const *words, bool leaves)
{
    for (zconfig_t *word = section ? zconfig_child(section) : NULL; word; word = zconfig_next(word)) {
        size_t i = 0;
        while (words[i] && strcmp(words[i], zconfig_name(word)) != 0)
            i++;
        if (!words[i] || zconfig_locate(section, words[i]) != word)
            return zconfig_name(word);
        if (leaves && zconfig_child(word))
            return zconfig_name(zconfig_child(word));
    }
    return NULL;
}

/* Without this a "grant" would be a key without grants, which may all that its role may. */
static const char *strange_word_of(zconfig_t *root)
{
    static const char *const sections[] = {"metadata", "curve", NULL};
    static const char *const metadata[] = {"name", "role", "grants", NULL};
    static const char *const curve[] = {"public-key", "secret-key", NULL};
    const char *strange = strange_word(root, sections, false);
    if (!strange)
        strange = strange_word(zconfig_locate(root, "metadata"), metadata, true);
    return strange ? strange : strange_word(zconfig_locate(root, "curve"), curve, true);
}

/* zcert_load() would look for "<path>_secret" first, take any 40 characters for a key, and leak on a broken
 * file. */
enum bus_status net_cert_load(const char *path, zcert_t **ret_cert, struct bus_error *err)
{
    net_process_init();
    char text[KEY_FILE_MAX];
    uint8_t public_key[32] = {0}, secret_key[32] = {0};
    AUTO(zconfig_destroy) zconfig_t *root = file_read(path, text) ? zconfig_str_load(text) : NULL;
    if (!root || !key_decode(root, "/curve/public-key", public_key))
        return bus_fail(err, BUS_INVALID, "key file %s holds no CURVE key: make it anew", path);
    const char *strange = strange_word_of(root);
    if (strange)
        return bus_fail(
            err, BUS_INVALID,
            "key file %s: the word \"%.40s\" is not known there, or stands there twice: it has name, "
            "role and grants below metadata, and the keys below curve",
            path, strange);
    if (!key_decode(root, "/curve/secret-key", secret_key))
        memset(secret_key, 0, sizeof(secret_key));
    zcert_t *cert = zcert_new_from(public_key, secret_key);
    if (streq(zcert_public_txt(cert), NO_KEY)) {
        zcert_destroy(&cert);
        return bus_fail(err, BUS_INVALID, "key file %s holds no CURVE key: make it anew", path);
    }
    copy_meta(root, cert, "name", "/metadata/name");
    copy_meta(root, cert, "role", "/metadata/role");
    copy_meta(root, cert, "grants", "/metadata/grants");
    *ret_cert = cert;
    return BUS_OK;
}

static enum bus_status load(const char *path, const char *remedy, zcert_t **ret_cert, struct bus_error *err)
{
    if (access(path, R_OK) != 0)
        return bus_fail(err, BUS_RETRY, "key file %s cannot be read (%s): %s", path, strerror(errno), remedy);
    return net_cert_load(path, ret_cert, err);
}

enum bus_status net_cert_secret(const char *keys_dir, const char *name, zcert_t **ret_cert,
                                struct bus_error *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s.key", keys_dir, name);
    AUTO(zcert_destroy) zcert_t *cert = NULL;
    enum bus_status status = load(path, "make the keys first", &cert, err);
    if (status)
        return status;
    if (streq(zcert_secret_txt(cert), NO_KEY))
        return bus_fail(err, BUS_INVALID, "key file %s holds only the public half: put the secret key there",
                        path);
    *ret_cert = cert;
    cert = NULL;
    return BUS_OK;
}

enum bus_status net_cert_public(const char *keys_dir, const char *name, char ret_key[41],
                                struct bus_error *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/allowed/%s.pub", keys_dir, name);
    AUTO(zcert_destroy) zcert_t *cert = NULL;
    enum bus_status status = load(path, "put it there, it is the public half of its key", &cert, err);
    if (status)
        return status;
    memcpy(ret_key, zcert_public_txt(cert), 41);
    return BUS_OK;
}
