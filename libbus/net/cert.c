/* Loads key files for sockets, and says in plain words what is wrong with them. */
#include "net/cert.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "net/socket.h"

#define NO_KEY "0000000000000000000000000000000000000000" /* how an absent or unreadable key shows */

#define KEY_FILE_MAX 4096

static bool file_read(const char *path, char text[KEY_FILE_MAX])
{
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t size = fread(text, 1, KEY_FILE_MAX - 1, file);
    bool whole = feof(file) && !ferror(file);
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
    if (cert && value) /* a line without a word is not the same as no line: it stays told apart, as a blank */
        zcert_set_meta(cert, name, "%s", *value != '\0' ? value : " ");
}

/* zcert_load() would look for "<path>_secret" first, take any 40 characters for a key, and leak on a broken
 * file. */
zcert_t *net_cert_load(const char *path)
{
    net_process_init();
    char text[KEY_FILE_MAX];
    uint8_t public_key[32] = {0}, secret_key[32] = {0};
    AUTO(zconfig_destroy) zconfig_t *root = file_read(path, text) ? zconfig_str_load(text) : NULL;
    if (!root || !key_decode(root, "/curve/public-key", public_key))
        return NULL;
    if (!key_decode(root, "/curve/secret-key", secret_key))
        memset(secret_key, 0, sizeof(secret_key));
    zcert_t *cert = zcert_new_from(public_key, secret_key);
    if (streq(zcert_public_txt(cert), NO_KEY))
        zcert_destroy(&cert);
    copy_meta(root, cert, "name", "/metadata/name");
    copy_meta(root, cert, "role", "/metadata/role");
    copy_meta(root, cert, "grants", "/metadata/grants");
    return cert;
}

static enum bus_status load(const char *path, zcert_t **ret_cert, struct bus_error *err)
{
    if (access(path, R_OK) != 0)
        return bus_fail(err, BUS_RETRY, "key file %s cannot be read (%s): make the keys first", path,
                        strerror(errno));
    zcert_t *cert = net_cert_load(path);
    if (!cert)
        return bus_fail(err, BUS_INVALID, "key file %s holds no CURVE key: make it anew", path);
    *ret_cert = cert;
    return BUS_OK;
}

enum bus_status net_cert_secret(const char *keys_dir, const char *name, zcert_t **ret_cert,
                                struct bus_error *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s.key", keys_dir, name);
    AUTO(zcert_destroy) zcert_t *cert = NULL;
    enum bus_status status = load(path, &cert, err);
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
    enum bus_status status = load(path, &cert, err);
    if (status)
        return status;
    memcpy(ret_key, zcert_public_txt(cert), 41);
    return BUS_OK;
}
