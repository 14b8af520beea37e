"""One process's own way to the database, which can go, or hold what the database says, while the database stays."""
import pathlib
import socket
import tempfile
import threading


class Way:
    """A unix socket in a folder of its own: name the folder as the database's host."""

    def __init__(self, database):
        self.folder, self.database = tempfile.mkdtemp(prefix="way-", dir=database.parent), database
        self.listens = socket.socket(socket.AF_UNIX)
        self.listens.bind(str(pathlib.Path(self.folder) / database.name))
        self.listens.listen()
        self.ends = []
        self.open = threading.Event()
        self.open.set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, far = self.listens.accept()[0], socket.socket(socket.AF_UNIX)
            except OSError:
                return
            far.connect(str(self.database))
            self.ends += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(a, b, a is far), daemon=True).start()

    def carry(self, a, b, answers):
        try:
            while data := a.recv(65536):
                if answers:
                    self.open.wait()
                b.sendall(data)
            b.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self):
        for one in (self.listens, *self.ends):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
