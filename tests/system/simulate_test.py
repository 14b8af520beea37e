"""The log of the demonstration says what the source texts say, and is the same from the same seed. One parameter file
for many municipalities: a log in order of time, the same twice, and nothing left beside it."""
import collections
import datetime
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD, ROOT  # noqa: E402

KOPPEL = BUILD / "bin/koppel"
TOWNS = [ROOT / f"data/simulation/{name}.json" for name in ("asse", "merelbeke", "middenkempen")]


def day(text):
    return datetime.date.fromisoformat(text[:10])


class Sources(unittest.TestCase):
    """What adapters and coordinators send, counted: the numbers are the source texts', not the parameter files'."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-simulate-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.simulate("demo.log")
        cat = subprocess.run([KOPPEL, "log", "cat", cls.folder / "demo.log"], capture_output=True, text=True, check=True)
        cls.sent = collections.defaultdict(list)
        for record in map(json.loads, cat.stdout.splitlines()):
            header, data = record["header"], record["data"]
            cls.sent[header["type"].split(".")[2]].append({**data, "day": day(header["time"]), "actor": header["actor"]})

    @classmethod
    def simulate(cls, name, *more):
        subprocess.run([KOPPEL, "simulate", *more, cls.folder / name, *TOWNS], capture_output=True, check=True, cwd=ROOT)
        return (cls.folder / name).read_bytes()

    def of(self, name, **wanted):
        return [one for one in self.sent[name] if wanted.items() <= one.items()]

    def starts(self, programme):
        return [one["day"] for one in self.of("hold-meeting", programme=programme, outcome="start")]

    def sessions(self, programme):
        """Every day of the programme's series, held or cancelled."""
        series, = self.of("create-series", programme=programme)
        return sorted(day(one["on_date"]) for name in ("hold-session", "cancel-session")
                      for one in self.of(name, series_id=series["series_id"]))

    def volunteers(self, town):
        return self.of("recruit-volunteer", actor=f"coordinator:{town}")

    def test_the_same_seed_makes_the_same_bytes_and_another_makes_others(self):
        first = (self.folder / "demo.log").read_bytes()
        self.assertEqual(first, self.simulate("again.log"))
        self.assertNotEqual(first, self.simulate("other.log", "--seed", "2"))

    def test_no_two_people_have_one_phone_number(self):
        phones = [one["phone"] for one in self.sent["register-person"] if "phone" in one]
        self.assertGreater(len(phones), 50)
        self.assertEqual(len(set(phones)), len(phones))

    def test_children_at_home_have_parents_of_an_age_for_it(self):
        parents = [(one["profile"]["birth_year"], child, one["day"].year) for one in self.sent["register-person"]
                   for child in one["profile"].get("child_birth_years", ())]
        self.assertGreater(len(parents), 100)
        for parent, child, now in parents:
            self.assertIn(child - parent, range(18, 46))
            self.assertIn(now - child, range(15))

    def test_asse_131_duos_since_2012_of_which_23_in_the_last_year(self):
        starts = self.starts("asse-duo")
        self.assertEqual((len(starts), starts[0].year, starts[-1].year), (131, 2012, 2019))
        year = [one for one in starts if one.year == 2019]
        self.assertEqual(len(year), 23)
        self.assertAlmostEqual((year[-1] - year[0]).days / (len(year) - 1), 15, delta=1.5, msg="one every two weeks")

    def lives(self, programme):
        """First and last day of every duo, and the word of its end; None and None of those that last."""
        ends = collections.defaultdict(list)
        for name in ("stop-duo", "mark-informal"):
            for one in self.of(name, programme=programme):
                ends[one["volunteer_id"]].append((one["day"], one.get("reason", "informal")))
        lives = []
        for start in self.of("hold-meeting", programme=programme, outcome="start"):
            lives.append((start["day"], *min((end for end in ends[start["volunteer_id"]] if end[0] > start["day"]),
                                             default=(None, None))))
        return lives

    def test_asse_is_alive_when_the_texts_speak_and_a_few_duos_are_there_since_the_start(self):
        told = datetime.date(2019, 12, 20)
        lives = self.lives("asse-duo")
        lasting = [start for start, end, _ in lives if end is None or end > told]
        self.assertGreater(len(lasting), 15)
        self.assertGreaterEqual(sum(start.year == 2012 for start in lasting), 2)

    def test_asse_duos_stop_when_they_wish_for_reasons_of_their_own(self):
        ends = [(end, why) for _, end, why in self.lives("asse-duo") if end is not None]
        days, reasons = collections.Counter(end for end, _ in ends), collections.Counter(why for _, why in ends)
        self.assertLessEqual(max(days.values()), 2)
        self.assertGreaterEqual(len(reasons), 6)
        self.assertLess(reasons["informal"], 0.1 * len(ends))

    def test_nobody_waits_for_a_programme_of_which_no_more_is_told(self):
        self.assertFalse([one for one in self.of("stop-duo", programme="asse-duo") if one["day"].year > 2019
                          and (one["newcomer_returns"] or one["volunteer_returns"])])

    def test_programmes_end_where_all_ends_with_what_is_told(self):
        programmes = {town: {one["programme"] for one in self.of("configure-programme", partnership=town)}
                      for town in ("asse", "merelbeke")}
        self.assertEqual(programmes["asse"], {"asse-duo", "asse-gatherings"})
        for town, all_of_it in programmes.items():
            ends = self.of("end-programme", partnership=town)
            self.assertEqual({(one["programme"], one["on_date"]) for one in ends}, {(p, "2019-12-20") for p in all_of_it})
        self.assertEqual(self.of("end-programme", partnership="middenkempen"), [])

    def test_asse_newcomers_always_wait(self):
        changes = [(one["day"], 1) for one in self.of("hold-intake", programme="asse-duo", side="newcomer")]
        changes += [(one["day"], 1) for one in self.of("stop-duo", programme="asse-duo", newcomer_returns=True)]
        changes += [(one, -1) for one in self.starts("asse-duo")]
        waiting, fewest = 0, []
        for when, change in sorted(changes):
            waiting += change
            fewest += [waiting] if change < 0 else []
        self.assertGreaterEqual(min(fewest), 5)

    def test_no_volunteer_of_asse_waits_while_duos_begin_with_others(self):
        """Coaches are scarce and newcomers always wait: two slots, and the days from a yes to the talk."""
        free = {one["person_id"]: one["day"] for one in self.of("hold-intake", programme="asse-duo", side="volunteer")}
        ends = [one for name in ("stop-duo", "mark-informal") for one in self.of(name, programme="asse-duo")]
        changes = [(one["day"], 1, one["volunteer_id"]) for one in ends if one["volunteer_returns"]]
        changes += [(one["day"], 0, one["volunteer_id"]) for one in self.of("hold-meeting", programme="asse-duo")]
        changes.append((datetime.date(2019, 12, 21), 0, None))
        slots = collections.Counter(one.year for one in self.starts("asse-duo"))
        for when, returns, who in sorted(changes, key=lambda change: change[:2]):
            if returns:
                self.assertNotIn(who, free)
                free[who] = when
                continue
            patience = 2 * 365 / slots[when.year] + 14
            for since in [free.pop(who)] if who else free.values():
                self.assertLess((when - since).days, patience, f"until {when}")

    def test_a_talk_is_held_when_its_planned_moment_is_past(self):
        """It is planned in the five to eleven days after the yes, in the evening at the latest."""
        for programme, duos in (("asse-duo", 131), ("taalvrienden", 24)):
            yes = [(one["person_id"], one["day"]) for one in self.of("accept-match", programme=programme)]
            talks = [(one.get("newcomer_id", one.get("volunteer_id")), one["day"])
                     for one in self.of("hold-meeting", programme=programme)]
            self.assertEqual((len(yes), len(talks)), (duos, duos))
            for who, when in talks:
                self.assertGreaterEqual(when - max(at for whose, at in yes if whose == who and at < when),
                                        datetime.timedelta(12))

    def test_merelbeke_about_20_buddies_help_with_one_request_after_the_other(self):
        self.assertIn(len(self.volunteers("merelbeke")), range(18, 23))
        ends = {one["request_id"]: one["day"] for name in ("fulfil-help-request", "drop-help-request")
                for one in self.of(name)}
        asked = collections.defaultdict(list)
        for request in self.of("open-help-request", programme="merelbeke-buddy"):
            for earlier in asked[request["person_id"]]:
                self.assertLessEqual(ends[earlier["request_id"]], request["day"])
            asked[request["person_id"]].append(request)
        self.assertGreater(sum(len(several) > 1 for several in asked.values()), 10)

    def test_merelbeke_a_cafe_every_two_weeks(self):
        days = self.sessions("merelbeke-abcafe")
        self.assertEqual({later - earlier for earlier, later in zip(days, days[1:])}, {datetime.timedelta(14)})
        self.assertGreater(len(days), 50)

    def test_middenkempen_24_pairs(self):
        self.assertEqual(len(self.starts("taalvrienden")), 24)

    def test_middenkempen_ends_with_somebody_to_decide_about(self):
        begun = [one["day"] for one in self.of("hold-intake", programme="taalvrienden", side="newcomer")]
        self.assertEqual([one for one in begun if one > self.starts("taalvrienden")[-1]], [datetime.date(2024, 8, 21)])

    def test_middenkempen_a_talk_table_each_tuesday_and_thursday(self):
        days = self.sessions("praatpunt")
        span = (days[0] + datetime.timedelta(n) for n in range((days[-1] - days[0]).days + 1))
        self.assertEqual(days, [one for one in span if one.isoweekday() in (2, 4)])
        self.assertGreater((days[-1] - days[0]).days, 300)

    def test_middenkempen_15_volunteers_at_once_after_the_call(self):
        days = collections.Counter(one["day"] for one in self.volunteers("middenkempen"))
        (_, most), (_, next_most) = days.most_common(2)
        self.assertEqual(most, 15)
        self.assertLess(next_most, 8)


class Wrong(unittest.TestCase):
    """Parameters that cannot be: what is wrong is said with the file's name, and no log is left."""

    CASES = [
        ("asse", ("partnership",), None, "is no object"),
        ("asse", ("from",), "1st of May", "no date like"),
        ("asse", ("duos", "started"), {"2014": -3}, "\"2014\" must be 0 to 10000"),
        ("asse", ("duos", "started"), {"14": 3}, "14, which is no year"),
        ("asse", ("duos", "waiting"), [20000, 20000], "within 0 and 10000"),
        ("asse", ("duos", "contact_days"), [0, 0], "within 1 and"),
        ("asse", ("duos", "mean_days"), 1e308, "mean_days"),
        ("asse", ("duos", "half_at_km"), 0, "half_at_km"),
        ("asse", ("duos", "scarce"), "nobody", "newcomer or volunteer"),
        ("asse", ("volunteer_places",), [[1730, 3]], "a postcode and a weight"),
        ("asse", ("volunteer_places",), [["1000000", 3]], "not among the places"),
        ("asse", ("people", "languages"), {}, "is empty"),
        ("asse", ("series", 0, "attend"), [201, 300], "within 0 and 200"),
        ("asse", ("series", 0, "minutes"), 1, "wrong create-series"),
        ("merelbeke", ("referrals", "every_days"), 0, "must be 1 to"),
        ("merelbeke", ("help", "buddies"), 2 ** 62, "must be 0 to 10000"),
        ("middenkempen", ("duos", "undecided"), 2 ** 62, "must be 0 to 10000"),
        ("middenkempen", ("duos", "call", "volunteers"), 10000, "more than 10000 people wait"),
    ]

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-simulate-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def test_what_is_wrong_is_said(self):
        file = self.folder / "wrong.json"
        for town, path, value, says in self.CASES:
            with self.subTest(path=path, value=value):
                params = at = json.loads((ROOT / f"data/simulation/{town}.json").read_text())
                for key in path[:-1]:
                    at = at[key]
                at[path[-1]] = value
                file.write_text(json.dumps(params))
                run = subprocess.run([KOPPEL, "simulate", self.folder / "wrong.log", file], capture_output=True, text=True, cwd=ROOT,
                                     timeout=60)
                self.assertEqual(run.returncode, 1, run.stderr)
                self.assertIn(f"koppel simulate: {file}: ", run.stderr)
                self.assertIn(says, run.stderr)
                self.assertEqual([one.name for one in self.folder.iterdir()], ["wrong.json"])

    def test_no_duos_in_a_year_are_none(self):
        params = json.loads((ROOT / "data/simulation/asse.json").read_text())
        params["duos"]["started"]["2014"] = 0
        (self.folder / "some.json").write_text(json.dumps(params))
        subprocess.run([KOPPEL, "simulate", self.folder / "some.log", self.folder / "some.json"], check=True, cwd=ROOT, timeout=60,
                       stdout=subprocess.DEVNULL)


class Everywhere(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-simulate-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        params = json.loads((ROOT / "data/scaled/flanders.json").read_text())
        params["everywhere"] = ["130", "44021"]
        params["to"] = "2015-06-30"
        params["duos"]["started"] = {"2015": 3}
        self.params = self.folder / "some.json"
        self.params.write_text(json.dumps(params))

    def simulate(self, name, *more):
        return subprocess.run([KOPPEL, "simulate", self.folder / name, self.params, *more], capture_output=True, text=True,
                              cwd=ROOT, timeout=120)

    def test_each_has_a_history_of_its_own_in_order_of_time(self):
        run = self.simulate("some.log")
        self.assertEqual(run.returncode, 0, run.stderr)
        cat = subprocess.run([KOPPEL, "log", "cat", self.folder / "some.log"], capture_output=True, text=True, check=True)
        records = [json.loads(line) for line in cat.stdout.splitlines()]
        self.assertEqual(run.stdout.split()[-2], str(len(records)))
        times = [record["header"]["time"] for record in records]
        self.assertEqual(times, sorted(times))
        phones = [record["data"]["phone"] for record in records if "phone" in record["data"]]
        self.assertGreater(len(phones), 10)
        self.assertEqual(len(set(phones)), len(phones))
        formed = {record["data"]["partnership"]: record["data"]["lead_nis"] for record in records
                  if record["header"]["type"] == "koppel.registry.form-partnership.v1"}
        with open(ROOT / "data/places.csv") as places:
            wanted = {line.split(",")[2] for line in places if line.split(",")[2].startswith(("130", "44021"))}
        self.assertEqual(set(formed.values()), wanted)
        self.assertEqual(formed["gent"], "44021")
        self.assertEqual(len({json.dumps(record["header"]["id"]) for record in records}), len(records))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["some.json", "some.log"])

    def test_twice_the_same_bytes(self):
        for name in ("one.log", "other.log"):
            self.assertEqual(self.simulate(name).returncode, 0)
        self.assertEqual((self.folder / "one.log").read_bytes(), (self.folder / "other.log").read_bytes())

    def test_beside_another_file_it_is_refused(self):
        run = self.simulate("some.log", ROOT / "data/simulation/asse.json")
        self.assertEqual(run.returncode, 1)
        self.assertIn("name it alone", run.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["some.json"])


if __name__ == "__main__":
    unittest.main()
