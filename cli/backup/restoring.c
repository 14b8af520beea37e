/* See restoring.h. */
#include "restoring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/clock.h"
#include "manifest.h"
#include "stack/connection.h"
#include "stack/pgclient.h"
#include "stack/streams.h"

#define FOLDER "restore"

static enum bus_status remove_all(const struct stack *stack, struct bus_error *err)
{
    char *argv[] = {"rm", "-rf", "--", (char *)stack_path(stack, FOLDER), NULL};
    return program_run(&(struct program){.path = "rm", .argv = argv, .in_fd = -1, .out_fd = -1}, err);
}

/* Of an earlier one that was cut off. The folder stays: it alone keeps a stack that is half full from
 * starting. */
static enum bus_status remove_leftovers(const struct stack *stack, struct bus_error *err)
{
    char *argv[] = {"rm",
                    "-rf",
                    "--",
                    (char *)stack_path(stack, FOLDER "/" MANIFEST_FILE),
                    (char *)stack_path(stack, FOLDER "/" MANIFEST_DUMP),
                    (char *)stack_path(stack, FOLDER "/secrets"),
                    (char *)stack_path(stack, FOLDER "/keys"),
                    NULL};
    return program_run(&(struct program){.path = "rm", .argv = argv, .in_fd = -1, .out_fd = -1}, err);
}

static enum bus_status unpack(const struct stack *stack, int backup_fd, struct bus_error *err)
{
    const char *folder = stack_path(stack, FOLDER);
    enum bus_status status = remove_leftovers(stack, err);
    if (status != BUS_OK)
        return status;
    if ((mkdir(folder, 0700) < 0 && errno != EEXIST) || lseek(backup_fd, 0, SEEK_SET) < 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be made: %s", folder, strerror(errno));
    char *argv[] = {"tar",         "--extract",    "--file=-",    "--no-same-owner",
                    "--directory", (char *)folder, MANIFEST_FILE, MANIFEST_DUMP,
                    "secrets",     "keys",         NULL};
    return program_run(&(struct program){.path = "tar", .argv = argv, .in_fd = backup_fd, .out_fd = -1}, err);
}

static enum bus_status manifest_read(const struct stack *stack, struct manifest *ret, struct bus_error *err)
{
    char text[65536];
    int fd = open(stack_path(stack, FOLDER "/" MANIFEST_FILE), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
    return manifest_from_json(text, stack->arena, ret, err);
}

static enum bus_status dump_check(const struct stack *stack, struct bus_error *err)
{
    struct manifest said;
    char sha256[MANIFEST_SHA256];
    int64_t bytes = 0;
    enum bus_status status = manifest_read(stack, &said, err);
    int fd = open(stack_path(stack, FOLDER "/" MANIFEST_DUMP), O_RDONLY | O_CLOEXEC);
    if (status == BUS_OK)
        status = manifest_hash(fd, sha256, &bytes, err);
    if (fd >= 0)
        close(fd);
    if (status == BUS_OK && (bytes != said.dump_bytes || strcmp(sha256, said.sha256) != 0))
        status = bus_fail(err, BUS_INVALID,
                          "the backup is damaged: its database is not what it was; take another one");
    return status;
}

/* By this machine's pg_restore: one that is older than the backup's server says so here. */
static enum bus_status dump_readable(const struct stack *stack, struct bus_error *err)
{
    struct postgres postgres;
    enum bus_status status = postgres_find(stack, &postgres, err);
    if (status != BUS_OK)
        return status;
    char *path = bus_printf(stack->arena, "%s/pg_restore", postgres.bin);
    char *argv[] = {"pg_restore", "--list", (char *)restoring_dump(stack), NULL};
    return program_run(&(struct program){.path = path, .argv = argv, .in_fd = -1, .out_fd = -1}, err);
}

static enum bus_status move(const char *from, const char *to, struct bus_error *err)
{
    return rename(from, to) == 0
               ? BUS_OK
               : bus_fail(err, BUS_RETRY, "%s cannot become %s: %s", from, to, strerror(errno));
}

/* What stands there and is not empty goes aside. */
static enum bus_status put_aside(const struct stack *stack, const char *name, const char *aside,
                                 struct bus_error *err)
{
    const char *at = stack_path(stack, "%s", name);
    if (rmdir(at) == 0 || errno == ENOENT)
        return BUS_OK;
    if (mkdir(aside, 0700) < 0 && errno != EEXIST)
        return bus_fail(err, BUS_RETRY, "%s cannot be made: %s", aside, strerror(errno));
    return move(at, bus_printf(stack->arena, "%s/%s", aside, name), err);
}

/* All of it, names too: after a power cut the folder must stand as long as the work is not over, and not be
 * the first thing that was kept. */
static enum bus_status to_disk(const struct stack *stack, struct bus_error *err)
{
    int fd = open(stack->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool kept = fd >= 0 && syncfs(fd) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    return kept ? BUS_OK
                : bus_fail(err, BUS_RETRY, "%s cannot be kept on the disk: %s", stack->dir, strerror(error));
}

/* The database with the keys and secrets that belong to it. */
static enum bus_status exchange(const struct stack *stack, struct bus_error *err)
{
    char time[BUS_TIME_TEXT];
    bus_time_format(bus_clock_wall_us(), time);
    const char *aside = stack_path(stack, "before-restore-%s", time);
    enum bus_status status = put_aside(stack, "pg", aside, err);
    if (status == BUS_OK)
        status = put_aside(stack, "secrets", aside, err);
    if (status == BUS_OK)
        status = put_aside(stack, "keys", aside, err);
    if (status == BUS_OK)
        status = move(stack_path(stack, FOLDER "/secrets"), stack_path(stack, "secrets"), err);
    return status == BUS_OK ? move(stack_path(stack, FOLDER "/keys"), stack_path(stack, "keys"), err)
                            : status;
}

enum bus_status restoring_begin_repair(const struct stack *stack, int backup_fd, struct bus_error *err)
{
    bool cut_off_before = access(stack_path(stack, FOLDER), F_OK) == 0;
    enum bus_status status = unpack(stack, backup_fd, err);
    if (status == BUS_OK)
        status = dump_check(stack, err);
    if (status == BUS_OK)
        status = dump_readable(stack, err);
    if (status == BUS_OK)
        status = to_disk(stack, err);
    struct bus_error ignored;
    if (status != BUS_OK && !cut_off_before)
        (void)(remove_all(stack, &ignored) == BUS_OK);
    return status;
}

enum bus_status restoring_begin(const struct stack *stack, int backup_fd, struct bus_error *err)
{
    enum bus_status status = restoring_begin_repair(stack, backup_fd, err);
    return status == BUS_OK ? exchange(stack, err) : status;
}

struct loading {
    void (*on_table)(void *arg);
    void *arg;
};

static void on_restore_line(void *arg, const char *line)
{
    const struct loading *loading = arg;
    if (strstr(line, "processing data for table"))
        loading->on_table(loading->arg);
}

const char *restoring_dump(const struct stack *stack)
{
    return stack_path(stack, FOLDER "/" MANIFEST_DUMP);
}

/* Without statistics the first plans would be guesses. */
enum bus_status restoring_analyze(const struct postgres *postgres, struct bus_error *err)
{
    const char *const arguments[] = {"--analyze-only", "--quiet", POSTGRES_DATABASE, NULL};
    return pgclient_run(postgres, "vacuumdb", arguments, NULL, NULL, err);
}

static enum bus_status raise_all(const struct stack *stack, struct bus_error *err)
{
    AUTO(connection_done) PGconn *connection = NULL;
    struct streams streams = {0};
    enum bus_status status = connection_open(stack, &connection, err);
    for (int i = 0; i < STACK_SERVICES; i++)
        streams.chosen[i] = true;
    return status == BUS_OK ? streams_raise(connection, &streams, err) : status;
}

enum bus_status restoring_load(const struct postgres *postgres, void (*on_table)(void *arg), void *arg,
                               struct bus_error *err)
{
    struct loading loading = {on_table, arg};
    static const char database[] = "--dbname=" POSTGRES_DATABASE;
    const char *const arguments[] = {"--clean",
                                     "--if-exists",
                                     "--exit-on-error",
                                     "--single-transaction",
                                     "--verbose",
                                     database,
                                     restoring_dump(postgres->stack),
                                     NULL};
    enum bus_status status = pgclient_run(postgres, "pg_restore", arguments, on_restore_line, &loading, err);
    if (status == BUS_OK)
        status = raise_all(postgres->stack, err);
    return status;
}

enum bus_status restoring_finish(const struct stack *stack, struct bus_error *err)
{
    enum bus_status status = to_disk(stack, err);
    return status == BUS_OK ? remove_all(stack, err) : status;
}

enum bus_status restoring_refuse(const struct stack *stack, struct bus_error *err)
{
    if (access(stack_path(stack, FOLDER), F_OK) < 0)
        return BUS_OK;
    return bus_fail(err, BUS_CONFLICT,
                    "a restore or repair did not get to its end here: run it again, or koppel restore; what "
                    "stood here before is in %s/before-…",
                    stack->dir);
}
