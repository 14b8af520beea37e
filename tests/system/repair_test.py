"""One service's schema restored from an old dump: its followers say DIVERGED and stop there, and koppel repair brings
them to a state that is consistent again, with nothing lost of what other services have."""
import contextlib
import csv
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from livestack import KOPPEL, LOG, Stack, koppel  # noqa: E402
from waiting import eventually  # noqa: E402

FOLLOWERS = {"scheduling", "notifications", "reporting"}


class Repair(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-repair-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.stack = Stack(self.folder / "stack")
        koppel("replay", LOG, "--fresh", self.stack.folder)
        self.addCleanup(koppel, "down", "--dir", self.stack.folder)
        self.newcomer = self.stack.psql("SELECT min(person_id::text) FROM matching.member WHERE side = 'newcomer' AND "
                                        "person_id NOT IN (SELECT person_id FROM matching.help_request)")

    def heads(self):
        return {one["service"]: one["head"] for one in self.stack.status()}

    def epochs(self):
        return {name: self.stack.psql(f"SELECT epoch FROM {name}.stream_head") for name in self.heads()}

    def diverged(self):
        return {one["service"] for one in self.stack.status() for f in one.get("follows", ())
                if f["stream"] == "matching" and f["state"] == "diverged"}

    def ask_for_help(self, topic):
        self.stack.call("open-help-request", {"programme": "test-buddy", "person_id": self.newcomer, "topic": topic})

    def help_requests(self):
        return self.stack.psql("SELECT request_id FROM matching.help_request ORDER BY 1").split()

    def lose_the_tail_of_matching(self):
        """An old dump of one service alone is put back, as an operator in a hurry might."""
        script = self.folder / "matching.sql"
        self.stack.admin("psql", "-Xq", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-c",
                         "DROP SCHEMA matching CASCADE; CREATE SCHEMA matching AUTHORIZATION matching", "-f", script)
        pid = int((self.stack.folder.resolve() / "run/matching.pid").read_text().split()[0])
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself, finding its tables gone
            os.kill(pid, signal.SIGKILL)

    def test_back_to_a_backup(self):
        stack = self.stack
        backup, dump = self.folder / "whole.backup", self.folder / "matching.dump"
        koppel("backup", backup, "--dir", stack.folder)
        stack.admin("pg_dump", "--format=custom", "--schema=matching", "--file", dump)
        subprocess.run(["pg_restore", "--schema=matching", "--file", self.folder / "matching.sql", dump], check=True)
        known, asked = self.heads(), self.help_requests()
        self.ask_for_help("school")
        referral = stack.refer()
        eventually(lambda: referral in stack.referrals() and stack.live(), what="all of it read")
        self.assertEqual(len(self.help_requests()), len(asked) + 1)
        self.assertGreater(self.heads()["matching"], known["matching"])

        self.lose_the_tail_of_matching()
        eventually(lambda: self.diverged() == FOLLOWERS, 60, "the followers seeing it")
        self.assertIn("BUS-DIVERGED", (stack.folder.resolve() / "log/reporting.log").read_text())
        koppel("repair", "matching", backup, "--dir", stack.folder, fails="koppel down")
        # Those who do not read keep nobody else from starting.
        koppel("down", "--dir", stack.folder)
        told = koppel("up", "--dir", stack.folder)
        for name in FOLLOWERS:
            self.assertRegex(told, f"warning: {name} runs, but .*: BUS-DIVERGED: .*docs/runbook.md")
        self.assertEqual(told.count("warning"), len(FOLLOWERS))
        self.assertTrue(stack.ask("/v1/partnerships")["partnerships"])
        koppel("down", "--dir", stack.folder)
        for log in (stack.folder.resolve() / "log").glob("*.log"):
            log.unlink()
        told = koppel("repair", "matching", backup, "--dir", stack.folder)
        for name in FOLLOWERS | {"matching"}:
            self.assertIn(f"{name:<13} is back at {known[name]} ", told)
        self.assertNotIn("registry", told)
        self.assertEqual(len(list(stack.folder.resolve().glob("before-repair-*.dump"))), 1)

        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")
        raised = {name for name in known if stack.psql(f"SELECT epoch > 1700000000000000 FROM {name}.stream_head") == "t"}
        self.assertEqual(raised, FOLLOWERS | {"matching"})
        for log in (stack.folder.resolve() / "log").glob("*.log"):
            self.assertNotIn("DIVERGED", log.read_text())
        # Lost: the command to matching. Kept: what gateway and registry have. The loop goes on.
        self.assertEqual(self.help_requests(), asked)
        self.assertIn(referral, stack.referrals())
        self.ask_for_help("housing")
        self.assertEqual(len(self.help_requests()), len(asked) + 1)
        eventually(stack.live, what="all of it read")

    def test_a_backup_that_does_not_fit(self):
        """What the repaired ones had read must be in the logs of those that stay; else it is told, and nothing is changed."""
        stack = self.stack
        old, new = self.folder / "old.backup", self.folder / "new.backup"
        koppel("backup", old, "--dir", stack.folder)
        stack.refer()
        eventually(stack.live, what="all of it read")
        koppel("backup", new, "--dir", stack.folder)
        koppel("repair", "nothing", old, "--dir", stack.folder, usage=True)
        koppel("repair", "matching", old, "--dir", self.folder / "elsewhere", fails="no stack")
        koppel("down", "--dir", stack.folder)
        told = koppel("repair", "registry", old, "--dir", stack.folder)
        self.assertNotIn("gateway", told)
        self.assertEqual(told.count("is back at"), 5)
        self.assertNotIn("lost-people", told)
        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")
        known, epochs = self.heads(), self.epochs()
        koppel("down", "--dir", stack.folder)
        koppel("repair", "matching", new, "--dir", stack.folder, fails="repair registry from this backup too")
        # It was found before anything was done, so the stack is as it was, and starts.
        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")
        self.assertEqual((self.heads(), self.epochs()), (known, epochs))
        koppel("down", "--dir", stack.folder)
        koppel("repair", "registry", new, "--dir", stack.folder)
        # What was put back before it was found not to fit is another history already.
        kept = sorted(stack.folder.resolve().glob("before-repair-*.dump"))[-1]
        heads = subprocess.run(["pg_restore", "--data-only", "--schema=matching", "--table=stream_head", "--file=-", kept],
                               check=True, capture_output=True, text=True).stdout
        columns, values = re.search(r"COPY matching\.stream_head \((.*)\) FROM stdin;\n(.*)\n", heads).groups()
        self.assertGreater(int(dict(zip(columns.split(", "), values.split("\t")))["epoch"]), 1)
        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")

    def test_one_that_was_cut_off(self):
        """Run again, it brings back all that it would have brought back, and knows again who lost something."""
        stack = self.stack
        backup, held = self.folder / "old.backup", self.folder / "held"
        koppel("backup", backup, "--dir", stack.folder)
        known, duos = self.heads(), stack.psql("SELECT count(*) FROM matching.duo")
        new = stack.call("register-person", {"partnership": "testlings", "postcode": "2200", "preferred_language": "nl",
                                             "first_name": "Secret"})["person_id"]
        eventually(stack.live, what="all of it read")
        # pg_restore stops at the first table that it makes.
        stack.psql(f"""CREATE FUNCTION public.hold() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                       WHILE current_setting('application_name') = 'pg_restore' AND (pg_stat_file('{held}', true)).size IS NOT NULL LOOP
                           PERFORM pg_sleep(0.01); END LOOP; END $$;
                       CREATE EVENT TRIGGER hold ON ddl_command_start WHEN TAG IN ('CREATE TABLE')
                       EXECUTE FUNCTION public.hold()""")
        koppel("down", "--dir", stack.folder)
        held.touch()
        self.addCleanup(held.unlink, missing_ok=True)
        run = subprocess.Popen([KOPPEL, "repair", "registry", backup, "--dir", stack.folder], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)

        def emptied():
            with contextlib.suppress(subprocess.CalledProcessError):  # Postgres does not answer yet
                return stack.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_restore' AND "
                                  "wait_event = 'PgSleep'") == "1" and stack.psql("SELECT to_regclass('matching.duo')") == ""

        eventually(emptied, 60, "the repair in its midst")
        os.kill(int((stack.folder.resolve() / "run/supervisor.pid").read_text().split()[0]), signal.SIGKILL)
        run.communicate(timeout=60)
        self.assertEqual(run.returncode, 1)
        held.unlink()
        koppel("up", "--dir", stack.folder, fails="run it again")
        told = koppel("repair", "registry", backup, "--dir", stack.folder)
        for name in FOLLOWERS | {"registry", "matching"}:
            self.assertIn(f"{name:<13} is back at {known[name]} ", told)
        self.assertIn(new, told)
        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")
        self.assertEqual(stack.psql("SELECT count(*) FROM matching.duo"), duos)
        for name, head in self.heads().items():
            self.assertGreaterEqual(head, known[name])
        self.assertEqual(stack.psql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%repair%'"), "0")

    def test_a_source_keeps_what_is_read_again(self):
        """It trims by what its readers told it, so the repair takes that back before anything could be trimmed."""
        stack, backup = self.stack, self.folder / "old.backup"
        eventually(stack.live, what="all of it read")
        koppel("backup", backup, "--dir", stack.folder)
        read = "SELECT seq FROM reporting.position WHERE stream = 'matching'"
        told = "SELECT seq FROM matching.reader_position WHERE reader = 'reporting'"
        again = int(stack.psql(read))
        self.ask_for_help("school")
        eventually(lambda: int(stack.psql(told) or 0) > again, 60, "reporting telling what it read")
        stack.psql("CREATE TABLE public.taken_back (seq bigint); CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql "
                   "AS $$ BEGIN IF session_user = 'koppel_admin' THEN INSERT INTO public.taken_back VALUES (NEW.seq); END IF; "
                   "RETURN NULL; END $$; CREATE TRIGGER note AFTER UPDATE ON matching.reader_position FOR EACH ROW WHEN "
                   "(NEW.reader = 'reporting') EXECUTE FUNCTION public.note()")
        koppel("down", "--dir", stack.folder)
        koppel("repair", "reporting", backup, "--dir", stack.folder)
        koppel("up", "--dir", stack.folder)
        self.assertEqual(stack.psql("SELECT seq FROM public.taken_back"), str(again))

    def test_what_was_taken_back_stays_so_or_is_listed(self):
        stack, backup = self.stack, self.folder / "old.backup"
        token = stack.call("create-token", {"name": "leaked", "scopes": ["*"]})["token_id"]
        person = stack.psql("SELECT min(person_id::text) FROM registry.person WHERE state = 'known'")
        stack.call("give-consent", {"person_id": person, "purpose": "contact"})
        koppel("backup", backup, "--dir", stack.folder)
        stack.call("revoke-token", {"token_id": token})
        stack.call("withdraw-consent", {"person_id": person, "purpose": "contact"})
        revoked = f"SELECT revoked FROM gateway.token WHERE token_id = '{token}'"
        at = stack.psql(revoked)
        koppel("down", "--dir", stack.folder)
        told = koppel("repair", "gateway", backup, "--dir", stack.folder)
        self.assertIn("revoked again: 1\n", told)
        (listed,) = stack.folder.resolve().glob("lost-people-*.csv")
        rows = {row["person_id"]: row["lost"] for row in csv.DictReader(listed.read_text().splitlines())}
        self.assertEqual(rows, {person: "that they no longer agree to contact"})
        koppel("up", "--dir", stack.folder)
        self.assertEqual((bool(at), stack.psql(revoked)), (True, at))

    def test_a_schema_that_is_empty_comes_back_too(self):
        stack, backup = self.stack, self.folder / "old.backup"
        koppel("backup", backup, "--dir", stack.folder)
        known = self.heads()
        stack.psql("DROP SCHEMA notifications CASCADE")
        koppel("down", "--dir", stack.folder)
        told = koppel("repair", "reporting", backup, "--dir", stack.folder)
        self.assertIn(f"notifications is back at {known['notifications']} of its stream, from -1", told)

    def test_a_log_that_begins_right_behind_what_was_read_fits(self):
        stack = self.stack
        backup = self.folder / "old.backup"
        read = ", ".join(f"(SELECT seq FROM {name}.position WHERE stream = 'registry')"
                         for name in ("matching", "scheduling", "notifications", "reporting"))
        least, head = f"SELECT least({read})", "SELECT last_seq FROM registry.stream_head"
        eventually(lambda: stack.psql(least) == stack.psql(head), what="all of registry read")
        kept_after = int(stack.psql(head))
        koppel("backup", backup, "--dir", stack.folder)
        referral = stack.refer()
        eventually(lambda: referral in stack.referrals() and stack.live(), what="all of it read")
        stack.admin("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", f"DELETE FROM registry.event_log WHERE seq <= {kept_after}; "
                    f"UPDATE registry.stream_head SET first_seq = {kept_after + 1}")
        koppel("down", "--dir", stack.folder)
        koppel("repair", "matching", backup, "--dir", stack.folder)
        koppel("up", "--dir", stack.folder)
        eventually(stack.live, 60, "all services live")

    def test_who_lost_their_name_is_listed(self):
        stack = self.stack
        backup = self.folder / "old.backup"
        erased, renamed = (stack.psql(f"SELECT person_id FROM registry.person WHERE state = 'known' ORDER BY 1 LIMIT 1 "
                                      f"OFFSET {n}") for n in (0, 1))
        koppel("backup", backup, "--dir", stack.folder)
        new = stack.call("register-person", {"partnership": "testlings", "postcode": "2200", "preferred_language": "nl",
                                             "first_name": "Secret", "last_name": "Name"})["person_id"]
        stack.call("change-profile", {"person_id": renamed, "email": "somebody@example.org"})
        stack.call("erase-person", {"person_id": erased})
        referral = stack.refer({"first_name": "Olena", "email": "olena@example.org"})
        eventually(lambda: referral in stack.referrals() and stack.live(), what="all of it read")
        referred = stack.psql(f"SELECT person_id FROM registry.referral WHERE referral_id = '{referral}'")
        koppel("down", "--dir", stack.folder)

        told = koppel("repair", "registry", backup, "--dir", stack.folder)
        (listed,) = stack.folder.resolve().glob("lost-people-*.csv")
        self.assertIn(str(listed), told)
        self.assertEqual(listed.stat().st_mode & 0o777, 0o600)
        text = listed.read_text()
        rows = {row["person_id"]: row for row in csv.DictReader(text.splitlines())}
        self.assertEqual(set(rows), {new, renamed, erased, referred})
        self.assertEqual((rows[new]["partnership"], rows[new]["lost"]), ("testlings", "the person and all that was known of them"))
        self.assertIn("coordinators of testlings", rows[new]["what to do"])
        self.assertEqual(rows[renamed]["lost"], "mail address")
        self.assertEqual(rows[erased]["what to do"], "nothing: registry erases them again when it starts")
        self.assertIn(f"vdab {referral}", rows[referred]["what to do"])
        for person in rows:
            self.assertIn(person, told)
        for private in ("Secret", "somebody@", "Olena"):
            self.assertNotIn(private, told + text)
        koppel("up", "--dir", stack.folder)
        state = f"SELECT state FROM registry.person WHERE person_id = '{erased}'"
        eventually(lambda: stack.psql(state) == "erased", what="the erasure done again")
        self.assertEqual(stack.psql(state.replace(erased, renamed)), "known")


if __name__ == "__main__":
    unittest.main()
