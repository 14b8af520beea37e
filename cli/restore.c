/* koppel restore puts a backup into a folder where no stack runs, koppel repair some of its services into a
 * stack that is stopped. Everything is checked before anything is touched. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "backup/manifest.h"
#include "bar.h"
#include "cli.h"
#include "interrupt.h"
#include "stack/place.h"
#include "stack/postgres.h"
#include "stack/program.h"
#include "stack/supervisor.h"

#define MANIFEST_BYTES_MAX 65536

static struct bar bar = {.what = "tables restored"};

static void on_progress(const char *text)
{
    printf("  %s\n", text);
    fflush(stdout);
}

static void on_part(int64_t done)
{
    bar_tell(&bar, done);
}

/* By the mark in its first header. */
static bool is_tar(int file)
{
    char mark[5];
    return pread(file, mark, sizeof mark, 257) == sizeof mark && memcmp(mark, "ustar", sizeof mark) == 0;
}

/* Memory to be written to like a file, which takes no more than that. */
static int room_make(off_t bytes)
{
    int room = memfd_create(MANIFEST_FILE, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (room >= 0 && ftruncate(room, bytes) == 0 && fcntl(room, F_ADD_SEALS, F_SEAL_GROW) == 0)
        return room;
    if (room >= 0)
        close(room);
    return -1;
}

static enum bus_status manifest_read(int file, struct bus_arena *arena, struct manifest *ret,
                                     struct bus_error *err)
{
    char *text = bus_alloc(arena, MANIFEST_BYTES_MAX + 1);
    int out = room_make(MANIFEST_BYTES_MAX);
    if (out < 0)
        return bus_fail(err, BUS_RETRY, "no room can be made for its " MANIFEST_FILE ": %s", strerror(errno));
    char *argv[] = {"tar", "--extract", "--to-stdout", "--file=-", "--occurrence=1", MANIFEST_FILE, NULL};
    (void)lseek(file, 0, SEEK_SET);
    enum bus_status status =
        program_run(&(struct program){.path = "tar", .argv = argv, .in_fd = file, .out_fd = out}, err);
    ssize_t n = pread(out, text, MANIFEST_BYTES_MAX, 0);
    close(out);
    text[n > 0 ? n : 0] = '\0';
    if (status != BUS_OK && !is_tar(file))
        return bus_fail(err, BUS_INVALID, "koppel backup did not make it; name a file that it made");
    return status == BUS_OK ? manifest_from_json(text, arena, ret, err) : status;
}

/* Read to its end: a file that was cut off in copying has a good beginning. */
static enum bus_status end_check(int file, struct bus_error *err)
{
    char *argv[] = {"tar", "--list", "--file=-", NULL};
    (void)lseek(file, 0, SEEK_SET);
    if (program_run(&(struct program){.path = "tar", .argv = argv, .in_fd = file, .out_fd = -1}, err) ==
        BUS_OK)
        return BUS_OK;
    return bus_fail(err, BUS_INVALID,
                    "the file is cut off or damaged: copy it again, or take another backup");
}

/* Room for the unpacked dump, and for the database it becomes with its write-ahead log. */
static enum bus_status room_check(const char *dir, const struct manifest *manifest, struct bus_arena *arena,
                                  struct bus_error *err)
{
    struct statvfs place;
    char *path = bus_strdup(arena, dir);
    while (statvfs(path, &place) < 0)
        if (errno != ENOENT || strcmp(path = dirname(path), ".") == 0 || strcmp(path, "/") == 0)
            return BUS_OK; /* whether it can be made, others say */
    int64_t room = (int64_t)(place.f_bavail * place.f_frsize);
    int64_t needed = manifest->dump_bytes + 2 * manifest->database_bytes;
    if (room < needed)
        return bus_fail(err, BUS_CONFLICT, "%s has room for %.0f MB, and this backup needs %.0f MB", dir,
                        (double)room / 1e6, (double)needed / 1e6);
    return BUS_OK;
}

/* What can be found out without writing anything. */
static enum bus_status check(const char *file, int fd, const char *dir, struct bus_arena *arena,
                             struct manifest *ret, struct bus_error *err)
{
    AUTO(stack_close) struct stack *stack = NULL;
    if (manifest_read(fd, arena, ret, err) != BUS_OK || end_check(fd, err) != BUS_OK)
        return bus_fail_in(err, "%s is no whole backup", file);
    enum bus_status status = stack_open(dir, &stack, err);
    if (status == BUS_NOT_FOUND)
        status = BUS_OK;
    if (status == BUS_OK && stack && supervisor_find(stack))
        status = bus_fail(err, BUS_CONFLICT, "a stack is running in %s: stop it with koppel down first",
                          stack->dir);
    return status == BUS_OK ? room_check(dir, ret, arena, err) : status;
}

/* What no backup holds, and who comes back or is written to without it. */
static void tell_before_up(const char *dir, struct bus_arena *arena)
{
    if (access(bus_printf(arena, "%s/erasures", dir), F_OK) != 0)
        printf("  first copy the file erasures from the folder of the stack that it was made of into %s: "
               "without "
               "it those who were erased since are back\n",
               dir);
    printf("  what was taken back since is back: revoke again the tokens that were (GET /v1/tokens), and "
           "withdraw "
           "again the consents\n");
    printf(
        "  a copy for trying out needs a MAIL_URL of its own, or none: with that of the old stack it writes "
        "to people\n");
}

/* `repairs` NULL: all of the stack. */
static enum bus_status restore(const char *file, const char *dir, const char *repairs, struct bus_error *err)
{
    struct manifest manifest;
    struct supervisor_order order = {
        .restores = true, .repairs = repairs, .on_progress = on_progress, .on_part = on_part};
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return bus_fail(err, BUS_NOT_FOUND, "%s cannot be read: %s", file, strerror(errno));
    enum bus_status status = check(file, fd, dir, arena, &manifest, err);
    if (status == BUS_OK)
        status = place_prepare(dir, &order.account, err);
    if (status == BUS_OK) {
        bar.whole = manifest.tables;
        order.backup_fd = fd;
        interrupt_tells(
            "koppel: interrupted; what was begun in %s goes on to its end by itself: koppel up --dir %s says "
            "whether it got there",
            dir, dir);
        printf("  unpacking %.1f MB, made %s\n", (double)manifest.dump_bytes / 1e6, manifest.made);
        status = supervisor_start(dir, &order, err);
        bar_end(&bar);
    }
    close(fd);
    if (status == BUS_OK) {
        printf("%s as of %s: start the stack with koppel up --dir %s\n",
               repairs ? "they are" : "all services are", manifest.made, dir);
        if (!repairs)
            tell_before_up(dir, arena);
    }
    return status;
}

/* A repair is of a stack that was there. */
static enum bus_status postgres_stands(const char *dir, struct bus_error *err)
{
    AUTO(stack_close) struct stack *stack = NULL;
    enum bus_status status = stack_open(dir, &stack, err);
    if (status == BUS_OK && postgres_is_new(stack))
        status =
            bus_fail(err, BUS_NOT_FOUND, "there is no stack in %s to repair: koppel restore makes one", dir);
    return status;
}

int restore_run(int argc, char **argv)
{
    const char *dir;
    struct bus_error err = {0};
    if (!cli_dir(argc, argv, 1, &dir))
        return CLI_WRONG;
    if (optind != argc - 1)
        return cli_wrong("name the file to restore");
    return restore(argv[optind], dir, NULL, &err) == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}

int repair_run(int argc, char **argv)
{
    const char *dir;
    struct bus_error err = {0};
    if (!cli_dir(argc, argv, 2, &dir))
        return CLI_WRONG;
    if (optind != argc - 2)
        return cli_wrong("name the service to bring back, and the backup");
    if (stack_service_index(argv[optind]) < 0)
        return cli_wrong("there is no service %s", argv[optind]);
    if (postgres_stands(dir, &err) != BUS_OK)
        return cli_fail_with(&err);
    return restore(argv[optind + 1], dir, argv[optind], &err) == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
