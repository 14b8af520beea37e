"""Ports that no other test on this machine is given."""
import pathlib
import random
import socket

CLAIMS = []  # held for as long as the test runs


def claimed(port):
    """Whether the port is free, and no other test is given it from now on."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0koppel-test-port-{port}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        claim.close()
        return False
    CLAIMS.append(claim)
    return True


def calm(ports):
    """Those of the ports that connections going out do not take by chance; all, where there are too few."""
    low, high = map(int, pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    rest = [port for port in ports if not low <= port <= high]
    return rest if len(rest) > len(ports) // 10 else ports


def free_ports(n):
    """Ports of a test's own, apart from those of whole stacks."""
    among, ports = calm(range(10000, 20000)), []
    while len(ports) < n:
        port = random.SystemRandom().choice(among)
        if claimed(port):
            ports.append(port)
    return ports


def free_block(n):
    """The first of n ports in a row: for whole stacks."""
    among = calm(range(20000, 30000, 100))
    while True:
        first = random.SystemRandom().choice(among)
        if all(claimed(first + i) for i in range(n)):
            return first
