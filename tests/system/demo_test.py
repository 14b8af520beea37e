"""What a newcomer to the project sees: the demonstration plays without a refusal, and its duos are those of the texts."""
import datetime
import email
import email.policy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import guide  # noqa: E402
from built import BUILD  # noqa: E402
from livestack import Stack, koppel  # noqa: E402

WAITING_NEWCOMERS = """
    SELECT min(waiting) FROM (SELECT at, sum(amount_e2) OVER (ORDER BY at, seq) / 100 AS waiting FROM reporting.result
                              WHERE programme = 'asse-duo' AND figure = 'waiting-newcomers') AS standing
    WHERE at < '2019-12-20' AND at >= (SELECT min(started) FROM matching.duo WHERE programme = 'asse-duo')"""


class Demonstration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-demo-", dir="/var/tmp"))
        os.chmod(folder, 0o755)
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.stack = Stack(folder / "stack")
        cls.addClassCleanup(koppel, "down", "--dir", cls.stack.folder)
        cls.told = koppel("up", "--demo", "--dir", cls.stack.folder)

    def duos(self, partnership):
        found, cursor = [], ""
        while cursor is not None:
            page = self.stack.ask(f"/v1/duos?partnership={partnership}&limit=100{cursor}")
            found += page["duos"]
            cursor = f"&cursor={page['next']}" if "next" in page else None
        return found

    def test_nothing_is_refused_and_the_report_tells_of_all_three_towns(self):
        self.assertNotIn("refused", self.told)
        ends = self.told.split("the stack's clock goes on from ")[1][:10]
        for part in (f"middenkempen, from 2023-09-04 to {ends}", f"on {ends}  21 last", "duos formed    131", "2019: 23", "duos formed    24", "merelbeke", "why stopped", "messages sent",
                     "a second"):
            self.assertIn(part, self.told)

    def test_as_many_duos_as_the_texts_say(self):
        self.assertEqual(sum(one["started"].startswith("2019") for one in self.duos("asse")), 23)
        self.assertEqual((len(self.duos("asse")), len(self.duos("middenkempen"))), (131, 24))

    def test_how_long_people_waited_is_told_in_whole_days(self):
        waits = [line.split(", ", 1)[1] for line in self.told.splitlines() if line.startswith(("  waited ", "  waiting then "))]
        self.assertGreater(len(waits), 3)
        for told in waits:
            self.assertRegex(told, r"^median (less than a day|1 day|([2-9]|\d\d+) days)$")

    def test_it_ends_with_one_proposal_to_decide_about(self):
        page = self.stack.ask("/v1/proposals?partnership=middenkempen&state=proposed")
        self.assertEqual((page["total"], page["proposals"][0]["programme"]), (1, "taalvrienden"))
        for town in ("asse", "merelbeke"):
            self.assertEqual(self.stack.ask(f"/v1/proposals?partnership={town}&state=proposed")["total"], 0)

    def test_programmes_end_on_the_last_day_of_their_history(self):
        for town in ("asse", "merelbeke"):
            self.assertIn(f"{town}, from ", self.told)
            last = self.told.split(f"\n{town}, from ")[1].splitlines()[0].split(" to ")[1]
            ended = {one["ended_on"] for one in self.stack.ask(f"/v1/programmes?partnership={town}")["programmes"]}
            self.assertEqual(ended, {last})

    def test_what_was_applied_for_is_reached_for_a_part(self):
        """A target counts the people of praatpunt, so it is neither empty nor made up."""
        target, = self.stack.ask("/v1/reports/report?partnership=middenkempen&project_year=2023")["targets"]
        self.assertEqual((target["action"], target["unit"], target["confirmed"]), (5, "person", 50))
        people = self.stack.psql("SELECT count(DISTINCT about) FROM reporting.result WHERE programme = 'praatpunt' AND "
                                 "figure = 'practice-attendances' AND project_year = 2023")
        self.assertGreater(target["reached"], 10)
        self.assertEqual(target["reached"], float(people))

    def test_a_talk_is_held_after_its_moment_and_both_were_reminded_of_it(self):
        talks = "SELECT count(*), count(*) FILTER (WHERE changed < at) FROM scheduling.meeting WHERE state = 'held'"
        self.assertEqual(self.stack.psql(talks), "155|0")
        reminders = "SELECT state, count(*) FROM notifications.every_message WHERE template = 'meeting-reminder' GROUP BY 1"
        self.assertEqual(self.stack.psql(reminders), "sent|310")

    def test_no_volunteer_of_asse_waits_long_where_newcomers_do(self):
        longest = "SELECT max(coalesce(until, '2019-12-20') - since) < '60 days' FROM reporting.wait"
        self.assertEqual(self.stack.psql(f"{longest} WHERE programme = 'asse-duo' AND side = 'volunteer'"), "t")

    def test_nearer_duos_last_longer(self):
        days = {True: [], False: []}
        for one in self.duos("asse"):
            if "ended" not in one:
                continue
            lasted = datetime.datetime.fromisoformat(one["ended"]) - datetime.datetime.fromisoformat(one["started"])
            days[one["distance_m"] < 3000].append(lasted.days)
        near, far = (sum(several) / len(several) for several in (days[True], days[False]))
        self.assertGreater(min(len(several) for several in days.values()), 20)
        self.assertGreater(near, 1.2 * far)

    def test_whoever_stops_is_matched_again(self):
        people = [one["newcomer_id"] for one in self.duos("asse")] + [one["volunteer_id"] for one in self.duos("asse")]
        self.assertGreater(len(people) - len(set(people)), 50)

    def test_newcomers_of_asse_always_wait(self):
        self.assertGreaterEqual(float(self.stack.psql(WAITING_NEWCOMERS)), 1)

    def test_nobody_waits_where_all_ends_with_what_is_told(self):
        waiting = "SELECT partnership, sum(amount_e2) FROM reporting.result WHERE figure LIKE 'waiting-%' GROUP BY 1"
        towns = dict(line.split("|") for line in self.stack.psql(waiting).splitlines())
        self.assertEqual((towns["asse"], towns["merelbeke"]), ("0", "0"))
        self.assertGreater(int(towns["middenkempen"]), 0)
        self.assertEqual(self.stack.ask("/v1/waiting-list?programme=asse-duo")["total"], 0)

    def test_a_buddy_of_merelbeke_waits_only_between_requests(self):
        """The days of help and the days of waiting do not overlap, and every request has its wait."""
        requests = self.stack.psql("SELECT count(*) FROM matching.help_request WHERE assigned IS NOT NULL")
        waits = "SELECT count(*) FROM reporting.wait WHERE programme = 'merelbeke-buddy' AND outcome = 'help' AND side"
        self.assertEqual(self.stack.psql(f"{waits} = 'newcomer'"), requests)
        self.assertGreater(int(self.stack.psql(f"{waits} = 'volunteer'")), 50)
        busy = """
            WITH waited AS (
                SELECT since, until, coalesce(before.buddy_id::text, about) AS who
                FROM reporting.wait AS wait
                JOIN reporting.result ON event_id = began_event AND figure = 'waiting-volunteers' AND amount_e2 > 0
                LEFT JOIN matching.help_request AS before ON before.request_id::text = about
                WHERE wait.programme = 'merelbeke-buddy' AND side = 'volunteer')
            SELECT count(DISTINCT who), count(*) FILTER (WHERE since < ended AND until > assigned)
            FROM waited LEFT JOIN matching.help_request ON buddy_id::text = who"""
        self.assertEqual(self.stack.psql(busy), "20|0")

    def test_who_waited_in_asse_was_told_of_its_end(self):
        told = "SELECT count(*) FROM notifications.message WHERE template = 'programme-ended' AND partnership = 'asse'"
        left = "SELECT count(*) FROM reporting.wait WHERE programme = 'asse-duo' AND outcome = 'programme-ended'"
        self.assertGreater(int(self.stack.psql(left)), 5)
        self.assertEqual(self.stack.psql(told), self.stack.psql(left))

    def test_a_letter_tells_things_in_the_order_they_came(self):
        """Also at one moment, as all that follows from one input happens under a conductor."""
        both = 0
        for path in (self.stack.folder.resolve() / "mail").glob("*.eml"):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            told = mail.get_body(preferencelist=("plain",)).get_content()
            if "er is iemand voor u" in told and "Uw kennismaking is gepland" in told:
                both += 1
                self.assertLess(told.index("er is iemand voor u"), told.index("Uw kennismaking is gepland"), path.name)
        self.assertGreater(both, 100)

    def test_letters_are_in_the_languages_of_the_readers(self):
        told = self.stack.ask("/v1/message-counts")["counts"]
        sent = {one["language"] for one in told if one["state"] == "sent"}
        self.assertLessEqual({"nl", "fr", "en", "ar", "uk", "ti"}, sent)

    def test_the_guide_for_integrators_works_as_it_stands(self):
        """Every command of the page, one after the other, and what they answer."""
        done = guide.run("integrators.md", {"stack=var/stack ": f"stack={self.stack.folder} ", "build/bin/": f"{BUILD}/bin/"})
        self.assertRegex(done.stdout, r"(?m)^person [0-9a-f-]{36} it is$")
        self.assertRegex(done.stdout, r'"step":"linked"')
        self.assertEqual(done.stdout.count('"duplicate":true'), 2)  # sent again, by hand and by adapter.sh
        self.assertEqual(re.findall(r'"status":(\d{3}),', done.stdout), ["422"])  # the refusal that the page shows
        self.assertIn('"pointer":"/data/status","detail":"must be one of job-seeking, employed, in-training', done.stdout)
        self.assertEqual(done.stdout.count("ACK ["), 2)  # over ZeroMQ, with the stack's key and with that of a partner
        self.assertEqual(re.findall("curl: .*", done.stderr), re.findall(r"curl: \(28\) .*", done.stderr))  # the live stream's end

    def test_whoever_the_story_is_of_is_told_of_to_this_day(self):
        """The two commands at the end, as they stand: her duo stops, and what is proposed is how her story ends when told again."""
        name = re.search(r"(?m)^one of them, (.+)$", self.told).group(1)
        stop, show = re.findall(r"(?m)^  (\S*koppel call .*)$", self.told)
        subprocess.run(["sh", "-c", stop], check=True, capture_output=True, timeout=60)
        shown = subprocess.run(["sh", "-c", show], check=True, capture_output=True, text=True, timeout=60)
        proposed, = json.loads(shown.stdout)["proposals"]
        told = koppel("up", "--demo", "--dir", self.stack.folder).split(f"one of them, {name}\n")[1]
        self.assertRegex(told, rf"stopped after .*: schedule\n  {proposed['proposed'][:10]}  proposed: {name} and .*\n.*\n +it waits for a coordinator\n")
        self.assertNotIn("to stop the duo", told)

    def test_what_is_told_of_duos_says_of_which(self):
        self.assertRegex(self.told, r"(?m)^  how long +those that stopped: \d+ days on average within 3 km, \d+ beyond$")
        merelbeke = self.told.split("\nmerelbeke, from ")[1].split("\n\n")[0]
        self.assertIn("duos formed    none: its buddies", merelbeke)
        kinds = {one["kind"] for one in self.stack.ask("/v1/programmes?partnership=merelbeke")["programmes"]}
        self.assertIn("support-buddy", kinds)
        self.assertNotIn("language-duo", kinds)


if __name__ == "__main__":
    unittest.main()
