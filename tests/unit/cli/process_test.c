/* Processes: told apart by their beginning, started with a log, ended by record; and the wait between
 * restarts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/arena.h"
#include "stack/children.h"
#include "stack/layout.h"
#include "stack/process.h"

static char folder[32], log_path[64], pid_path[64];

static int folder_make(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/process-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(log_path, sizeof(log_path), "%s/log", folder);
    snprintf(pid_path, sizeof(pid_path), "%s/pid", folder);
    return 0;
}

static int folder_remove(void **state)
{
    (void)state;
    unlink(log_path);
    unlink(pid_path);
    return rmdir(folder);
}

static void test_parse(void **state)
{
    (void)state;
    static const char rest[] = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 99";
    char text[200];
    snprintf(text, sizeof(text), "12 (name) S%s", rest);
    assert_int_equal(process_began_parse(text), 4711);
    snprintf(text, sizeof(text), "12 (a) b) (c) R%s", rest);
    assert_int_equal(process_began_parse(text), 4711);
    snprintf(text, sizeof(text), "12 (name) Z%s", rest);
    assert_int_equal(process_began_parse(text), 0);
    assert_int_equal(process_began_parse("12 (name) S 1 2 3"), 0);
    assert_int_equal(process_began_parse("12 (name)"), 0);
    assert_int_equal(process_began_parse(""), 0);
}

static void test_record(void **state)
{
    (void)state;
    struct bus_error err;
    assert_int_equal(process_recorded(pid_path), 0);
    assert_int_equal(process_recorded_last(pid_path), 0);
    assert_int_equal(process_record(pid_path, getpid(), &err), BUS_OK);
    assert_int_equal(process_recorded(pid_path), getpid());

    /* The same number with another beginning, or of another run of the machine, is somebody else. */
    char boot[64];
    int pid;
    unsigned long long began;
    FILE *f = fopen(pid_path, "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%d %llu %63s", &pid, &began, boot), 3);
    fclose(f);
    f = fopen(pid_path, "w");
    fprintf(f, "%d %llu %s\n", pid, began + 1, boot);
    fclose(f);
    assert_int_equal(process_recorded(pid_path), 0);
    assert_int_equal(process_recorded_last(pid_path), getpid());
    f = fopen(pid_path, "w");
    fprintf(f, "%d %llu 00000000-0000-0000-0000-000000000000\n", pid, began);
    fclose(f);
    assert_int_equal(process_recorded(pid_path), 0);
    f = fopen(pid_path, "w");
    fputs("-1 5", f);
    fclose(f);
    assert_int_equal(process_recorded(pid_path), 0);
    assert_int_equal(process_record("/nowhere/at/all", getpid(), &err), BUS_RETRY);
}

static struct process_plan shell(char *const *argv)
{
    return (struct process_plan){.path = "/bin/sh",
                                 .program_fd = -1,
                                 .argv = argv,
                                 .envp = environ,
                                 .log = log_path,
                                 .end_signal = SIGKILL,
                                 .pid_file = pid_path};
}

static int wait_status(pid_t pid)
{
    int ended;
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    assert_true(WIFEXITED(ended));
    return WEXITSTATUS(ended);
}

static void test_start(void **state)
{
    (void)state;
    struct bus_error err;
    pid_t pid;
    char *argv[] = {"sh", "-c", "echo out; echo err >&2; cat; exit 7", NULL};
    struct process_plan plan = shell(argv);
    assert_int_equal(process_start(&plan, &pid, &err), BUS_OK);
    assert_int_equal(wait_status(pid), 7);
    assert_int_equal(process_recorded(pid_path), 0);
    struct bus_arena *arena = bus_arena_new();
    assert_string_equal(stack_last_line(log_path, arena), "err");

    plan.path = "/nowhere/at/all";
    assert_int_equal(process_start(&plan, &pid, &err), BUS_OK);
    assert_int_equal(wait_status(pid), 127);
    assert_non_null(strstr(stack_last_line(log_path, arena), "/nowhere/at/all: cannot be run"));
    bus_arena_free(&arena);
}

static void log_await(const char *line)
{
    struct bus_arena *arena = bus_arena_new();
    while (strcmp(stack_last_line(log_path, arena), line) != 0)
        usleep(1000);
    bus_arena_free(&arena);
}

/* A grandchild, so that its end is not ours to reap: as after a supervisor that was killed. Its script says
 * `word` when it has begun: the one who starts it must live until then. */
static pid_t orphan_start(char *script, const char *word)
{
    pid_t between = fork();
    if (between == 0) {
        char *argv[] = {"sh", "-c", script, NULL};
        struct process_plan plan = shell(argv);
        struct bus_error err;
        pid_t pid;
        plan.end_signal = 0;
        if (process_start(&plan, &pid, &err) != BUS_OK)
            _exit(1);
        log_await(word);
        _exit(0);
    }
    assert_int_equal(wait_status(between), 0);
    pid_t pid = process_recorded(pid_path);
    assert_true(pid > 0);
    return pid;
}

static void test_end_recorded(void **state)
{
    (void)state;
    struct process_end end = {.pid_file = pid_path, .ask = SIGTERM, .force = SIGKILL, .patience_ms = 5000};
    assert_false(process_end_recorded(&end));
    pid_t pid = orphan_start("echo willing; exec sleep 100", "willing");
    assert_true(process_end_recorded(&end));
    assert_int_equal(process_began(pid), 0);
    assert_int_equal(access(pid_path, F_OK), -1);

    pid = orphan_start("trap '' TERM; echo deaf; while :; do sleep 1; done", "deaf");
    end.patience_ms = 50;
    assert_true(process_end_recorded(&end));
    assert_int_equal(process_began(pid), 0);
    assert_int_equal(access(pid_path, F_OK), -1);
}

/* A child whose starter dies gets the signal it was to get. */
static void test_starter_dies(void **state)
{
    (void)state;
    pid_t between = fork();
    if (between == 0) {
        char *argv[] = {"sh", "-c", "echo begun; exec sleep 100", NULL};
        struct process_plan plan = shell(argv);
        struct bus_error err;
        pid_t pid;
        if (process_start(&plan, &pid, &err) != BUS_OK)
            _exit(1);
        log_await("begun");
        _exit(0);
    }
    assert_int_equal(wait_status(between), 0);
    while (process_recorded(pid_path) > 0)
        usleep(1000);
}

static void test_backoff(void **state)
{
    (void)state;
    static const int waits[] = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
    int wait = 0;
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        wait = children_backoff_ms(wait, 29999999);
        assert_int_equal(wait, waits[i]);
    }
    assert_int_equal(children_backoff_ms(5000, 30000000), 100);
}

int main(void)
{
    alarm(60); /* what is waited for must come */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test_setup_teardown(test_record, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_start, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_end_recorded, folder_make, folder_remove),
        cmocka_unit_test_setup_teardown(test_starter_dies, folder_make, folder_remove),
        cmocka_unit_test(test_backoff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
