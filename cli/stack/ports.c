/* Bind tests on loopback. */
#include "ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "layout.h"

/* A bound socket, or -1 with errno. A server's address may be used again at once after it ended; a guard's
 * may not be shared. */
static int port_bind(int port, int reuse)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse)) < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || (reuse && listen(fd, 1) < 0)) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

enum bus_status ports_claim(int base, int *ret_guard_fd, struct bus_error *err)
{
    if (base < STACK_PORT_MIN || base > STACK_PORT_MAX)
        return bus_fail(err, BUS_INVALID, "the port must be from %d to %d", STACK_PORT_MIN, STACK_PORT_MAX);
    int guard = port_bind(stack_port_guard(base), 0);
    if (guard < 0)
        return bus_fail(err, BUS_CONFLICT, "the ports from %d on belong to another stack: it holds %d (%s)",
                        base, stack_port_guard(base), strerror(errno));
    int ports[STACK_PORTS_MAX];
    size_t n = stack_ports(base, ports);
    for (size_t i = 0; i < n; i++) {
        int fd = port_bind(ports[i], 1);
        if (fd < 0) {
            int error = errno;
            close(guard);
            return bus_fail(err, BUS_CONFLICT, "port %d cannot be had: %s", ports[i], strerror(error));
        }
        close(fd);
    }
    *ret_guard_fd = guard;
    return BUS_OK;
}

enum bus_status ports_claim_from(int base, int *ret_base, int *ret_guard_fd, struct bus_error *err)
{
    for (int b = base; b <= STACK_PORT_MAX; b += STACK_PORT_STEP) {
        enum bus_status status = ports_claim(b, ret_guard_fd, err);
        if (status == BUS_OK)
            *ret_base = b;
        if (status != BUS_CONFLICT)
            return status;
    }
    return bus_fail(err, BUS_CONFLICT, "no block of ports is free from %d on: name another with --port",
                    base);
}
