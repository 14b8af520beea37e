/* Makes a cluster and its settings. */
#include "postgres.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/file.h"
#include "credentials.h"
#include "process.h"

#define DEBIAN_ROOT "/usr/lib/postgresql"
#define SOCKET_NAME "/.s.PGSQL.5432.lock"

static const char settings[] = "# Written anew at every start.\n"
                               "listen_addresses = ''\n"
                               "unix_socket_permissions = 0700\n"
                               "max_connections = 60\n"
                               "superuser_reserved_connections = 3\n"
                               /* What is written to all the time: the current rows of all services, and where
                                * their indexes are entered. */
                               "shared_buffers = 256MB\n"
                               "effective_cache_size = 512MB\n"
                               "max_parallel_workers_per_gather = 0\n"
                               "jit = off\n"
                               "update_process_title = off\n"
                               "min_wal_size = 80MB\n"
                               /* After each checkpoint every page is logged whole when it first changes. With
                                * less, a long replay has one every few seconds, and compressing those pages
                                * took a sixth of matching's session; rare, they need no compressing. */
                               "max_wal_size = 2GB\n"
                               "checkpoint_timeout = 10min\n"
                               /* Most tables only grow and are read by key: to vacuum and analyze what was
                                * added, every minute, cost a tenth of a long replay. */
                               "autovacuum_vacuum_insert_threshold = -1\n"
                               "autovacuum_analyze_scale_factor = 1\n"
                               "password_encryption = 'scram-sha-256'\n"
                               "timezone = 'UTC'\n"
                               "log_timezone = 'UTC'\n"
                               "log_line_prefix = '%m %u '\n"
                               "log_checkpoints = off\n"
                               /* Statements and details of errors hold what people entered. */
                               "log_min_error_statement = 'panic'\n"
                               "log_error_verbosity = 'terse'\n";

/* ---- programs */

static bool has_programs(struct bus_arena *arena, const char *bin)
{
    return access(bus_printf(arena, "%s/initdb", bin), X_OK) == 0 &&
           access(bus_printf(arena, "%s/postgres", bin), X_OK) == 0;
}

/* From pg/PG_VERSION. */
int postgres_version(const struct stack *stack)
{
    const char *line = stack_last_line(stack_path(stack, "pg/PG_VERSION"), stack->arena);
    return (int)strtol(line, NULL, 10);
}

bool postgres_is_new(const struct stack *stack)
{
    return postgres_version(stack) == 0;
}

static const char *newest_debian(struct bus_arena *arena)
{
    DIR *d = opendir(DEBIAN_ROOT);
    const char *best = NULL;
    long best_version = 0;
    const struct dirent *e;
    while (d && (e = readdir(d))) {
        long version = strtol(e->d_name, NULL, 10);
        const char *bin = bus_printf(arena, DEBIAN_ROOT "/%s/bin", e->d_name);
        if (version > best_version && has_programs(arena, bin)) {
            best_version = version;
            best = bin;
        }
    }
    if (d)
        closedir(d);
    return best;
}

static const char *in_path(struct bus_arena *arena)
{
    const char *path = getenv("PATH");
    char *list = bus_strdup(arena, path ? path : "");
    char *rest = NULL;
    for (char *bin = strtok_r(list, ":", &rest); bin; bin = strtok_r(NULL, ":", &rest))
        if (bin[0] == '/' && has_programs(arena, bin))
            return bin;
    return NULL;
}

enum bus_status postgres_find(const struct stack *stack, struct postgres *ret, struct bus_error *err)
{
    int version = postgres_version(stack);
    const char *bin = NULL;
    if (version > 0) {
        bin = bus_printf(stack->arena, DEBIAN_ROOT "/%d/bin", version);
        if (!has_programs(stack->arena, bin))
            bin = NULL;
    }
    if (!bin && version == 0)
        bin = newest_debian(stack->arena);
    if (!bin)
        bin = in_path(stack->arena);
    if (!bin && version > 0)
        return bus_fail(err, BUS_NOT_FOUND,
                        "this stack was made with Postgres %d, which is not installed: "
                        "apt-get install postgresql-%d",
                        version, version);
    if (!bin)
        return bus_fail(err, BUS_NOT_FOUND, "Postgres is not installed: apt-get install postgresql");
    *ret = (struct postgres){.stack = stack, .bin = bin};
    return BUS_OK;
}

/* ---- socket folder */

bool postgres_socket_dir_fits(const char *dir)
{
    struct sockaddr_un address;
    size_t size = strlen(dir);
    return size + sizeof(SOCKET_NAME) <= sizeof(address.sun_path) &&
           strspn(dir, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-") == size;
}

static bool is_ours_alone(const char *dir)
{
    struct stat st;
    return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

enum bus_status postgres_socket_dir(const struct stack *stack, const char **ret_dir, struct bus_error *err)
{
    const char *run = stack_path(stack, "run");
    if (postgres_socket_dir_fits(run)) {
        *ret_dir = run;
        return BUS_OK;
    }
    if (stack->socket_dir && postgres_socket_dir_fits(stack->socket_dir) &&
        is_ours_alone(stack->socket_dir)) {
        *ret_dir = stack->socket_dir;
        return BUS_OK;
    }
    char dir[] = "/tmp/koppel-XXXXXX";
    if (!mkdtemp(dir))
        return bus_fail(err, BUS_RETRY, "no folder for the database's socket can be made under /tmp: %s",
                        strerror(errno));
    *ret_dir = bus_strdup(stack->arena, dir);
    return BUS_OK;
}

const char *postgres_conninfo(const struct stack *stack, const char *role)
{
    return bus_printf(stack->arena, "host=%s port=5432 dbname=" POSTGRES_DATABASE " user=%s",
                      stack->socket_dir, role);
}

const char *postgres_password_file(const struct stack *stack, const char *role)
{
    return credentials_password_file(stack_path(stack, "secrets"), role, stack->arena);
}

/* ---- cluster */

static int tree_remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

static enum bus_status cluster_make(const struct postgres *self, struct bus_error *err)
{
    const struct stack *stack = self->stack;
    const char *draft = stack_path(stack, "pg.new");
    const char *log = stack_path(stack, "log/initdb.log");
    const char *program = bus_printf(stack->arena, "%s/initdb", self->bin);
    nftw(draft, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    /* By its path: it looks for postgres beside itself, and Debian has neither in PATH. */
    char *argv[] = {(char *)program,
                    "--pgdata",
                    (char *)draft,
                    "--username",
                    POSTGRES_ADMIN,
                    "--pwfile",
                    (char *)postgres_password_file(stack, POSTGRES_ADMIN),
                    "--auth",
                    "scram-sha-256",
                    "--encoding",
                    "UTF8",
                    "--locale",
                    "C",
                    "--data-checksums",
                    "--no-instructions",
                    NULL};
    struct process_plan plan = {
        .path = program, .program_fd = -1, .argv = argv, .envp = environ, .log = log, .end_signal = SIGTERM};
    pid_t pid;
    int ended;
    enum bus_status status = process_start(&plan, &pid, err);
    if (status != BUS_OK)
        return status;
    if (waitpid(pid, &ended, 0) != pid || !WIFEXITED(ended) || WEXITSTATUS(ended) != 0)
        return bus_fail(err, BUS_INVALID, "initdb failed: %s (all of it: %s)",
                        stack_reason(log, 0, stack->arena), log);
    const char *place = stack_path(stack, "pg");
    if (rename(draft, place) < 0 || !bus_file_keep_name(place))
        return bus_fail(err, BUS_RETRY, "%s cannot be renamed to pg: %s", draft, strerror(errno));
    return BUS_OK;
}

static enum bus_status file_write(const char *path, const char *text, struct bus_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t size = strlen(text);
    bool written = fd >= 0 && write(fd, text, size) == (ssize_t)size;
    int error = errno;
    if (fd >= 0)
        close(fd);
    return written ? BUS_OK : bus_fail(err, BUS_RETRY, "%s cannot be written: %s", path, strerror(error));
}

/* Whom the server lets in: the roles it knows, by password, each to its own database. */
static enum bus_status settings_write(const struct postgres *self, struct bus_error *err)
{
    const struct stack *stack = self->stack;
    const char *text =
        bus_printf(stack->arena, "%sunix_socket_directories = '%s'\n", settings, stack->socket_dir);
    enum bus_status status = file_write(stack_path(stack, "pg/postgresql.conf"), text, err);
    text = "local all " POSTGRES_ADMIN " scram-sha-256\n"
           "local replication " POSTGRES_ADMIN " scram-sha-256\n"
           "local " POSTGRES_DATABASE " all scram-sha-256\n";
    return status == BUS_OK ? file_write(stack_path(stack, "pg/pg_hba.conf"), text, err) : status;
}

enum bus_status postgres_prepare(const struct postgres *self, struct bus_error *err)
{
    enum bus_status status = postgres_is_new(self->stack) ? cluster_make(self, err) : BUS_OK;
    return status == BUS_OK ? settings_write(self, err) : status;
}
