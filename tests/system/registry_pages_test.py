#!/usr/bin/python3
"""Pages of registry's lists: whoever comes, changes and goes, they hold whom they should, and read no more than a page."""
import itertools
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import ROOT  # noqa: E402
from registry_scene import Scene, insz  # noqa: E402

STATEMENTS = ROOT / "services/registry/sql"
MANY = 20000


class Pages(Scene):
    def pages(self, query, rows, /, **data):
        found, cursor = [], {}
        while cursor is not None:
            page = self.ask(query, **data, **cursor)
            self.assertLessEqual(len(page[rows]), data["limit"])
            found += page[rows]
            cursor = {"cursor": page["next"]} if "next" in page else None
        return found

    def people(self, **data):
        return [one["person_id"] for one in self.pages("people", "people", **data)]

    def pairs(self, **data):
        return [(one["person_id"], one["other_id"], one["grounds"]) for one in self.pages("duplicates", "pairs", **data)]

    def test_people_stand_in_the_order_of_their_names(self):
        """Who has none comes first, as all do in a replay."""
        names = [("Ada", "Zwart"), ("Zoë", "Adams"), ("Bo", "Adams"), ("Els", None), (None, None), (None, None)]
        ids = [self.register(**{k: v for k, v in zip(("first_name", "last_name"), name) if v})["person_id"] for name in names]
        there = self.register(first_name="Cas", last_name="Bert", postcode="2200")["person_id"]
        zwart, zoe, bo, els, *nameless = ids
        self.assertEqual(self.people(partnership="asse", limit=1), [*nameless, els, bo, zoe, zwart])
        self.assertEqual(self.people(limit=2), [*nameless, els, bo, zoe, there, zwart])
        self.assertEqual(self.people(name="z", limit=1), [zoe, zwart])
        self.assertEqual(self.people(name="ADA", limit=1), [bo, zoe, zwart])
        self.call("move-person", person_id=there, postcode="1730")
        self.call("change-profile", person_id=nameless[0], last_name="Yperman")
        self.call("change-profile", person_id=bo, forget=["last-name"])
        self.call("merge-people", keep_id=zwart, drop_id=zoe)
        self.call("recruit-volunteer", person_id=els, capacity=1)
        self.call("hold-intake", person_id=zwart, programme="asse-duo", side="newcomer")
        self.assertEqual(self.people(partnership="asse", limit=2), [nameless[1], bo, els, there, nameless[0], zwart])
        self.assertEqual(self.people(partnership="middenkempen", limit=2), [])
        self.assertEqual(self.people(role="volunteer", limit=1), [els])
        self.assertEqual(self.people(volunteer_state="resting", limit=1), [])
        self.assertEqual(self.people(programme="asse-duo", role="newcomer", nis="23002", limit=1), [zwart])
        for person in {zwart, bo, els, there, *nameless}:
            self.call("erase-person", person_id=person)
        self.assertEqual(self.people(limit=2), [])

    def test_a_pair_that_holds_stays_with_whom_it_is_known(self):
        """Of many with one address, each is paired with some; the first of them with all."""
        first, *rest = [self.register(email="desk@example.org", phone="0470 00 00 01")["person_id"] for _ in range(23)]
        noted = f"SELECT count(*), max(xmin::text::bigint) FROM registry.alike WHERE one = '{first}'"
        before = self.stack.psql(noted)
        self.assertEqual(before.split("|")[0], str(len(rest)))
        self.call("change-profile", person_id=first, channel="sms", preferred_language="nl")
        self.assertEqual(self.stack.psql(noted), before)
        self.call("change-profile", person_id=first, profile={"birth_year": 1970})
        (count, last), old = self.stack.psql(noted).split("|"), before.split("|")[1]
        self.assertEqual(count, str(len(rest)))
        self.assertGreater(int(last), int(old))
        self.call("change-profile", person_id=rest[-1], phone="0470 00 00 02")
        pairs = [grounds for one, other, grounds in self.pairs(limit=100) if (one, other) == (first, rest[-1])]
        self.assertEqual(pairs, [["email"]])
        self.call("change-profile", person_id=rest[-1], forget=["email"])
        self.assertEqual([pair for pair in self.pairs(limit=100) if rest[-1] in pair], [])
        for person in (first, *rest):
            self.call("erase-person", person_id=person)

    def test_pairs_follow_what_is_known(self):
        number = insz("770707077")
        first = self.register(first_name="Lut", last_name="Maes", national_number=number, email="lut@example.org",
                              profile={"birth_year": 1977})["person_id"]
        name = self.register(first_name="Maes", last_name="Lut", profile={"birth_year": 1977})["person_id"]
        both = self.register(national_number=number, email="LUT@example.org")["person_id"]
        there = self.register(email="lut@example.org", postcode="2200")["person_id"]
        self.assertEqual(self.pairs(partnership="asse", limit=1),
                         [(first, both, ["national-number", "email"]),
                          *sorted([(first, there, ["email"]), (both, there, ["email"])]), (first, name, ["name"])])
        self.assertEqual(self.pairs(limit=2, ground="email"), self.pairs(partnership="asse", limit=3)[:3])
        self.assertEqual(self.pairs(partnership="asse", ground="name", limit=2), [(first, name, ["name"])])
        self.assertEqual(self.pairs(partnership="middenkempen", limit=1), sorted([(first, there, ["email"]), (both, there, ["email"])]))
        within = self.client.query("registry", "koppel.registry.duplicates.v1", {"partnership": "asse"}, within="partnership=asse")
        self.assertEqual([one["other_id"] for one in within["pairs"]], [both, name])
        self.call("change-profile", person_id=name, profile={"birth_year": 1978})
        self.call("change-profile", person_id=both, forget=["email"])
        self.call("move-person", person_id=there, postcode="1730")
        self.assertEqual(self.pairs(partnership="asse", limit=1),
                         [(first, both, ["national-number"]), (first, there, ["email"])])
        self.assertEqual(self.pairs(partnership="middenkempen", limit=1), [])
        self.call("merge-people", keep_id=there, drop_id=first)
        self.assertEqual(self.pairs(limit=1), [(both, there, ["national-number"])])
        self.call("erase-person", person_id=both)
        self.assertEqual(self.pairs(limit=1), [])
        for person in (name, there):
            self.call("erase-person", person_id=person)

    def test_both_ways_to_a_page_of_people_tell_the_same(self):
        """Walked through in the order of names, or looked up where a filter holds of few: people_list.sql and people_few.sql."""
        self.stack.psql("""
            SET search_path = registry;
            CREATE TEMP TABLE crowd AS SELECT n, md5('pages' || n)::uuid AS id FROM generate_series(1, 120) AS n;
            INSERT INTO person (person_id, partnership, state, postcode, nis, preferred_language, channel, languages, interests,
                availability, child_birth_years, registered)
            SELECT id, CASE WHEN n % 3 = 0 THEN 'middenkempen' ELSE 'asse' END, 'known', '1730',
                CASE WHEN n % 4 < 2 THEN '23002' ELSE '13011' END, 'nl', 'none', '{}', '{}', '{}', '{}', now() FROM crowd;
            INSERT INTO person_private (person_id, partnership, first_key, last_key)
            SELECT id, partnership, CASE WHEN n % 11 > 0 THEN 'an' || n % 5 ELSE '' END, CASE WHEN n % 7 > 0 THEN 'b' || n % 6 ELSE 'an' END
            FROM crowd JOIN person ON person_id = id;
            INSERT INTO intake SELECT md5('intake' || n)::uuid, id, CASE WHEN n % 5 < 3 THEN 'asse-duo' ELSE 'other' END,
                CASE WHEN n % 2 = 0 THEN 'newcomer' ELSE 'volunteer' END, now() FROM crowd WHERE n % 7 < 5;
            INSERT INTO intake SELECT md5('again' || n)::uuid, id, 'asse-duo', 'newcomer', now() FROM crowd WHERE n % 13 = 0;
            INSERT INTO volunteer SELECT id, CASE WHEN n % 9 = 0 THEN 'resting' ELSE 'available' END, 1 FROM crowd WHERE n % 3 < 2;
            DELETE FROM person_private WHERE person_id IN (SELECT id FROM crowd WHERE n % 37 = 0)""")
        those = "(SELECT md5('pages' || n)::uuid FROM generate_series(1, 120) AS n)"
        self.addCleanup(self.stack.psql, "".join(f"DELETE FROM registry.{table} WHERE person_id IN {those};"
                                                 for table in ("volunteer", "intake", "person_private", "person")))
        after = [f"'{self.stack.psql(f'SELECT md5($$pages{n}$$)::uuid')}'" for n in (5, 37)]
        asked = [values for values in itertools.product(
            ("NULL", "'asse'"), ("NULL", "'asse-duo'"), ("NULL", "'13011'"), ("NULL", "'newcomer'", "'volunteer'"),
            ("NULL", "'resting'"), ("NULL", "'an'", "'b1'"), ("NULL", *after), ("7", "200"))][::7]
        walk, few = ((STATEMENTS / f"people_{name}.sql").read_text() for name in ("list", "few"))
        kinds = "text, text, text, text, text, text, uuid, bigint"
        few = few.replace("$9::uuid[]", "ARRAY(SELECT person_id FROM person_private)")
        told = self.stack.psql(f"SET search_path = registry; PREPARE walk({kinds}) AS {walk}; PREPARE few({kinds}) AS {few};" + "".join(
            f"SELECT '--'; EXECUTE {way}({', '.join(values)});" for values in asked for way in ("walk", "few"))).split("--")[1:]
        self.assertEqual(len(told), 2 * len(asked))
        for values, walked, looked_up in zip(asked, told[::2], told[1::2]):
            self.assertEqual(walked.strip(), looked_up.strip(), values)
        self.assertGreater(len(set(told)), 20)
        filters = [values[:5] for values in asked if any(value != "NULL" for value in values[1:5])]
        rare = (STATEMENTS / "people_rare.sql").read_text()
        told = self.stack.psql(f"SET search_path = registry; PREPARE walk({kinds}) AS {walk}; PREPARE rare(text, text, text, text, text) AS {rare};"
                               + "".join(f"SELECT '--'; EXECUTE walk({', '.join(values)}, NULL, NULL, 200); SELECT '--'; EXECUTE rare({', '.join(values)});"
                                         for values in filters)).split("--")[1:]
        for values, walked, held in zip(filters, told[::2], told[1::2]):
            self.assertLessEqual({line.split("|")[0] for line in walked.split("\n") if line}, set(held.strip()[1:-1].split(",")), values)
            # In the list stands who has a row of names; here one in 37 lacks it.
            self.assertLessEqual(len(held.split(",")), len(walked.strip().split("\n")) + 4, values)

    # ---- work

    def read(self, statement, kinds, *values):
        """How many blocks the statement reads, planned once for whatever values."""
        text = (STATEMENTS / f"{statement}.sql").read_text()
        plan = self.stack.psql("SET search_path = registry; SET plan_cache_mode = force_generic_plan; SET jit = off;"
                               f"PREPARE page({kinds}) AS {text};"
                               f"EXPLAIN (ANALYZE, BUFFERS) EXECUTE page({', '.join(values)})")
        return sum(int(n) for n in re.findall(r"(?:hit|read)=(\d+)", next(l for l in plan.splitlines() if "Buffers" in l)))

    def crowd(self, nis, and_then):
        """MANY people of asse until the end of the test, two by two with one mail address: their n and id are in a table `many`."""
        self.stack.psql(f"""
            SET search_path = registry;
            CREATE TEMP TABLE many AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, {MANY}) AS n;
            INSERT INTO person (person_id, partnership, state, postcode, nis, preferred_language, channel, languages, interests,
                availability, child_birth_years, registered)
            SELECT id, 'asse', 'known', '1730', {nis}, 'nl', 'none', '{{}}', '{{}}', '{{}}', '{{}}', now() FROM many;
            INSERT INTO person_private (person_id, partnership, first_key, last_key, email_key, phone)
            SELECT id, 'asse', 'f' || md5(n::text), 'l' || md5(n::text), n / 2, CASE WHEN n % 4 < 2 THEN n / 2 END FROM many;
            {and_then}""")
        self.addCleanup(self.stack.psql, "DELETE FROM registry.person WHERE channel = 'none'; DELETE FROM registry.person_private "
                                         "WHERE first_name IS NULL; DELETE FROM registry.intake WHERE person_id NOT IN (SELECT person_id FROM registry.person); "
                                         "DELETE FROM registry.volunteer; DELETE FROM registry.alike")
        for table in ("person", "person_private", "intake", "volunteer", "alike"):
            self.stack.psql(f"VACUUM ANALYZE registry.{table}")

    def test_filters_that_meet_in_nobody_are_not_walked_for(self):
        self.crowd("CASE WHEN n % 2 = 0 THEN '23002' ELSE '13011' END", """
            INSERT INTO intake SELECT gen_random_uuid(), id, 'asse-duo', 'newcomer', now() FROM many WHERE n % 2 = 0;
            INSERT INTO volunteer SELECT id, 'available', 1 FROM many WHERE n % 2 = 1""")
        for filters in ({"programme": "asse-duo", "nis": "13011"}, {"programme": "asse-duo", "volunteer_state": "available"},
                        {"role": "newcomer", "nis": "13011"}, {"role": "volunteer", "programme": "asse-duo"},
                        {"partnership": "middenkempen", "nis": "13011", "role": "volunteer"}):
            self.assertEqual(self.people(limit=50, **filters), [], filters)
            names = ("partnership", "programme", "nis", "role", "volunteer_state")
            values = [f"'{filters[name]}'" if name in filters else "NULL" for name in names]
            self.assertLess(self.read("people_rare", "text, text, text, text, text", *values), MANY // 5, filters)
            found = self.stack.psql("SET search_path = registry; PREPARE rare(text, text, text, text, text) AS "
                                    f"{(STATEMENTS / 'people_rare.sql').read_text()}; EXECUTE rare({', '.join(values)})")
            self.assertEqual(found, "{}", filters)

    def test_a_page_costs_a_page(self):
        self.crowd("'23002'", """
            INSERT INTO alike SELECT a.id, b.id, 'asse', 'asse', CASE WHEN a.n % 4 = 0 THEN 6 ELSE 4 END
            FROM many AS a JOIN many AS b ON b.n = a.n + 1 WHERE a.n % 2 = 0""")
        middle = self.stack.psql("SELECT person_id FROM registry.person_private ORDER BY last_key, person_id "
                                 f"OFFSET {MANY // 2} LIMIT 1")
        people = "text, text, text, text, text, text, uuid, bigint"
        for values in (["'asse'", "NULL"], ["'asse'", f"'{middle}'"], ["NULL", f"'{middle}'"]):
            cost = self.read("people_list", people, values[0], *["NULL"] * 5, values[1], "51")
            self.assertLess(cost, 1000, values)
        self.assertLess(self.read("people_list", people, "'asse'", *["NULL"] * 4, "'labc'", "NULL", "51"), 1000)
        self.assertLess(self.read("people_list", people, "'asse'", *["NULL"] * 4, "'fabc'", "NULL", "51"), 1000)
        few = [row for row in self.stack.psql("UPDATE registry.person SET nis = '13011' WHERE person_id IN (SELECT person_id "
                                              "FROM registry.person_private ORDER BY last_key DESC LIMIT 3) RETURNING person_id").split()]
        self.assertEqual(sorted(self.people(partnership="asse", nis="13011", limit=2)), sorted(few))
        found = self.read("people_few", people + ", uuid[]", "'asse'", "NULL", "'13011'", *["NULL"] * 4, "51", f"'{{{','.join(few)}}}'")
        self.assertLess(found, 50)
        one, other = self.stack.psql(f"SELECT one, other FROM registry.alike WHERE grounds = 4 ORDER BY one "
                                     f"OFFSET {MANY // 8} LIMIT 1").split("|")
        for partnership in ("'asse'", "NULL"):
            for after in (["16", "NULL", "NULL"], ["4", f"'{one}'", f"'{other}'"]):
                cost = self.read("duplicate_list", "text, bigint, bigint, uuid, uuid, bigint, boolean, boolean",
                                 partnership, "0", *after, "51", "false", "false")
                self.assertLess(cost, 300, (partnership, after))


if __name__ == "__main__":
    unittest.main()
