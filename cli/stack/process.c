/* Starting, recording and ending processes. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define BOOT_ID 37

static void child_say(const char *path, const char *what)
{
    dprintf(STDERR_FILENO, "%s: %s: %s\n", path, what, strerror(errno));
}

_Noreturn static void child_run(const struct process_plan *plan, pid_t starter)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    int log = open(plan->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (log < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
        dup2(log, STDERR_FILENO) < 0)
        _exit(127);
    prctl(PR_SET_PDEATHSIG, plan->end_signal);
    if (getppid() != starter)
        _exit(127); /* it died before the line above could tell */
    execve(plan->path, plan->argv, plan->envp);
    if (plan->program_fd >= 0 && errno == EACCES)
        fexecve(plan->program_fd, plan->argv, plan->envp);
    child_say(plan->path, "cannot be run");
    _exit(127);
}

enum bus_status process_start(const struct process_plan *plan, pid_t *ret_pid, struct bus_error *err)
{
    pid_t starter = getpid();
    pid_t pid = fork();
    if (pid < 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be started: %s", plan->path, strerror(errno));
    if (pid == 0)
        child_run(plan, starter);
    *ret_pid = pid;
    return plan->pid_file ? process_record(plan->pid_file, pid, err) : BUS_OK;
}

uint64_t process_began_parse(const char *stat_text)
{
    /* The name may hold anything, also ")": the last one ends it. Then: state, and 18 numbers before ours. */
    const char *p = strrchr(stat_text, ')');
    if (!p || p[1] != ' ' || p[2] == 'Z' || p[2] == 'X')
        return 0;
    p += 2;
    for (int field = 3; field < 22; field++) {
        p = strchr(p, ' ');
        if (!p)
            return 0;
        p++;
    }
    return strtoull(p, NULL, 10);
}

/* A small file's text; false when it cannot be read. */
static bool file_read(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, text, size - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return n > 0;
}

uint64_t process_began(pid_t pid)
{
    char path[32], text[1024];
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    return file_read(path, text, sizeof(text)) ? process_began_parse(text) : 0;
}

static void boot_id(char id[BOOT_ID])
{
    if (!file_read("/proc/sys/kernel/random/boot_id", id, BOOT_ID))
        strcpy(id, "-");
}

enum bus_status process_record(const char *pid_file, pid_t pid, struct bus_error *err)
{
    char boot[BOOT_ID];
    boot_id(boot);
    FILE *f = fopen(pid_file, "we");
    if (!f || fprintf(f, "%d %" PRIu64 " %s\n", (int)pid, process_began(pid), boot) < 0 || fclose(f) != 0)
        return bus_fail(err, BUS_RETRY, "%s cannot be written: %s", pid_file, strerror(errno));
    return BUS_OK;
}

struct record {
    int pid;
    uint64_t began;
    char boot[BOOT_ID];
};

static bool record_read(const char *pid_file, struct record *ret)
{
    char text[128];
    return file_read(pid_file, text, sizeof(text)) &&
           sscanf(text, "%d %" SCNu64 " %36s", &ret->pid, &ret->began, ret->boot) == 3;
}

pid_t process_recorded(const char *pid_file)
{
    struct record record;
    char boot[BOOT_ID];
    if (!record_read(pid_file, &record) || record.pid <= 1 || record.began == 0)
        return 0;
    boot_id(boot);
    return strcmp(boot, record.boot) == 0 && process_began(record.pid) == record.began ? record.pid : 0;
}

pid_t process_recorded_last(const char *pid_file)
{
    struct record record;
    return record_read(pid_file, &record) && record.pid > 1 ? record.pid : 0;
}

bool process_given_up(const char *pid_file)
{
    struct record record;
    return record_read(pid_file, &record) && record.pid == 0;
}

bool process_end_recorded(const struct process_end *end)
{
    pid_t pid = process_recorded(end->pid_file);
    bool found = pid > 0;
    if (found)
        kill(pid, end->ask);
    for (int waited = 0; pid > 0; waited += 10) {
        if (waited == end->patience_ms)
            kill(pid, end->force);
        if (waited > end->patience_ms + 5000)
            return true; /* stuck in the kernel: its record stays */
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        pid = process_recorded(end->pid_file);
    }
    unlink(end->pid_file);
    return found;
}
