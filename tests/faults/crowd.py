"""Sessions that others hold: every connection of a Postgres that is not reserved for its administrator."""
import socket
import struct

NAME = "crowd"
STARTUP = b"user\0" + NAME.encode() + b"\0database\0koppel\0\0"


class Crowd:
    def __init__(self, postgres):
        self.place, self.held = str(postgres.folder / ".s.PGSQL.5432"), []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.held:
            one.close()

    def take(self):
        """Whether there was one more."""
        one = socket.socket(socket.AF_UNIX)
        one.settimeout(5)
        try:
            one.connect(self.place)
            one.sendall(struct.pack("!ii", len(STARTUP) + 8, 3 << 16) + STARTUP)
            with one.makefile("rb") as answer:
                kind = b""
                while kind not in (b"Z", b"E"):  # ready, or refused; a full one says so only after the greeting
                    kind, length = struct.unpack("!ci", answer.read(5))
                    answer.read(length - 4)
        except (OSError, struct.error):  # Postgres is down just now
            kind = b"E"
        if kind == b"E":
            one.close()
            return False
        self.held.append(one)
        return True
