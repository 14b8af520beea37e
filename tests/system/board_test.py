#!/usr/bin/python3
"""The coordinators' board as it is served: its files and their headers, and that what its modules name is there."""
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import ROOT  # noqa: E402
from edge import Edge  # noqa: E402

BOARD = ROOT / "services/gateway/board"
MODULES = {path.name: path.read_text() for path in BOARD.glob("*.js")}
CODE = "\n".join(text for name, text in MODULES.items() if not name.endswith(".nl.js"))
WORDS = "\n".join(text for name, text in MODULES.items() if name.endswith(".nl.js"))
MANUAL = (ROOT / "docs/handleiding.md").read_text()
TEXTS = re.findall(r'^    "([^"]+)": "', WORDS, re.M)
# Words for the values of the interface: each family has exactly those that the schemas know.
FAMILIES = {
    "duo-state": ("matching/common", "duo_state"), "contact-kind": ("matching/common", "contact_kind"),
    "factor": ("matching/common", "factor"), "rule": ("matching/common", "hard_rule"), "side": ("common", "side"),
    "register-side": ("common", "side"),
    "reason-stop": ("common", "stop_reason"), "reason-decline": ("common", "decline_reason"),
    "declined-by": ("common", "declined_by"), "level": ("common", "cefr"),
    "talk-outcome": ("scheduling/common", "meeting_outcome"), "place-kind": ("scheduling/common", "place_kind"),
    "channel": ("common", "channel"), "volunteer-state": ("registry/common", "volunteer_state"),
    "figure": ("reporting/common", "figure"), "ground": ("registry/common", "duplicate_ground"),
    "duo-is": ("matching/common", "duo_state"), "role": ("registry/common", "role"), "partner": ("common", "partner_type"), "reason-referral": ("common", "referral_reason"), "reason-leave": ("common", "leave_reason"),
    "reason-session": ("scheduling/common", "session_cancel_reason"), "reason-erase": ("registry/common", "erase_reason"),
    "topic": ("matching/common", "help_topic"), "help-state": ("matching/common", "help_state"),
    "help-is": ("matching/common", "help_state"), "reason-help": ("matching/common", "help_drop_reason"),
    "letter-state": ("notifications/common", "message_state"), "letter-failed": ("notifications/common", "fail_reason"),
    "programme-kind": ("common", "programme_kind"), "reason-correct": ("reporting/common", "correction_reason"),
    "gender": ("common", "gender"), "partner-status": ("common", "partner_status"), "gender-preference": ("common", "gender_preference"),
}
OWN_FAMILIES = {"live", "letter", "interest", "event", "refused", "field", "weekday", "day-part", "day", "nth", "rhythm"}


def values(place, name):
    return set(json.loads((ROOT / f"schemas/{place}.json").read_text())["$defs"][name]["enum"])


def family(name):
    return {key.removeprefix(name + ".") for key in TEXTS if key.startswith(name + ".")}


class Board(Edge):
    def get(self, path, **headers):
        return self.send("GET", path, token=None, **headers)

    def test_every_file_is_served_to_whoever_asks_and_may_reach_nothing_else(self):
        types = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
        for path in BOARD.iterdir():
            answer = self.expect(200, self.get(f"/board/{path.name}"))
            self.assertEqual(answer.body, path.read_bytes())
            self.assertTrue(answer.headers["Content-Type"].startswith(types[path.suffix]))
            policy = answer.headers["Content-Security-Policy"]
            for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
                         "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
                self.assertIn(part, policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(answer.headers.get_all("Cache-Control"), ["no-cache"])
        manual = self.expect(200, self.get("/board/handleiding.md"))
        self.assertEqual((manual.body.decode(), manual.headers["Content-Type"]), (MANUAL, "text/markdown; charset=utf-8"))
        self.assertEqual(self.get("/").body, (BOARD / "index.html").read_bytes())
        for absent in ("/board/", "/board/nothing.js", "/board/../main.c", "/board/%2e%2e/main.c"):
            self.expect(404, self.get(absent))
        self.expect(405, self.send("POST", "/", {}, token=None))

    def test_what_is_known_is_not_sent_again(self):
        first = self.get("/board/board.js")
        etag = first.headers["ETag"]
        self.assertNotEqual(etag, self.get("/board/board.css").headers["ETag"])
        for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            again = self.get("/board/board.js", If_None_Match=known)
            self.assertEqual((again.status, again.body, again.headers["ETag"]), (304, b"", etag))
        self.expect(200, self.get("/board/board.js", If_None_Match='"other"'))
        head = self.send("HEAD", "/", token=None)
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["Content-Length"], str(len((BOARD / "index.html").read_bytes())))

    def test_answers_with_data_are_never_kept(self):
        self.assertEqual(self.send("GET", "/v1/partnerships").headers.get_all("Cache-Control"), ["no-store"])

    def test_every_path_and_command_that_the_page_names_is_there(self):
        paths = set(re.findall(r'["`](/v1/[a-z/-]+)', CODE)) - {"/v1/commands/", "/v1/people/"}
        commands = set(re.findall(r'tell\("([a-z-]+)"', CODE))
        self.assertGreater(min(len(paths), len(commands)), 8)
        for path in paths:
            answer = self.send("HEAD" if path == "/v1/events" else "OPTIONS", path)
            self.assertNotEqual(answer.status, 404, path)
        for command in commands:
            self.expect(422, self.send("POST", f"/v1/commands/{command}", {"no-such-field": 1}))
        self.expect(404, self.send("OPTIONS", "/v1/no-such-path"))
        self.expect(404, self.send("POST", "/v1/commands/no-such-command", {"no-such-field": 1}))

    def test_who_holds_a_token_hears_what_it_may_do(self):
        secret = self.token("duos", "person", name="coordinator:asse", partnerships=["asse"])["token"]
        own = self.expect(200, self.send("GET", "/v1/own-token", token=secret)).json
        self.assertEqual((own["name"], own["scopes"], own["partnerships"]), ("coordinator:asse", ["duos", "person"], ["asse"]))
        self.assertRegex(own["now"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        self.assertNotIn(secret, json.dumps(own))
        self.expect(401, self.send("GET", "/v1/own-token", token="unknown"))

    def test_the_token_of_the_guide_is_let_in(self):
        """What the page asks at its door, with the limits that the guide names: one partnership, always named."""
        guide = (ROOT / "docs/coordinators.md").read_text()
        asked = json.loads(re.search(r"create-token --dir \S+ - <<'END'\n(.*?)\n +END", guide, re.S)[1])
        secret = self.token(*asked["scopes"], name=asked["name"], partnerships=asked["partnerships"])["token"]
        own = self.expect(200, self.send("GET", "/v1/own-token", token=secret)).json
        self.assertEqual(own["partnerships"], asked["partnerships"])
        for name in ("partnerships", "programmes"):
            self.expect(200, self.send("GET", f"/v1/{name}?partnership={own['partnerships'][0]}", token=secret))
            self.expect(403, self.send("GET", f"/v1/{name}", token=secret))
        self.expect(200, self.send("GET", "/v1/municipalities", token=secret))
        commands = set(re.findall(r'tell\("([a-z-]+)"', CODE))
        refused = {one for one in commands if self.send("POST", f"/v1/commands/{one}", {"no-such-field": 1}, token=secret).status == 403}
        self.assertEqual(refused, {"end-programme"}, "which nobody can take back")
        paths = set(re.findall(r'["`](/v1/(?:reports/)?[a-z-]+)"', CODE)) - {"/v1/events", "/v1/people"}
        for path in paths:
            self.assertNotEqual(self.send("GET", f"{path}?partnership=middenkempen", token=secret).status, 403, path)
        streams = re.findall(r'"([a-z]+)"', re.search(r"const FOLLOWED = \[(.*?)\]", MODULES["board.js"])[1])
        self.assertGreater(len(streams), 2)
        self.assertEqual(own["board_lacks"], [])
        every = set(self.expect(200, self.send("GET", "/v1/own-token", token=self.token("partnerships")["token"])).json["board_lacks"])
        self.assertEqual(commands - every, {"end-programme"})
        self.assertLessEqual({f"stream-{stream}" for stream in streams}, every)
        said = {path.rsplit("/", 1)[-1] for path in paths} - {"own-token", "import-template", "partnerships"}
        self.assertLessEqual(said | {"person", "people"}, every)

    def test_nobody_gives_the_board_who_may_not_do_all_of_it(self):
        for scopes in (("create-token", "b*"), ("create-token", "duos")):
            secret = self.token(*scopes)["token"]
            answer = self.send("POST", "/v1/commands/create-token", {"name": "other", "scopes": ["board"]}, token=secret)
            self.expect(403, answer)
        secret = self.token("create-token", "board", name="giver", sources=["urn:koppel:giver"])["token"]
        made = self.expect(200, self.send("POST", "/v1/commands/create-token", {"name": "giver", "scopes": ["board", "duos"], "sources": ["urn:koppel:giver"]}, token=secret))
        self.expect(422, self.send("POST", "/v1/commands/stop-duo", {"no-such-field": 1}, token=made.json["token"]))

    def test_every_list_is_asked_of_one_partnership(self):
        """As a limited token has to, and an unlimited one would not notice."""
        asked = re.findall(r'ask\w*\("(/v1/(?:proposals|arrivals|away|duos|meetings|sessions|enrolments|duplicates|waiting-list|people|series|help-requests|messages))", '
                           r'\{([^}]*)\}', CODE)
        self.assertGreater(len(asked), 9)
        for path, fields in asked:
            self.assertIn("partnership", fields, path)

    def test_what_is_put_in_other_words_is_what_services_say(self):
        said = "".join(path.read_text() for path in (ROOT / "services").rglob("*.c"))
        for piece in re.findall(r'^    \["([^"]+)", "[a-z-]+"\],$', MODULES["problem.js"], re.M):
            self.assertTrue(piece in said, piece)
        keys = set(re.findall(r'^    \["[^"]+", "([a-z-]+)"\],$', MODULES["problem.js"], re.M))
        self.assertEqual(keys, family("refused"))

    def test_the_page_holds_no_script_no_style_and_nothing_from_elsewhere(self):
        page = (BOARD / "index.html").read_text()
        self.assertEqual(re.findall(r"<script(.*?)>(.*?)</script>", page, re.S),
                         [(' type="module" src="/board/board.js"', "")])
        self.assertNotRegex(page, r"<style|\son\w+=|\sstyle=|https?:")
        self.assertNotRegex(CODE, r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|localStorage|\beval\b|https?:")
        for name, text in MODULES.items():
            for imported in re.findall(r'from "\./([^"]+)"', text):
                self.assertIn(imported, MODULES, name)

    def test_the_modules_stay_small(self):
        for name, text in MODULES.items():
            self.assertLess(text.count("\n"), 200, name)
            self.assertTrue(text.startswith("/* "), name)

    def test_every_text_that_is_used_is_there_and_none_is_left_over(self):
        self.assertEqual(len(TEXTS), len(set(TEXTS)))
        joined = re.findall(r'^import (\w+) from "\./texts_\1\.nl\.js";$', MODULES["texts.nl.js"], re.M)
        self.assertEqual({f"texts_{part}.nl.js" for part in joined}, {name for name in MODULES if name.endswith(".nl.js")} - {"texts.nl.js"})
        self.assertEqual(re.findall(r"\.\.\.(\w+)", MODULES["texts.nl.js"]), joined)
        used = set(re.findall(r'\bt\("([^"]+)"', CODE))
        used |= {f"{key}.{form}" for key in re.findall(r'\b(?:n|texted)\("([^"]+)"', CODE) for form in ("one", "many")}
        self.assertNotRegex(CODE, r"\b[tn]\((?!\")(?!key|`\$\{key\}|`unit\.\$\{)\S")
        families = set(re.findall(r'\bwords?\("([^"]+)"', CODE))
        used |= {f"unit.{unit}.{form}" for unit in values("reporting/common", "unit") for form in ("one", "many")}
        self.assertEqual(families, set(FAMILIES) | OWN_FAMILIES)
        used |= {key for key in TEXTS if key.split(".")[0] in families}
        self.assertEqual(used - set(TEXTS), set(), "used, and without a text")
        self.assertEqual(set(TEXTS) - used, set(), "a text that nobody uses")

    def test_the_manual_says_what_stands_on_the_board(self):
        """What is bold in it is a text of the board, to the letter; and every button that asks something stands in it."""
        texts = dict(re.findall(r'^    "([^"]+)": "(.*)",$', WORDS, re.M))
        bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", MANUAL, re.S)}
        self.assertEqual(bold - set(texts.values()), set(), "in the manual, and not on the board")
        buttons = {texts[key] for key in re.findall(r'\bt\("([a-z-]+[.-]open)"', CODE)}
        self.assertGreater(len(buttons), 20)
        self.assertEqual(buttons - bold, set(), "a button that the manual does not tell of")
        views = re.findall(r'^    \w+: \[t\("(nav\.[a-z]+)"\)', MODULES["board.js"], re.M)
        self.assertEqual([texts[key] for key in views], [one for one in re.findall(r"^## (.*)$", MANUAL, re.M) if one in
                         {text for key, text in texts.items() if key.startswith("nav.")}], "a chapter for each view, in their order")

    def test_the_manual_is_of_the_markdown_that_the_board_reads(self):
        line, item = r"(?![#\s]|- |\d+\. ).+", r"(?:- |\d+\. ).+(?:\n +\S.*)*"
        for block in re.split(r"\n{2,}", MANUAL.strip()):
            self.assertRegex(block, rf"\A(?:#{{1,3}} .+|{item}(?:\n{item})*|{line}(?:\n{line})*)\Z")
            self.assertNotRegex(block.replace("**", ""), r"[*_`|<>\[\]]", "marks that it does not know")
            self.assertEqual(block.count("**") % 2, 0, block)

    def test_every_value_of_the_interface_has_its_word(self):
        for name, place in FAMILIES.items():
            self.assertEqual(family(name), values(*place), name)
        written = {path.name.split(".")[0] for path in (ROOT / "services/notifications/texts").glob("*.nl.txt")}
        self.assertEqual(family("letter"), written - {"words"})

    def test_who_erases_is_told_all_that_the_log_keeps(self):
        told = {"partnership": "samenwerking", "place": "postcode en gemeente", "preferred_language": "voorkeurtaal",
                "channel": "hoe berichten kwamen", "found_through": "hoe deze persoon ons vond", "birth_year": "geboortejaar,",
                "gender": "geslacht", "languages": "talen", "dutch_level": "niveau van het Nederlands", "interests": "interesses",
                "child_birth_years": "geboortejaren van de kinderen", "availability": "vrije dagdelen",
                "prefers_gender": "voorkeur voor een man of een vrouw"}
        said = json.loads((ROOT / "schemas/registry/person-registered.v1.json").read_text())["properties"]
        profile = json.loads((ROOT / "schemas/common.json").read_text())["$defs"]["profile"]["properties"]
        self.assertEqual(set(told), set(said) - {"person_id", "profile"} | set(profile))
        line = re.search(r'"erase.log": "(.*)"', WORDS)[1]
        for words in told.values():
            self.assertIn(words, line)

    def test_why_a_duo_stopped_is_told_alike_on_the_board_and_in_the_report(self):
        written = dict(re.findall(r'\[COMMON_STOP_REASON_(\w+)\] = "(.*)",', (ROOT / "services/reporting/words_nl.c").read_text()))
        self.assertEqual({name.lower().replace("_", "-"): words for name, words in written.items()},
                         dict(re.findall(r'"reason-stop\.([a-z-]+)": "(.*)"', WORDS)))

    def test_what_is_filled_in_has_its_place_in_the_text(self):
        texts = dict(re.findall(r'^    "([^"]+)": "(.*)",$', WORDS, re.M))
        for key, given in re.findall(r'\bt\("([^"]+)", \{([^}]*)\}', CODE):
            names = set(re.findall(r"(?:^|, *|\s)(\w+)(?=:|,|$)", given.strip()))
            self.assertEqual(set(re.findall(r"\{(\w+)\}", texts[key])) - names, set(), key)


if __name__ == "__main__":
    unittest.main()
