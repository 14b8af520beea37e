/* Borrowed bytes and the growing buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/bytes.h"
#include "bus/status.h"

static void test_equal(void **state)
{
    (void)state;
    assert_true(bus_bytes_equal(bus_bytes_of("abc"), bus_bytes("abcd", 3)));
    assert_false(bus_bytes_equal(bus_bytes_of("abc"), bus_bytes_of("abd")));
    assert_false(bus_bytes_equal(bus_bytes_of("abc"), bus_bytes_of("ab")));
    assert_true(bus_bytes_equal(bus_bytes(NULL, 0), bus_bytes_of("")));
    assert_int_equal(bus_bytes_of(NULL).size, 0);
}

static void test_buffer_grows(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer buffer = {0};
    for (int i = 0; i < 5000; i++)
        bus_buffer_printf(&buffer, "%d,", i % 10);
    assert_int_equal(buffer.size, 10000);
    for (size_t i = 0; i < buffer.size; i += 2)
        assert_int_equal(buffer.data[i], '0' + (int)(i / 2 % 10));
    size_t capacity = buffer.capacity;
    bus_buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_int_equal(buffer.capacity, capacity);
    bus_buffer_text(&buffer, "duo");
    bus_buffer_add(&buffer, "\0x", 2);
    bus_buffer_add(&buffer, NULL, 0);
    assert_true(bus_bytes_equal(bus_buffer_bytes(&buffer), bus_bytes("duo\0x", 5)));
    uint8_t *at = bus_buffer_grow(&buffer, 4);
    memcpy(at, "1234", 4);
    assert_true(bus_bytes_equal(bus_buffer_bytes(&buffer), bus_bytes("duo\0x1234", 9)));
}

static void test_buffer_nothing(void **state)
{
    (void)state;
    struct bus_buffer buffer = {0};
    assert_non_null(bus_buffer_grow(&buffer, 0));
    assert_int_equal(buffer.size, 0);
    bus_buffer_done(&buffer);
    assert_null(buffer.data);
    bus_buffer_text(&buffer, "again");
    assert_int_equal(buffer.size, 5);
    bus_buffer_done(&buffer);
    bus_buffer_done(&buffer);
    bus_buffer_done(NULL);
}

static void test_buffer_overflow_dies(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        struct bus_buffer buffer = {0};
        bus_buffer_grow(&buffer, SIZE_MAX - 1);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_buffer_grows),
        cmocka_unit_test(test_buffer_nothing),
        cmocka_unit_test(test_buffer_overflow_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
