/* Blocks of ports: held by one, passed over by the next, given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stack/layout.h"
#include "stack/ports.h"

/* Blocks far from where stacks usually are, and below the ports that connections going out are given; tests
 * that run at the same time may hold some. */
static int block_find(int *ret_guard)
{
    struct bus_error err;
    int base = 0;
    assert_int_equal(ports_claim_from(2100 + (getpid() % 50) * STACK_PORT_STEP, &base, ret_guard, &err),
                     BUS_OK);
    return base;
}

static void test_guard(void **state)
{
    (void)state;
    struct bus_error err;
    int guard, second = -1;
    int base = block_find(&guard);
    assert_int_equal(ports_claim(base, &second, &err), BUS_CONFLICT);
    assert_int_equal(second, -1);
    char text[64];
    snprintf(text, sizeof(text), "from %d on belong to another stack: it holds %d (", base,
             stack_port_guard(base));
    assert_non_null(strstr(err.text, text));
    int next = 0;
    assert_int_equal(ports_claim_from(base, &next, &second, &err), BUS_OK);
    assert_true(next > base && (next - base) % STACK_PORT_STEP == 0);
    close(second);
    close(guard);
    assert_int_equal(ports_claim(base, &second, &err), BUS_OK);
    close(second);
}

static void test_any_port_taken(void **state)
{
    (void)state;
    struct bus_error err;
    int guard;
    int base = block_find(&guard);
    close(guard);
    int ports[STACK_PORTS_MAX];
    size_t n = stack_ports(base, ports);
    for (size_t i = 0; i < n; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
        /* As servers do: a stack that ended a moment ago may have left connections that wait to be forgotten.
         */
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)ports[i])};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        assert_int_equal(listen(fd, 1), 0);
        assert_int_equal(ports_claim(base, &guard, &err), BUS_CONFLICT);
        char text[16];
        snprintf(text, sizeof(text), "port %d ", ports[i]);
        assert_non_null(strstr(err.text, text));
        close(fd);
    }
    assert_int_equal(ports_claim(base, &guard, &err), BUS_OK);
    close(guard);
}

static void test_refused_bases(void **state)
{
    (void)state;
    struct bus_error err;
    int guard, base;
    assert_int_equal(ports_claim(STACK_PORT_MIN - 1, &guard, &err), BUS_INVALID);
    assert_int_equal(ports_claim(STACK_PORT_MAX + 1, &guard, &err), BUS_INVALID);
    assert_int_equal(ports_claim_from(STACK_PORT_MAX + 1, &base, &guard, &err), BUS_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guard),
        cmocka_unit_test(test_any_port_taken),
        cmocka_unit_test(test_refused_bases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
