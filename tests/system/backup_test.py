"""koppel backup of a stack under load, and koppel restore: consistent across the services, checked before anything is
touched, and the loop goes on."""
import fcntl
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import unittest
import urllib.error

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from livestack import KOPPEL, LOG, Stack, koppel  # noqa: E402
from runs import events  # noqa: E402
from waiting import eventually  # noqa: E402
FOLLOWS = {"registry": ["gateway"], "matching": ["registry", "scheduling"], "scheduling": ["registry", "matching"],
           "notifications": ["registry", "matching", "scheduling"], "reporting": ["gateway", "registry", "matching", "scheduling"]}


class Load(threading.Thread):
    def __init__(self, stack):
        super().__init__(daemon=True)
        self.stack, self.acknowledged, self.ending, self.error = stack, [], threading.Event(), None

    def run(self):
        try:
            while not self.ending.is_set():
                self.acknowledged.append(self.stack.refer())
        except Exception as error:  # told by the test
            self.error = error

    def end(self):
        self.ending.set()
        self.join(60)


class Backup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-backup-", dir="/var/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        os.chmod(cls.folder, 0o755)
        cls.stack = cls.up("original", "replay", LOG, "--fresh")

    @classmethod
    def up(cls, name, *how):
        stack = Stack(cls.folder / name)
        koppel(*(how or ("up", "--dir")), stack.folder)
        cls.addClassCleanup(koppel, "down", "--dir", stack.folder)
        return stack

    def restored(self, name):
        return Stack(self.folder / name)

    def test_interrupted(self):
        """Nothing of the dump, which has people's names, stays behind."""
        stack, backup = self.stack, self.folder / "interrupted.backup"
        real = stack.folder.resolve()
        environment = {**os.environ, "PGPASSWORD": (real / "secrets/db-koppel_admin").read_text()}
        holds = subprocess.Popen(["psql", "-Xq", "-h", json.loads((real / "stack.json").read_text())["socket_dir"], "-U",
                                  "koppel_admin", "-d", "koppel"], stdin=subprocess.PIPE, env=environment, text=True)
        self.addCleanup(holds.wait)
        self.addCleanup(holds.stdin.close)
        holds.stdin.write("BEGIN; LOCK TABLE registry.organisation;\n")
        holds.stdin.flush()
        waits = "SELECT count(*) FROM pg_locks WHERE relation = 'registry.organisation'::regclass AND {}"
        eventually(lambda: stack.psql(waits.format("granted AND mode = 'AccessExclusiveLock'")) == "1", what="the table locked")
        run = subprocess.Popen([KOPPEL, "backup", backup, "--dir", stack.folder], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, start_new_session=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        eventually(lambda: stack.psql(waits.format("NOT granted")) == "1", what="the dump waiting")
        self.assertEqual(len(list(self.folder.glob("interrupted.backup*"))), 1)
        os.killpg(run.pid, signal.SIGINT)
        told = run.communicate(timeout=60)[1]
        self.assertEqual((run.returncode, list(self.folder.glob("interrupted.backup*"))), (1, []))
        self.assertIn("interrupted: nothing was kept", told)

    def test_one_log_at_a_time(self):
        """Two conductors would step the same services; the first is left alone."""
        with open(self.stack.folder.resolve() / "run/conductor.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            koppel("replay", LOG, "--dir", self.stack.folder, fails="is being played into this stack already")

    def locks(self, granted):
        return self.stack.psql(f"SELECT count(*) FROM pg_locks WHERE relation = 'registry.passing'::regclass AND granted = {granted}")

    def test_beside_a_trim(self):
        """A part of the log goes when pg_dump has chosen it and not saved it yet."""
        self.stack.psql("CREATE TABLE registry.passing (n integer)")
        command, environment = self.stack.as_admin("psql", "-Xq")
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, text=True) as trim:
            trim.stdin.write("BEGIN; DROP TABLE registry.passing;\n")
            trim.stdin.flush()
            eventually(lambda: self.locks("true") != "0", what="the table being dropped")
            file = self.folder / "beside-a-trim.backup"
            with subprocess.Popen([KOPPEL, "backup", file, "--dir", self.stack.folder], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as backup:
                eventually(lambda: self.locks("false") == "1", what="pg_dump waiting for it")
                trim.stdin.write("COMMIT;\n")
                trim.stdin.close()
                told, refused = backup.communicate(timeout=120)
        self.assertEqual((backup.returncode, refused), (0, ""), told)
        self.assertIn("trimmed meanwhile", told)
        self.assertTrue(file.exists())

    def test_under_load(self):
        loads = [Load(self.stack) for _ in range(3)]
        for load in loads:
            load.start()
        self.addCleanup(lambda: [load.end() for load in loads])
        eventually(lambda: all(len(load.acknowledged) > 20 for load in loads), 60, "the load")
        before = [one for load in loads for one in list(load.acknowledged)]
        backup = self.folder / "loaded.backup"
        told = koppel("backup", backup, "--dir", self.stack.folder)
        self.assertIn("names and addresses", told)
        self.assertEqual(backup.stat().st_mode & 0o777, 0o600)
        count = len([one for load in loads for one in load.acknowledged])
        self.assertGreater(count, len(before), "nothing was said while the backup was made")
        for load in loads:
            load.end()
            self.assertIsNone(load.error)

        copy = self.restored("copy")
        self.assertIn("copy the file erasures", koppel("restore", backup, "--dir", copy.folder))
        koppel("up", "--dir", copy.folder)
        self.addCleanup(koppel, "down", "--dir", copy.folder)
        for reader, sources in FOLLOWS.items():
            for source in sources:
                at = copy.psql(f"SELECT seq, event_id FROM {reader}.position WHERE stream = '{source}'")
                self.assertIn(at, [f"{header['seq']}|{header['id']}" for header, _ in events(copy.psql, source)],
                              f"{reader} stands where {source} knows nothing of")
        eventually(copy.live, 60, "all services live")
        for log in (copy.folder.resolve() / "log").glob("*.log"):
            self.assertNotIn("DIVERGED", log.read_text())
        there = copy.referrals()
        self.assertLessEqual(set(before), there)
        self.assertEqual({data["referral_id"] for _, data in events(copy.psql, "gateway") if "referral_id" in data}, there)
        # It is the same system to those outside: tokens, keys, and what was said before is known.
        one = copy.refer()
        eventually(lambda: one in copy.referrals(), what="the loop going on")
        self.assertEqual((copy.folder / "keys/koppel.key").read_text(), (self.stack.folder / "keys/koppel.key").read_text())
        self.assertEqual((copy.folder / "secrets/insz.key").read_text(),
                         (self.stack.folder / "secrets/insz.key").read_text())
        self.assertNotEqual((copy.folder / "secrets/db-registry").read_text(),
                            (self.stack.folder / "secrets/db-registry").read_text())

    def test_into_the_stopped_stack_it_came_from(self):
        stack = self.up("again", "replay", LOG, "--fresh")
        hashes = koppel("state-hash", "--dir", stack.folder)
        backup = self.folder / "again.backup"
        koppel("backup", backup, "--dir", stack.folder)
        stack.ask("/v1/events?stream=gateway&after=end")
        behind = stack.next
        later = stack.refer()
        eventually(lambda: later in stack.referrals(), what="the referral heard")
        self.assertIn(later, [one["id"] for one in stack.ask(f"/v1/events?stream=gateway&after={behind}")])
        ahead = stack.next
        koppel("restore", backup, "--dir", stack.folder, fails="koppel down")
        koppel("down", "--dir", stack.folder)
        self.assertNotIn("copy the file erasures", koppel("restore", backup, "--dir", stack.folder))
        aside = list(stack.folder.resolve().glob("before-restore-*/*"))
        self.assertEqual(sorted(path.name for path in aside), ["keys", "pg", "secrets"])
        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")
        self.assertEqual(koppel("state-hash", "--dir", stack.folder), hashes)
        self.assertNotIn(later, stack.referrals())
        # Who has read what is gone is told, also when its number has been given to another event.
        instead = [stack.refer() for _ in range(3)]
        with self.assertRaises(urllib.error.HTTPError) as refused:
            stack.ask(f"/v1/events?stream=gateway&after={ahead}")
        self.assertEqual((refused.exception.code, json.load(refused.exception)["code"]), (409, "BUS-DIVERGED"))
        read = [one["id"] for one in stack.ask(f"/v1/events?stream=gateway&after={behind}") if one.get("kind") != "command"]
        self.assertEqual(read, instead)
        koppel("backup", backup, "--dir", stack.folder, fails="already")

    def test_who_was_erased_does_not_come_back(self):
        """Nor do the letters they got, nor an entry that was one of theirs by the time they were erased."""
        stack = self.up("erased", "replay", LOG, "--fresh")
        mails = stack.folder.resolve() / "mail"
        erased = stack.psql("SELECT person_id FROM notifications.message WHERE state = 'sent' GROUP BY 1 ORDER BY count(*), 1 LIMIT 1")
        letters = [mails / f"{one}.eml" for one in stack.psql(
            f"SELECT message_id FROM notifications.message WHERE state = 'sent' AND person_id = '{erased}'").split()]
        known = {"partnership": "testlings", "postcode": "2200", "preferred_language": "nl", "first_name": "Secret"}
        kept, twin = (stack.call("register-person", known)["person_id"] for _ in range(2))
        backup = self.folder / "erased.backup"
        koppel("backup", backup, "--dir", stack.folder)
        self.assertTrue(letters and all(one.exists() for one in letters))
        stack.call("merge-people", {"keep_id": kept, "drop_id": twin})
        for person in (erased, kept):
            stack.call("erase-person", {"person_id": person})
        eventually(lambda: not any(one.exists() for one in letters), what="their letters gone")
        self.assertTrue(list(mails.iterdir()), "the letters of others stay")
        people = f"SELECT count(*) FROM registry.person WHERE person_id IN ('{erased}', '{kept}', '{twin}') AND state = "
        known_n = int(stack.psql("SELECT count(*) FROM registry.person WHERE state = 'known'"))
        eventually(lambda: len((stack.folder.resolve() / "erasures").read_text().split()) == 3, what="the list")
        koppel("down", "--dir", stack.folder)
        koppel("restore", backup, "--dir", stack.folder)
        koppel("up", "--dir", stack.folder)
        eventually(lambda: stack.psql(people + "'erased'") == "3", what="all three erased again")
        self.assertEqual(int(stack.psql("SELECT count(*) FROM registry.person WHERE state = 'known'")), known_n)
        eventually(lambda: stack.live() and stack.psql(
            f"SELECT count(*) FROM notifications.person WHERE erased AND person_id IN ('{erased}', '{kept}', '{twin}')") == "3",
            what="the others hearing of it")
        koppel("down", "--dir", stack.folder)

    def test_what_is_no_backup_changes_nothing(self):
        backup = self.folder / "whole.backup"
        koppel("backup", backup, "--dir", self.stack.folder)
        whole = backup.read_bytes()
        bad = self.folder / "bad.backup"
        fresh = self.folder / "fresh"
        koppel("restore", self.folder / "nothing", "--dir", fresh, fails="cannot be read")
        with tarfile.open(self.folder / "large.tar", "w") as large:
            manifest = tarfile.TarInfo("manifest.json")
            manifest.size = 300_000
            large.addfile(manifest, io.BytesIO(b" " * manifest.size))
        for content, why in ((b"", "koppel backup did not make it"), ((self.folder / "large.tar").read_bytes(), "tar failed"), (b"name,postcode\n" * 900, "koppel backup did not make it"),
                             (whole[:300], "tar failed"), (whole[:len(whole) // 2], "cut off")):
            bad.write_bytes(content)
            koppel("restore", bad, "--dir", fresh, fails=f"no whole backup: {'the file is ' if why == 'cut off' else ''}{why}")
            self.assertFalse(fresh.exists())
        bent = bytearray(whole)
        bent[whole.index(b"PGDMP") + 30000] ^= 1
        bad.write_bytes(bent)
        koppel("restore", bad, "--dir", fresh, fails="damaged")
        self.assertFalse((fresh / "pg").exists() or (fresh / "restore").exists())
        koppel("backup", self.folder / "no/such/folder", "--dir", self.stack.folder, fails="nothing can be written")
        koppel("backup", self.folder / "x.backup", "--dir", self.folder / "nowhere", fails="koppel up")
        self.assertEqual(list(self.folder.glob("*.backup.*")), [])

    def test_a_restore_that_was_cut_off(self):
        """The stack does not start half full; the same command again ends the work."""
        backup = self.folder / "cut.backup"
        koppel("backup", backup, "--dir", self.stack.folder)
        stack = self.restored("cut")
        koppel("restore", backup, "--dir", stack.folder)
        (stack.folder.resolve() / "restore").mkdir()
        os.chown(stack.folder.resolve() / "restore", stack.folder.stat().st_uid, -1)
        koppel("up", "--dir", stack.folder, fails="koppel restore")
        # A backup that is found damaged does not make what is half full whole.
        bent, bad = bytearray(backup.read_bytes()), self.folder / "bent.backup"
        bent[bent.index(b"PGDMP") + 30000] ^= 1
        bad.write_bytes(bent)
        koppel("restore", bad, "--dir", stack.folder, fails="damaged")
        koppel("up", "--dir", stack.folder, fails="koppel restore")
        koppel("restore", backup, "--dir", stack.folder)
        koppel("up", "--dir", stack.folder)
        self.addCleanup(koppel, "down", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")

    def test_a_stream_that_was_not_put_back(self):
        """Its readers could not be told: the restore says so, and the stack does not start."""
        whole, torn = self.folder / "untorn.backup", self.folder / "torn.backup"
        koppel("backup", whole, "--dir", self.stack.folder)
        stack = self.restored("torn")
        koppel("restore", whole, "--dir", stack.folder)
        koppel("up", "--dir", stack.folder)
        self.addCleanup(koppel, "down", "--dir", stack.folder)
        stack.psql("DROP TABLE reporting.stream_head CASCADE")
        koppel("backup", torn, "--dir", stack.folder)
        koppel("down", "--dir", stack.folder)
        koppel("restore", torn, "--dir", stack.folder, fails="the stream of reporting cannot be told")
        koppel("up", "--dir", stack.folder, fails="koppel restore")


if __name__ == "__main__":
    unittest.main()
