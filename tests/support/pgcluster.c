/* Runs initdb and postgres as children. */
#include "tests/support/pgcluster.h"

#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_ROUNDS 1000 /* of 10 ms */

struct pgcluster {
    char folder[64];
    char data[80];
    char log[80];
    char bin[128];
    pid_t server;
    PGconn *admin;
    char *conninfos[32];
    size_t conninfos_n;
};

_Noreturn static void die(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("test cluster: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* Debian keeps the server's programs out of the path, in a folder per version. */
static void look_for_programs(struct pgcluster *self)
{
    glob_t found;
    if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0) {
        snprintf(self->bin, sizeof(self->bin), "%s", found.gl_pathv[found.gl_pathc - 1]);
        *strrchr(self->bin, '/') = 0;
        globfree(&found);
    }
}

static const struct passwd *server_user(void)
{
    if (geteuid() != 0)
        return NULL;
    const struct passwd *user = getpwnam("postgres");
    return user ? user : getpwnam("nobody");
}

static pid_t start(struct pgcluster *self, const char *program, char *arguments[])
{
    const struct passwd *user = server_user();
    char path[256];
    snprintf(path, sizeof(path), "%s%s%s", self->bin, *self->bin ? "/" : "", program);
    fflush(NULL);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child != 0)
        return child;
    if (user && (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT); /* an immediate shutdown, should the test crash */
    if (getppid() != parent || chdir(self->folder) != 0)
        _exit(126);
    int log = open(self->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    arguments[0] = path; /* they look for each other beside it */
    execvp(path, arguments);
    _exit(127);
}

static void show_log(const struct pgcluster *self)
{
    char line[512];
    FILE *log = fopen(self->log, "r");
    while (log && fgets(line, sizeof(line), log))
        fputs(line, stderr);
    if (log)
        fclose(log);
}

static void init(struct pgcluster *self)
{
    char *arguments[] = {"initdb", "-D", self->data, "-U",         "admin",     "-A",
                         "trust",  "-E", "UTF8",     "--locale=C", "--no-sync", NULL};
    int status = 0;
    if (waitpid(start(self, "initdb", arguments), &status, 0) < 0 || status != 0) {
        show_log(self);
        die("initdb failed");
    }
}

void pgcluster_start(struct pgcluster *self)
{
    char *arguments[] = {"postgres",
                         "-D",
                         self->data,
                         "-k",
                         self->folder,
                         "-c",
                         "listen_addresses=",
                         "-c",
                         "fsync=off",
                         "-c",
                         "max_connections=40",
                         "-c",
                         "shared_buffers=32MB",
                         "-c",
                         "log_min_messages=fatal",
                         NULL};
    self->server = start(self, "postgres", arguments);
    char conninfo[192];
    snprintf(conninfo, sizeof(conninfo),
             "host=%s user=admin dbname=postgres options='-c client_min_messages=error'", self->folder);
    for (int i = 0; i < WAIT_ROUNDS && waitpid(self->server, NULL, WNOHANG) == 0; i++) {
        self->admin = PQconnectdb(conninfo);
        if (PQstatus(self->admin) == CONNECTION_OK)
            return;
        PQfinish(self->admin);
        self->admin = NULL;
        (void)poll(NULL, 0, 10);
    }
    show_log(self);
    die("the server does not start");
}

void pgcluster_stop(struct pgcluster *self)
{
    PQfinish(self->admin);
    self->admin = NULL;
    if (self->server > 0) {
        kill(self->server, SIGQUIT);
        waitpid(self->server, NULL, 0);
    }
    self->server = 0;
}

struct pgcluster *pgcluster_open(void)
{
    struct pgcluster *self = calloc(1, sizeof(*self));
    if (!self)
        die("out of memory");
    strcpy(self->folder, "/tmp/pgcluster-XXXXXX");
    if (!mkdtemp(self->folder))
        die("no temporary folder");
    const struct passwd *user = server_user();
    if (user && chown(self->folder, user->pw_uid, user->pw_gid) != 0)
        die("the temporary folder cannot be given to %s", user->pw_name);
    snprintf(self->data, sizeof(self->data), "%s/data", self->folder);
    snprintf(self->log, sizeof(self->log), "%s/log", self->folder);
    look_for_programs(self);
    init(self);
    pgcluster_start(self);
    return self;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

void pgcluster_close(struct pgcluster **self_p)
{
    if (!self_p || !*self_p)
        return;
    struct pgcluster *self = *self_p;
    pgcluster_stop(self);
    nftw(self->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < self->conninfos_n; i++)
        free(self->conninfos[i]);
    free(self);
    *self_p = NULL;
}

const char *pgcluster_folder(const struct pgcluster *self)
{
    return self->folder;
}

static PGresult *run(struct pgcluster *self, const char *fmt, va_list args)
{
    char *sql;
    if (vasprintf(&sql, fmt, args) < 0)
        die("out of memory");
    PGresult *result = PQexec(self->admin, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        die("%s: %s", sql, PQresultErrorMessage(result));
    free(sql);
    return result;
}

void pgcluster_run(struct pgcluster *self, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    PQclear(run(self, fmt, args));
    va_end(args);
}

static char *first_cell(PGresult *result)
{
    bool none = PQntuples(result) == 0 || PQgetisnull(result, 0, 0);
    char *text = none ? NULL : strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

char *pgcluster_ask(struct pgcluster *self, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = first_cell(run(self, fmt, args));
    va_end(args);
    return text;
}

long long pgcluster_number(struct pgcluster *self, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = first_cell(run(self, fmt, args));
    va_end(args);
    long long number = text ? strtoll(text, NULL, 10) : 0;
    free(text);
    return number;
}

void pgcluster_await(struct pgcluster *self, const char *wanted, const char *sql)
{
    for (int i = 0; i < WAIT_ROUNDS; i++) {
        char *text = pgcluster_ask(self, "%s", sql);
        bool there = text && strcmp(text, wanted) == 0;
        free(text);
        if (there)
            return;
        (void)poll(NULL, 0, 10);
    }
    die("waited in vain for %s: %s", wanted, sql);
}

const char *pgcluster_service(struct pgcluster *self, const char *name)
{
    if (self->conninfos_n == sizeof(self->conninfos) / sizeof(self->conninfos[0]))
        die("too many services");
    pgcluster_run(self, "DROP SCHEMA IF EXISTS %s CASCADE", name);
    if (pgcluster_number(self, "SELECT count(*) FROM pg_roles WHERE rolname = '%s'", name) == 0)
        pgcluster_run(self, "CREATE ROLE %s LOGIN", name);
    pgcluster_run(self, "CREATE SCHEMA %s AUTHORIZATION %s", name, name);
    char **conninfo = &self->conninfos[self->conninfos_n++];
    if (asprintf(conninfo, "host=%s user=%s dbname=postgres", self->folder, name) < 0)
        die("out of memory");
    return *conninfo;
}
