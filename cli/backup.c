/* koppel backup: one file with all that a stack cannot make anew, of one moment for all services. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/manifest.h"
#include "bar.h"
#include "bus/clock.h"
#include "bus/file.h"
#include "cli.h"
#include "interrupt.h"
#include "stack/inventory.h"
#include "stack/pgclient.h"
#include "stack/supervisor.h"

#define DUMPS_MAX 5 /* the log is trimmed once an hour, and whenever an operator says so */

/* The draft of a backup: a folder beside it, which goes when the work is over. */
struct draft {
    struct bus_arena *arena;
    const char *dir; /* NULL: not made */
    struct manifest manifest;
};

static const char *draft_path(const struct draft *self, const char *name)
{
    return bus_printf(self->arena, "%s/%s", self->dir, name);
}

static void draft_done(struct draft *self)
{
    if (self->dir) {
        unlink(draft_path(self, MANIFEST_DUMP));
        unlink(draft_path(self, MANIFEST_FILE));
        unlink(draft_path(self, "backup.tar"));
        rmdir(self->dir);
    }
    bus_arena_free(&self->arena);
}

static enum bus_status draft_make(struct draft *self, const char *file, struct bus_error *err)
{
    char *dir = bus_printf(self->arena, "%s.XXXXXX", file);
    if (access(file, F_OK) == 0)
        return bus_fail(err, BUS_CONFLICT, "%s is there already: name another file", file);
    if (!mkdtemp(dir))
        return bus_fail(err, BUS_DENIED, "nothing can be written beside %s: %s", file, strerror(errno));
    self->dir = dir;
    return BUS_OK;
}

struct dumping {
    struct bar bar;
    bool table_gone; /* a trim dropped one that was to be saved */
};

static void on_dump_line(void *arg, const char *line)
{
    struct dumping *self = arg;
    if (strstr(line, "dumping contents of table"))
        bar_tell(&self->bar, self->bar.done + 1);
    self->table_gone |= strstr(line, "does not exist") || strstr(line, "could not open relation");
}

/* One pg_dump is one snapshot: what a service has read is in it only together with the log it was read from.
 */
static enum bus_status dump(struct draft *self, const struct stack *stack, struct bus_error *err)
{
    struct postgres postgres;
    struct inventory inventory = {0};
    enum bus_status status = postgres_find(stack, &postgres, err);
    if (status == BUS_OK)
        status = inventory_read(stack, &inventory, err);
    if (status != BUS_OK)
        return status;
    char *made = bus_alloc(self->arena, BUS_TIME_TEXT);
    bus_time_format(bus_clock_wall_us() / BUS_SECOND_US * BUS_SECOND_US, made);
    const char *const arguments[] = {"--format=custom",
                                     "--compress=3",
                                     "--verbose",
                                     "--lock-wait-timeout=60s",
                                     bus_printf(self->arena, "--file=%s", draft_path(self, MANIFEST_DUMP)),
                                     POSTGRES_DATABASE,
                                     NULL};
    struct dumping dumping;
    for (int tries = 0; tries == 0 || (status != BUS_OK && dumping.table_gone && tries < DUMPS_MAX);
         tries++) {
        dumping = (struct dumping){.bar = {.what = "tables saved", .whole = inventory.tables}};
        if (tries > 0)
            printf("  the log was trimmed meanwhile: all is saved anew\n");
        status = pgclient_run(&postgres, "pg_dump", arguments, on_dump_line, &dumping, err);
        bar_end(&dumping.bar);
    }
    self->manifest = (struct manifest){.made = made,
                                       .postgres = postgres_version(stack),
                                       .tables = inventory.tables,
                                       .database_bytes = inventory.bytes};
    return status;
}

static enum bus_status describe(struct draft *self, struct bus_error *err)
{
    int fd = open(draft_path(self, MANIFEST_DUMP), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return bus_fail(err, BUS_RETRY, "the dump cannot be read: %s", strerror(errno));
    enum bus_status status = manifest_hash(fd, self->manifest.sha256, &self->manifest.dump_bytes, err);
    close(fd);
    const char *path = draft_path(self, MANIFEST_FILE);
    FILE *file = status == BUS_OK ? fopen(path, "we") : NULL;
    if (status == BUS_OK &&
        (!file || fputs(manifest_to_json(&self->manifest, self->arena), file) < 0 || fflush(file) != 0))
        status = bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(errno));
    if (file)
        fclose(file);
    return status;
}

/* Passwords of the database stay out: a restored stack makes its own. */
static enum bus_status pack(struct draft *self, const struct stack *stack, const char *file,
                            struct bus_error *err)
{
    const char *tar = draft_path(self, "backup.tar");
    char *argv[] = {"tar",
                    "--create",
                    "--file",
                    (char *)tar,
                    "--owner=0",
                    "--group=0",
                    "--exclude=secrets/db-*",
                    "--exclude=*.new",
                    "--directory",
                    (char *)self->dir,
                    MANIFEST_FILE,
                    MANIFEST_DUMP,
                    "--directory",
                    (char *)stack->dir,
                    "secrets",
                    "keys",
                    NULL};
    enum bus_status status =
        program_run(&(struct program){.path = "tar", .argv = argv, .in_fd = -1, .out_fd = -1}, err);
    if (status != BUS_OK)
        return status;
    int fd = open(tar, O_RDONLY | O_CLOEXEC);
    bool kept = fd >= 0 && fsync(fd) == 0 && link(tar, file) == 0 && bus_file_keep_name(file);
    int error = errno;
    if (fd >= 0)
        close(fd);
    return kept ? BUS_OK : bus_fail(err, BUS_RETRY, "%s cannot be written: %s", file, strerror(error));
}

static void draft_tell(const struct draft *self, const char *file)
{
    struct stat st;
    printf("%s: %.1f MB, all services as of %s\n"
           "It holds the database, secrets/ (without the database's passwords) and keys/: whoever has it has "
           "people's\n"
           "names and addresses and may act as any service. Keep it as safe as that. Mail files and logs are "
           "not in it.\n",
           file, stat(file, &st) == 0 ? (double)st.st_size / 1e6 : 0.0, self->manifest.made);
}

int backup_run(int argc, char **argv)
{
    const char *dir;
    if (!cli_dir(argc, argv, 1, &dir))
        return CLI_WRONG;
    if (optind != argc - 1 || argv[optind][0] == '\0')
        return cli_wrong("name the file to write");
    const char *file = argv[optind];
    struct bus_error err = {0};
    umask(077);
    interrupt_noted();
    AUTO(stack_close) struct stack *stack = NULL;
    AUTO(draft_done) struct draft draft = {.arena = bus_arena_new()};
    enum bus_status status = stack_open(dir, &stack, &err);
    if (status == BUS_OK && !supervisor_find(stack))
        status = bus_fail(&err, BUS_RETRY, "no stack is running in %s: start it with koppel up", stack->dir);
    if (status == BUS_OK)
        status = draft_make(&draft, file, &err);
    if (status == BUS_OK)
        status = dump(&draft, stack, &err);
    if (status == BUS_OK)
        status = describe(&draft, &err);
    if (status == BUS_OK && interrupt_came())
        status = BUS_RETRY;
    if (status == BUS_OK)
        status = pack(&draft, stack, file, &err);
    if (interrupt_came() && status != BUS_OK)
        return cli_fail("interrupted: nothing was kept, and the stack is as it was");
    if (status != BUS_OK)
        return cli_fail_with(&err);
    draft_tell(&draft, file);
    return CLI_DONE;
}
