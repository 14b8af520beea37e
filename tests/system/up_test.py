#!/usr/bin/python3
"""koppel up with the real services: what keeps one from its database, and a mail server that the shell names."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from aiosmtpd.controller import Controller

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from letters import parse  # noqa: E402
from livestack import KOPPEL, Stack, koppel  # noqa: E402
from ports import free_block, free_ports  # noqa: E402
from waiting import eventually  # noqa: E402


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, parse(envelope.content)))
        return "250 taken"


class Up(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-up-", dir="/var/tmp"))
        os.chmod(folder, 0o755)
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.stack = Stack(folder / "stack")
        self.addCleanup(koppel, "down", "--dir", self.stack.folder)
        self.port = str(free_block(100))

    def up(self, *more, **environment):
        return subprocess.run([KOPPEL, "up", "--dir", self.stack.folder, "--port", self.port, *more], capture_output=True, text=True,
                              timeout=180, env={**os.environ, **environment})

    def heard(self, name, body):
        """A command to a service that may not have heard yet of what the commands before it did elsewhere."""
        return eventually(lambda: self.stack.call(name, body), what=f"{name} done")

    def test_a_database_that_refuses_a_service(self):
        self.assertEqual(self.up().returncode, 0)
        self.stack.psql("ALTER ROLE reporting CONNECTION LIMIT 0")
        koppel("down", "--dir", self.stack.folder)
        done = self.up()
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
        self.assertRegex(done.stderr, 'koppel up again: reporting is not ready: .*too many connections for role "reporting" .*log/reporting.log')
        self.assertIn("no stack was running", koppel("down", "--dir", self.stack.folder))

    def test_keys_that_were_made_for_an_older_version(self):
        self.assertEqual(self.up().returncode, 0)
        koppel("down", "--dir", self.stack.folder)
        public = self.stack.folder / "keys/allowed/reporting.pub"
        whole = public.read_text()
        self.assertIn("reads=gateway ", whole)
        public.write_text(whole.replace("reads=gateway ", ""))
        done = self.up()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(public.read_text(), r'grants = "reads=registry .* reads=gateway"')

    @contextlib.contextmanager
    def migrating(self, service):
        """Somebody else is at a migration of its tables."""
        config = json.loads((self.stack.folder.resolve() / "stack.json").read_text())
        with subprocess.Popen(["psql", "-XAtq", "-h", config["socket_dir"], "-U", "koppel_admin", "koppel"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "PGPASSWORD": (self.stack.folder.resolve() / "secrets/db-koppel_admin").read_text()}) as session:
            session.stdin.write(f"SELECT pg_advisory_lock(hashtextextended('bus migration {service}', 0)); SELECT 'held';\n")
            session.stdin.flush()
            eventually(lambda: session.stdout.readline() == "held\n", what="the lock")
            yield
            session.stdin.close()

    def test_a_long_migration_is_told_of_and_waited_for(self):
        self.assertEqual(self.up().returncode, 0)
        with self.migrating("registry"):
            os.kill(int((self.stack.folder.resolve() / "run/registry.pid").read_text().split()[0]), signal.SIGKILL)
            again = subprocess.Popen([KOPPEL, "up", "--dir", self.stack.folder], stdout=subprocess.PIPE, text=True)
            self.addCleanup(again.stdout.close)
            told = next(line for line in iter(again.stdout.readline, "") if "opens its database" in line)
            self.assertIn("registry still opens its database", told)
            self.assertIsNone(again.poll())
        self.assertEqual(again.wait(60), 0)

    def test_letters_leave_by_a_mail_server_of_the_shell(self):
        post = Post()
        port, = free_ports(1)
        server = Controller(post, hostname="127.0.0.1", port=port)
        server.start()
        self.addCleanup(server.stop)
        mail = {"MAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_TLS": "never", "MAIL_FROM": "koppel@example.be", "MERGE_MINUTES": "0"}
        done = self.up(**mail)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, "(?m)^letters  go out by the mail server")
        self.stack.call("form-partnership", {"partnership": "asse", "name": "Gemeente Asse", "since": "2012-01-01",
                                             "lead_nis": "23002", "municipalities": [{"nis": "23002"}]})
        self.stack.call("configure-programme", {"programme": "praatpunt", "partnership": "asse", "kind": "conversation-group", "name": "Praatpunt"})
        self.heard("set-quiet-hours", {"partnership": "asse", "from": "00:00", "to": "00:00"})
        person = self.stack.call("register-person", {"postcode": "1730", "preferred_language": "nl", "first_name": "Amina",
                                                     "last_name": "Yilmaz", "email": "amina@example.be", "channel": "mail"})["person_id"]
        series = self.heard("create-series", {"programme": "praatpunt", "partnership": "asse", "title": "Praatpunt",
                                              "rrule": "FREQ=WEEKLY;BYDAY=MO", "starts": "2026-01-05T19:00", "duration_minutes": 90,
                                              "capacity": 10, "nis": "23002"})["series_id"]
        self.heard("enrol", {"series_id": series, "person_id": person})
        eventually(lambda: post.taken)
        sender, to, letter = post.taken[0]
        self.assertEqual((sender, to), ("koppel@example.be", ["amina@example.be"]))
        self.assertEqual(list((self.stack.folder.resolve() / "mail").glob("*.eml")), [])
        self.assertIn("go out by the mail server", self.up().stdout)  # of the shell that started it
        koppel("down", "--dir", self.stack.folder)
        done = self.up("--conducted", **mail)
        self.assertIn(f"letters  {self.stack.folder.resolve()}/mail", done.stdout)


if __name__ == "__main__":
    unittest.main()
