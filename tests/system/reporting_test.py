#!/usr/bin/python3
"""Reporting on the real bus: the duo loop as the real services tell it, counted and opened to its events."""
import datetime
import pathlib
import secrets
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD, STAND_IN  # noqa: E402
from ministack import MiniStack  # noqa: E402
from told_year import Scene  # noqa: E402


class TheDuoLoop(Scene):
    """With the real registry, matching and scheduling."""
    partnership = "asse"

    @classmethod
    def setUpClass(cls):
        programs = {name: BUILD / f"bin/koppel-{name}" for name in ("registry", "matching", "scheduling", "reporting")}
        programs["gateway"] = STAND_IN
        cls.stack = cls.enterClassContext(MiniStack(list(programs), programs, {"INSZ_KEY": secrets.token_hex(32)}))
        cls.client = cls.stack.client

    def person(self, side):
        person_id = self.command("register-person", service="registry", postcode="1730", preferred_language="nl",
                                 profile={"birth_year": 1980})["person_id"]
        capacity = {}
        if side == "volunteer":
            capacity = {"capacity": 1}
            self.command("recruit-volunteer", service="registry", person_id=person_id, capacity=1)
        self.command("hold-intake", service="registry", person_id=person_id, programme="asse-duo", side=side, **capacity)
        return person_id

    def test_a_duo_is_counted_stopped_and_counted_again(self):
        self.command("form-partnership", service="registry", partnership="asse", name="Asse", since="2012-01-01",
                     lead_nis="23002", municipalities=[{"nis": "23002"}])
        self.command("configure-programme", service="registry", programme="asse-duo", partnership="asse",
                     kind="language-duo", name="Samen Inburgeren", action=5)
        newcomer, _ = self.person("newcomer"), self.person("volunteer")
        self.stack.settled()
        started = self.report()
        self.assertEqual(started[("waiting-newcomers", None, "23002")], 1)
        self.assertEqual(started[("waiting-volunteers", None, None)], 1)
        self.assertEqual(started[("intakes", None, None)], 2)
        self.assertEqual(started[("volunteers-recruited", None, None)], 1)

        self.command("accept-match", service="matching", person_id=newcomer, programme="asse-duo")
        self.stack.settled()
        self.command("hold-meeting", service="scheduling", newcomer_id=newcomer, programme="asse-duo", outcome="start")
        self.stack.settled()
        self.command("log-contact", service="matching", newcomer_id=newcomer, programme="asse-duo", kind="meeting",
                     hours=1.5)
        self.stack.settled()
        formed = self.report()
        self.assertEqual(formed[("duos-formed", None, "23002")], 1)
        self.assertEqual(formed[("duos-active", None, None)], 1)
        self.assertEqual(formed[("hours", None, None)], 1.5)
        self.assertNotIn(("waiting-newcomers", None, None), formed)

        self.command("stop-duo", service="matching", newcomer_id=newcomer, programme="asse-duo", reason="schedule")
        self.stack.settled()
        stopped = self.report()
        self.assertEqual(stopped[("duos-stopped", "schedule", "23002")], 1)
        self.assertEqual(stopped[("duos-stopped", None, None)], 1)
        self.assertNotIn(("duos-active", None, None), stopped)
        self.assertEqual(stopped[("waiting-newcomers", None, None)], 1)

        said = {h["id"]: (h, d) for h, d in self.client.log("matching")}
        year = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=1))).year
        for figure in ("duos-formed", "duos-active", "duos-stopped", "waiting-newcomers", "hours"):
            for line in self.trace(figure, project_year=year):
                header, data = said[line["event_id"]]
                self.assertEqual((line["stream"], line["seq"], line["event_type"], line["about"]),
                                 ("matching", header["seq"], header["type"], header["subject"]))
                self.assertEqual(data["partnership"], "asse")
                self.assertEqual(line["action"], 5)
        durations = self.query("durations", partnership="asse")
        self.assertEqual([(row["n"], row["median_days"]) for row in durations["duos"]], [(1, 0)] * 3)
        self.assertIn(("newcomer", False, 1), [(w["side"], w["waiting_now"], w["n"]) for w in durations["waits"]])
        for of, count, names in (("duos", 1, ("duo-started", "duo-stopped")), ("waits-ended", 2, ("waiting-started", "waiting-ended")),
                                 ("waiting-now", 2, ("waiting-started",))):
            spans = self.query("trace-durations", partnership="asse", of=of)["spans"]
            self.assertEqual(len(spans), count)
            for span in spans:
                ends = [span[end] for end in ("began", "ended") if end in span]
                self.assertEqual([said[end["event_id"]][0]["type"] for end in ends],
                                 [f"koppel.matching.{name}.v1" for name in names])
                for end in ends:
                    header, data = said[end["event_id"]]
                    self.assertEqual((end["stream"], end["seq"]), ("matching", header["seq"]))
                    self.assertEqual(data["duo_id" if of == "duos" else "waiting_id"], span["id"])
        self.count_off_where_it_was_counted_on(newcomer, year)

    def count_off_where_it_was_counted_on(self, newcomer, year):
        """A programme that counts for another action from now on leaves nothing behind under the first."""
        self.command("configure-programme", service="registry", programme="asse-duo", partnership="asse",
                     kind="language-duo", name="Samen Inburgeren", action=13)
        self.stack.settled()
        self.stack.kill("reporting")
        self.stack.start("reporting")
        self.command("leave-waiting", service="matching", person_id=newcomer, programme="asse-duo", reason="other")
        self.stack.settled()
        rows = self.query("report", partnership="asse", project_year=year, limit=200)["rows"]
        self.assertEqual([row for row in rows if row["figure"] == "waiting-newcomers" and row["amount"] != 0], [])


if __name__ == "__main__":
    unittest.main()
