#!/usr/bin/python3
"""A letter does not contradict itself: what waits and is no longer so is not sent."""
import datetime
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from letters import Scene, new_id, parse, part, text  # noqa: E402
from waiting import eventually  # noqa: E402


class Overtaken(Scene):
    @classmethod
    def prepare(cls):
        held = tempfile.TemporaryDirectory()
        cls.addClassCleanup(held.cleanup)
        cls.mails = pathlib.Path(held.name)
        cls.environment = {"MAIL_URL": f"file://{cls.mails}", "MERGE_MINUTES": "10"}

    def setUp(self):
        self.newcomer, _ = self.person()
        self.volunteer, _ = self.person()
        self.pair = {"partnership": "asse", "programme": "asse-duo", "newcomer_id": self.newcomer,
                     "volunteer_id": self.volunteer, "nis": "23002"}
        self.talk = self.meeting(self.newcomer, self.volunteer)
        self.proposal, self.duo = self.talk["proposal_id"], new_id()

    def matching(self, name, **more):
        self.say("matching", name, self.proposal, proposal_id=self.proposal, **self.pair, **more)

    def accepted(self):
        self.matching("match-accepted", score=500, days=1)

    def planned(self):
        self.say("scheduling", "meeting-planned", self.talk["meeting_id"], **self.talk)

    def held(self, outcome, **more):
        talk = {key: value for key, value in self.talk.items() if key != "duration_minutes"}
        self.say("scheduling", "meeting-held", self.talk["meeting_id"], **talk, outcome=outcome, **more)

    def called_off(self):
        talk = {key: value for key, value in self.talk.items() if key != "duration_minutes"}
        self.say("scheduling", "meeting-cancelled", self.talk["meeting_id"], **talk, reason="proposal-ended")

    def reminded(self, **of):
        self.say("scheduling", "reminder-due", new_id(), partnership="asse", programme="asse-duo", nis="23002", **of)

    def started(self):
        self.matching("duo-started", duo_id=self.duo, distance_m=900, newcomer_waited_days=3, volunteer_waited_days=4)

    def stopped(self):
        self.matching("duo-stopped", duo_id=self.duo, reason="moved", newcomer_returns=False, volunteer_returns=True,
                      started=text(self.now), days=1, hours_total=2.5, contacts=1)

    def told(self, person_id):
        """The letter that leaves now: the texts in it, and what of them people read."""
        self.later(minutes=11)
        eventually(lambda: "queued" not in [state for _, state in self.states(person_id)], what="the letter is sent")
        sent = [m for m in self.messages(person_id) if m["state"] == "sent"]
        mails = [part(parse((self.mails / f"{m['message_id']}.eml").read_bytes()), "plain") for m in sent]
        return {m["template"] for m in self.messages(person_id) if m["state"] in ("sent", "merged")}, mails

    def test_who_met_early_and_stopped_is_told_that_alone(self):
        self.accepted()
        self.planned()
        self.held("start")
        self.started()
        self.stopped()
        templates, (mail,) = self.told(self.newcomer)
        self.assertEqual(templates, {"duo-stopped"})
        self.assertNotIn("kennis", mail)
        self.assertEqual(self.told(self.volunteer)[0], {"duo-stopped-waiting"})

    def test_a_duo_that_started_needs_no_talk(self):
        self.accepted()
        self.planned()
        self.held("start")
        self.started()
        self.assertEqual(self.told(self.newcomer)[0], {"duo-started"})
        self.stopped()
        self.assertEqual(self.told(self.newcomer)[0], {"duo-started", "duo-stopped"})

    def test_a_reminder_does_not_outlive_the_talk(self):
        self.accepted()
        self.planned()
        self.told(self.newcomer)
        for ended in (lambda: self.held("start"), self.stopped,
                      lambda: self.matching("match-declined", by="newcomer", reason="other", after_meeting=True)):
            self.reminded(kind="meeting", meeting_id=self.talk["meeting_id"], proposal_id=self.proposal,
                          at=self.talk["at"], person_ids=[self.newcomer])
            self.assertEqual(self.states(self.newcomer)[-1], ("meeting-reminder", "queued"))
            ended()
            self.assertNotIn("meeting-reminder", self.told(self.newcomer)[0])

    def test_a_talk_that_was_missed_leaves_the_match(self):
        self.accepted()
        self.planned()
        self.held("no-show")
        self.assertEqual(self.told(self.newcomer)[0], {"match-accepted"})

    def test_an_end_before_the_talk_is_told_to_who_heard_of_it(self):
        self.accepted()
        self.planned()
        self.matching("match-withdrawn", reason="erased")
        self.called_off()
        self.assertEqual(self.told(self.newcomer)[0], set())
        self.proposal = new_id()
        self.talk = self.meeting(self.newcomer, self.volunteer, proposal_id=self.proposal)
        self.accepted()
        self.planned()
        self.assertEqual(self.told(self.newcomer)[0], {"match-accepted", "meeting-planned"})
        self.matching("match-declined", by="newcomer", reason="other", after_meeting=False)
        self.called_off()
        self.assertEqual(self.told(self.newcomer)[0], {"match-accepted", "meeting-planned", "meeting-cancelled"})

    def test_another_talk_after_one_called_off_is_told_beside_it(self):
        self.planned()
        self.told(self.newcomer)
        self.called_off()
        self.talk = self.meeting(self.newcomer, self.volunteer, proposal_id=self.proposal)
        self.planned()
        self.until(self.newcomer, ("meeting-planned", "sent"), ("meeting-cancelled", "queued"),
                   ("meeting-planned", "queued"))
        self.told(self.newcomer)
        self.until(self.newcomer, ("meeting-planned", "sent"), ("meeting-cancelled", "sent"),
                   ("meeting-planned", "merged"))

    def left(self, outcome, person_id, programme="asse-duo", **more):
        self.say("matching", "waiting-ended", person_id, waiting_id=new_id(), person_id=person_id, partnership="asse",
                 programme=programme, side="volunteer", nis="23002", since=text(self.now), until=text(self.now), days=0,
                 outcome=outcome, **more)

    def test_who_waits_for_a_programme_that_ends_hears_that_nobody_is_looked_for(self):
        self.stopped()
        self.left("programme-ended", self.volunteer)
        templates, (mail,) = self.told(self.volunteer)
        self.assertEqual(templates, {"duo-stopped", "programme-ended"})
        self.assertIn("niet meer op de wachtlijst", mail)
        self.assertNotIn("zoeken", mail)

    def test_who_left_the_list_is_not_told_of_a_search(self):
        self.stopped()
        self.left("left", self.volunteer, reason="other")
        templates, (mail,) = self.told(self.volunteer)
        self.assertEqual(templates, {"duo-stopped"})
        self.assertNotIn("zoeken", mail)
        self.matching("match-declined", by="newcomer", reason="other", after_meeting=True)
        self.proposal = new_id()
        self.matching("match-declined", by="newcomer", reason="other", after_meeting=True)
        self.left("rested", self.volunteer)
        templates, mails = self.told(self.volunteer)
        self.assertEqual(templates, {"duo-stopped", "match-ended"})
        self.assertEqual([m for m in mails if "zoeken" in m], [])
        self.until(self.volunteer, ("duo-stopped-waiting", "dropped"), ("duo-stopped", "sent"),
                   ("match-declined", "dropped"), ("match-declined", "dropped"), ("match-ended", "sent"),
                   ("match-ended", "merged"))

    def test_who_found_somebody_or_left_another_list_is_told_of_the_search(self):
        self.stopped()
        self.left("duo", self.volunteer, duo_id=new_id())
        self.left("left", self.volunteer, programme="asse-buddy")
        self.assertEqual(self.told(self.volunteer)[0], {"duo-stopped-waiting"})

    def test_of_two_duos_only_the_one_that_stopped_is_overtaken(self):
        self.accepted()
        self.proposal, other = new_id(), self.proposal
        self.accepted()
        self.stopped()
        self.told(self.volunteer)
        self.until(self.volunteer, ("match-accepted", "sent"), ("match-accepted", "dropped"),
                   ("duo-stopped-waiting", "merged"))
        self.assertNotEqual(other, self.proposal)

    def test_who_left_a_series_is_not_expected_there(self):
        series_id, _ = self.enrol(self.newcomer)
        self.told(self.newcomer)
        of = {"series_id": series_id, "partnership": "asse", "programme": "asse-duo", "nis": "23002"}
        self.reminded(kind="session", session_id=new_id(), series_id=series_id,
                      at=text(self.now + datetime.timedelta(days=1)), person_ids=[self.newcomer])
        self.say("scheduling", "unenrolled", series_id, **of, person_id=self.newcomer, state="enrolled")
        self.assertEqual(self.told(self.newcomer)[0], {"enrolled"})

    def series_ends(self, series_id, until, first, sessions=(), waiting=()):
        """On a day, counted from now; so is the first that falls."""
        of = {"series_id": series_id, "partnership": "asse", "programme": "asse-duo", "nis": "23002"}
        at = [text(self.now + datetime.timedelta(days=days)) for days in (until, first)]
        self.say("scheduling", "series-ended", series_id, **of, until=at[0][:10], **{"from": at[1]},
                 person_ids=[self.newcomer], waiting_ids=list(waiting))
        for session_id, days in sessions:
            self.say("scheduling", "session-cancelled", session_id, **of, session_id=session_id, reason="series-ended",
                     at=text(self.now + datetime.timedelta(days=days)), person_ids=[self.newcomer])

    def test_the_end_of_a_series_is_told_once(self):
        series_id, _ = self.enrol(self.newcomer)
        self.told(self.newcomer)
        sessions = [(new_id(), days) for days in (1, 8, 15)]
        self.reminded(kind="session", session_id=sessions[0][0], series_id=series_id,
                      at=text(self.now + datetime.timedelta(days=1)), person_ids=[self.newcomer])
        self.series_ends(series_id, 5, 8, sessions[1:])
        self.series_ends(series_id, 0, 1, sessions[:1])
        self.told(self.newcomer)
        self.until(self.newcomer, ("enrolled", "sent"), ("session-reminder", "dropped"), ("series-ended", "dropped"),
                   ("series-ended", "sent"))

    def test_who_waits_for_a_place_hears_that_the_series_ends(self):
        series_id, _ = self.enrol(self.newcomer)
        self.say("scheduling", "waitlisted", series_id, series_id=series_id, person_id=self.volunteer, partnership="asse",
                 programme="asse-duo", nis="23002", place=1)
        self.series_ends(series_id, 14, 15, waiting=[self.volunteer])
        templates, (mail,) = self.told(self.volunteer)
        self.assertEqual(templates, {"waitlisted", "series-ended-waiting"})
        self.assertIn("U staat dan niet meer op de wachtlijst.", mail)
        self.assertEqual(self.told(self.newcomer)[0], {"enrolled", "series-ended"})

    def test_a_place_in_a_series_that_is_over_is_not_told(self):
        series_id, _ = self.enrol(self.newcomer)
        self.series_ends(series_id, -1, 6)
        self.assertEqual(self.told(self.newcomer)[0], {"series-ended"})

    def test_help_that_someone_else_gives_is_not_asked_of_the_first(self):
        request = {"request_id": new_id(), "partnership": "asse", "programme": "asse-duo", "person_id": self.newcomer,
                   "topic": "bank", "nis": "23002"}
        other, _ = self.person()
        for buddy_id in (self.volunteer, other):
            self.say("matching", "help-request-assigned", request["request_id"], **request, buddy_id=buddy_id)
        self.assertEqual(self.told(self.volunteer)[0], set())
        self.until(other, ("help-request-yours", "sent"))
        self.until(self.newcomer, ("help-request-assigned", "dropped"), ("help-request-assigned", "sent"))

    def test_help_that_nobody_gives_any_more_is_told_to_nobody(self):
        request = {"request_id": new_id(), "partnership": "asse", "programme": "asse-duo", "person_id": self.newcomer,
                   "topic": "bank", "nis": "23002", "buddy_id": self.volunteer}
        for what in ("assigned", "reopened"):
            self.say("matching", f"help-request-{what}", request["request_id"], **request)
        self.assertEqual([self.told(who)[0] for who in (self.newcomer, self.volunteer)], [set(), set()])


if __name__ == "__main__":
    unittest.main()
