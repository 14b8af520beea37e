#!/usr/bin/python3
"""The board in a real browser, on a real stack: a coordinator's way through the duo loop. Run by make check-board."""
import datetime
import json
import pathlib
import re
import sys
import unittest
import zoneinfo

from selenium.webdriver.support.ui import Select

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import ROOT  # noqa: E402
from scene import Scene  # noqa: E402
from waiting import eventually  # noqa: E402


class Board(Scene):
    def profile_of(self, name):
        found, = self.call("people", {"partnership": "kempen", "name": name})["people"]
        profile = self.call("person", {"person_id": found["person_id"]})["profile"]
        return {key: value for key, value in profile.items() if value}

    def views(self, name):
        for size in ("desk", "phone", "narrow"):
            self.browser.size(size)
            for view in ("Vandaag", "Wachtlijst", "Duo's", "Mensen", "Praattafels", "Cijfers", "Programma's"):
                self.browser.press_in("#top", view)
                self.browser.wait(lambda: self.browser.script("document.querySelector('h1')?.textContent") == view
                                  and not self.browser.script("document.querySelector('main').hasAttribute('aria-busy')"), view)
                self.assertFalse(self.browser.script("Boolean(document.querySelector('.problem'))"), view)
                self.assertEqual(self.browser.script("document.documentElement.scrollWidth > document.documentElement.clientWidth"), False, view)
                self.assertEqual(self.browser.script(
                    "[...document.querySelectorAll('input, select')].filter((one) => !one.labels.length).length"), 0)
                self.browser.picture(f"{name}-{size}-{view.lower().replace(chr(39), '')}")
        self.browser.size("desk")
        self.browser.press_in("#top", "Vandaag")

    def test_1_the_loop(self):
        browser = self.browser
        browser.open(self.link)
        card = browser.card("Selam Haile en An Claes")
        self.assertEqual(browser.script("document.getElementById('partnership').value"), "kempen", "not Elders, where nothing goes on")
        for words in ("Herentals", "Taalduo Kempen", "houden allebei van koken", "spreken allebei Engels", "4 jaar verschil"):
            self.assertIn(words, card)
        browser.sees("Ververst vanzelf")
        browser.script("window.never_loaded_again = true")
        self.views("loop")

        browser.press("Selam Haile en An Claes", "Aanvaarden")
        browser.press_in("dialog", "Aanvaarden")
        browser.sees("Er wacht geen voorstel op u.")
        browser.sees("Aanvaard: Selam Haile en An Claes. Het gesprek is op")
        browser.picture("loop-desk-aanvaard")
        browser.press("Selam Haile en An Claes", "Resultaat …")
        browser.choose("dialog select", "start")
        browser.press_in("dialog", "Bewaren")
        browser.press_in("#top", "Duo's")
        browser.press("Selam Haile en An Claes", "Contact …")
        browser.driver.find_element("css selector", "dialog input[type=number]").send_keys("1.5")
        browser.press_in("dialog", "Contact noteren")
        browser.wait(lambda: "1,5" in browser.card("Selam Haile en An Claes"), "the hours")

        self.join("volunteer", first_name="Piet", last_name="Maes", postcode="2200", preferred_language="nl")
        browser.press("Selam Haile en An Claes", "Stoppen …")
        browser.choose("dialog select", "schedule")
        browser.press_in("dialog", "Duo stoppen")
        browser.gone("tbody tr", "Selam Haile en An Claes")
        browser.press_in("#top", "Vandaag")
        browser.card("Selam Haile en Piet Maes")
        self.assertTrue(browser.script("window.never_loaded_again"))
        self.quiet()

    def test_2_what_happens_elsewhere_appears_by_itself(self):
        browser = self.browser
        browser.open(self.link)
        browser.choose("#partnership", "kempen")
        browser.card("Selam Haile en Piet Maes")
        browser.sees("Ververst vanzelf")
        self.begin_duo()
        browser.sees("Er wacht geen voorstel op u.")
        self.join("volunteer", first_name="Rik", last_name="Nys", postcode="2200", preferred_language="nl")
        browser.gone(".card", "Selam Haile en Piet Maes")
        self.call("stop-duo", {"programme": "kempen-duo", "newcomer_id": self.newcomer, "reason": "schedule"})
        self.assertIn("Nieuw", browser.card("Selam Haile en Rik Nys"))
        self.assertIn("nieuw voorstel", browser.script("document.getElementById('said').textContent"))
        self.quiet()

    def test_3_a_coordinator_of_one_partnership(self):
        """With the scopes that the guide names, typed by hand; and out again, once the token is revoked."""
        guide = (ROOT / "docs/coordinators.md").read_text()
        asked = json.loads(re.search(r"create-token --dir \S+ - <<'END'\n(.*?)\n +END", guide, re.S)[1])
        made = self.call("create-token", {**asked, "name": "coordinator:kempen", "partnerships": ["kempen"]})
        browser = self.browser
        browser.open(self.link.split("#")[0])
        browser.wait(lambda: browser.driver.find_element("id", "token"), "the door").send_keys("wrong")
        browser.press_in("form", "Aanmelden")
        browser.sees("Uw token geldt niet")
        browser.driver.find_element("id", "token").send_keys("één “token”")
        browser.press_in("form", "Aanmelden")
        browser.sees("Uw token geldt niet")
        browser.driver.find_element("id", "token").send_keys(made["token"])
        browser.press_in("form", "Aanmelden")
        browser.card("Selam Haile en Rik Nys")
        browser.sees("Ververst vanzelf")
        self.assertFalse(browser.driver.find_elements("id", "partnership"), "there is one partnership to look at")
        self.views("limited")
        browser.script("""(window.answered = window.fetch, window.fetch = (path, options) => window.answered(
            path.startsWith("/v1/duos?") ? path.replace(/limit=[0-9]+/, "limit=1") : path, options), true)""")
        browser.press("Selam Haile en Rik Nys", "Selam Haile")
        for words in ("Piet Maes: Taalduo Kempen", "An Claes: Taalduo Kempen", "+32470987654", "Tigrinya", "avond (ma)", "2200 Herentals", "koken"):
            self.in_dialog(words)
        self.assertEqual(browser.script("document.querySelector('dialog a[href^=tel]').href"), "tel:+32470987654")
        self.assertEqual(browser.script("document.querySelector('dialog a[href^=mail]').href"), "mailto:selam@example.org")
        browser.script("(window.fetch = window.answered, true)")
        browser.picture("limited-desk-persoon")
        browser.driver.find_element("css selector", "dialog .close").click()
        self.call("configure-programme", {"programme": "kempen-tafel", "partnership": "kempen", "kind": "conversation-group",
                                          "name": "Babbeltafel", "action": 5})
        today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Brussels"))
        series = self.call("create-series", {
            "partnership": "kempen", "programme": "kempen-tafel", "title": "Babbeltafel", "rrule": "FREQ=WEEKLY",
            "starts": today.strftime("%Y-%m-%dT23:59"), "duration_minutes": 60, "capacity": 9, "nis": "13011"})["series_id"]
        self.call("enrol", {"series_id": series, "person_id": self.newcomer})
        browser.press_in("#top", "Duo's")
        browser.press_in("#top", "Vandaag")
        browser.press("Babbeltafel", "Aanwezigheden …")
        browser.wait(lambda: browser.driver.find_element("css selector", "dialog input[type=checkbox]"), "who is enrolled").click()
        browser.press_in("dialog", "Bewaren")
        self.in_dialog("Deze bijeenkomst is nog niet begonnen.")
        browser.picture("limited-desk-aanwezig")
        browser.driver.find_element("css selector", "dialog .close").click()
        browser.press_in("#top", "Wachtlijst")
        browser.press("Selam Haile", "Waarom deze match?")
        self.in_dialog("Deze twee zijn nu aan elkaar voorgesteld.")
        browser.picture("limited-desk-waarom")
        browser.driver.find_element("css selector", "dialog .close").click()
        browser.press_in("main", "Iemand inschrijven …")
        browser.choose("dialog [name=side]", "volunteer")
        for name, value in (("first_name", "Bo"), ("postcode", "2200"), ("phone", "+32470123456")):
            browser.driver.find_element("css selector", f"dialog [name={name}]").send_keys(value)
        browser.choose("dialog [name=preferred_language]", "nl")
        for value in ("sewing", "sun-morning"):
            browser.driver.find_element("css selector", f"dialog [value={value}]").click()
        browser.picture("limited-desk-inschrijven")
        browser.size("phone")
        browser.picture("limited-phone-inschrijven")
        browser.size("desk")
        browser.press_in("dialog", "Inschrijven")
        browser.card("Bo")
        self.assertEqual(self.profile_of("Bo"), {"interests": ["sewing"], "availability": ["sun-morning"]})

        profile = {"languages": ["ti"], "interests": ["chess"]}
        person = self.call("register-person", {"partnership": "kempen", "first_name": "Tsegay", "postcode": "2200",
                                               "preferred_language": "ti", "profile": profile})["person_id"]
        browser.press_in("#top", "Vandaag")
        browser.card("Tsegay")
        self.call("change-profile", {"person_id": person, "profile": {**profile, "birth_year": 1990}})
        browser.press("Tsegay", "Intake …")
        browser.choose("dialog [name=side]", "newcomer")
        for value in ("en", "music", "sat-morning"):
            browser.driver.find_element("css selector", f"dialog [value={value}]").click()
        browser.driver.find_element("css selector", "dialog [name=child_birth_years]").send_keys("2015 2018")
        browser.picture("limited-desk-intake")
        browser.press_in("dialog", "Op de wachtlijst zetten")
        browser.sees("Op niemand wacht een intake.")
        self.assertEqual(self.profile_of("Tsegay"), {"languages": ["en", "ti"], "interests": ["music", "chess"],
                                                     "birth_year": 1990, "availability": ["sat-morning"], "child_birth_years": [2015, 2018]})
        browser.press_in("#top", "Wachtlijst")
        browser.press("Tsegay", "Waarom deze match?")
        Select(browser.driver.find_element("id", "why-other")).select_by_visible_text("Rik Nys")
        self.in_dialog("zijn alle matches samen beter met andere paren")
        self.in_dialog("Rik Nys past bij Selam Haile")
        self.assertFalse(browser.driver.find_elements("css selector", "dialog [lang=en]"))
        browser.picture("limited-desk-waarom-niet")
        self.in_dialog("Dan halen alle paren samen")
        browser.script("""(() => { // as where somebody has waited a year
            const real = window.fetch;
            window.fetch = async (address, options) => {
                const answer = await real(address, options);
                if (!address.startsWith("/v1/explain"))
                    return answer;
                const told = await answer.json();
                told.volunteer_matches[0].first_days = 400;
                return new Response(JSON.stringify({...told, loses: 100 * told.loses}), {headers: {"Content-Type": "application/json"}});
            };
        })()""")
        browser.script("document.getElementById('why-other').dispatchEvent(new Event('change'))")
        self.in_dialog("Maar nu gaat iemand voor die al langer wacht.")
        self.in_dialog("Daar wacht iemand al langer.")
        self.assertNotIn("punten van de 100", browser.driver.find_element("css selector", "dialog").text)
        self.call("revoke-token", {"token_id": made["token_id"]})
        browser.sees("Uw token geldt niet")
        self.assertIsNone(browser.script("sessionStorage.getItem('koppel-token')"))

    def test_4_without_an_answer_nothing_is_forgotten(self):
        browser = self.browser
        browser.open(self.link)
        browser.choose("#partnership", "kempen")
        browser.card("Selam Haile en Rik Nys")
        browser.blocked("*/v1/*")
        browser.driver.refresh()
        browser.sees("De server is niet bereikbaar")
        browser.picture("away-desk")
        self.assertIsNotNone(browser.script("sessionStorage.getItem('koppel-token')"))
        browser.blocked()
        browser.press_in("main", "Opnieuw proberen")
        browser.card("Selam Haile en Rik Nys")

    def test_5_what_a_token_may_not_leaves_the_rest(self):
        made = self.call("create-token", {"name": "coordinator:less", "partnerships": ["kempen"], "scopes": [
            "proposals", "person", "partnerships", "programmes", "sessions", "duplicates"]})
        browser = self.browser
        browser.open(self.link.split("#")[0] + "#token=" + made["token"])
        browser.card("Selam Haile en Rik Nys")
        for right in ("duos", "meetings"):
            browser.sees(f"‘{right}’")
        browser.sees("Ververst niet vanzelf")
        browser.picture("less-desk")
        browser.script(f"location.hash = '{self.link.split('/')[-1]}'")
        browser.choose("#partnership", "kempen")
        browser.sees("Ververst vanzelf")
        self.assertNotIn("token", browser.script("location.href"))

    def test_6_what_is_corrected_after_a_refusal_counts(self):
        made = self.call("create-token", {"name": "coordinator:door", "partnerships": ["kempen"], "scopes": [
            "waiting-list", "person", "partnerships", "programmes", "register-person", "change-profile", "move-person"]})
        browser = self.browser
        browser.open(self.link.split("#")[0] + "#token=" + made["token"])
        browser.press_in("#top", "Wachtlijst")
        browser.press_in("main", "Iemand inschrijven …")

        def field(name):
            return browser.driver.find_element("css selector", f"dialog [name={name}]")

        browser.choose("dialog [name=side]", "newcomer")
        browser.choose("dialog [name=preferred_language]", "fr")
        for name, value in (("first_name", "Verkeerd"), ("postcode", "2200"), ("email", "fout@example.org")):
            field(name).send_keys(value)
        browser.press_in("dialog", "Inschrijven")
        self.in_dialog("‘hold-intake’")
        field("last_name").send_keys("Fout")
        browser.fill("dialog [name=postcode]", "9999")
        browser.press_in("dialog", "Inschrijven")
        self.in_dialog("Deze postcode bestaat niet.")
        one, = self.call("people", {"partnership": "kempen", "name": "Verkeerd"})["people"]
        self.assertEqual(one["last_name"], "Fout", "the first half of the correction is done")
        browser.fill("dialog [name=last_name]", "")
        browser.fill("dialog [name=postcode]", "2200")
        browser.press_in("dialog", "Inschrijven")
        eventually(lambda: "last_name" not in self.call("person", {"person_id": one["person_id"]}), what="as it was registered")
        self.in_dialog("‘hold-intake’")
        for name, value in (("first_name", "Juist"), ("postcode", "2250"), ("email", "")):
            field(name).clear()
            field(name).send_keys(value)
        field("phone").send_keys("+32470111222")
        browser.press_in("dialog", "Inschrijven")
        eventually(lambda: self.call("people", {"partnership": "kempen", "name": "Juist"})["people"], what="the correction")
        self.assertEqual(self.call("people", {"partnership": "kempen", "name": "Verkeerd"})["people"], [])
        one, = self.call("people", {"partnership": "kempen", "name": "Juist"})["people"]
        known = self.call("person", {"person_id": one["person_id"]})
        self.assertEqual((known["postcode"], known.get("email"), known["phone"], known["profile"]["languages"]),
                         ("2250", None, "+32470111222", ["fr"]))

    def test_7_two_proposals_with_their_reasons(self):
        """As the README shows them."""
        self.call("form-partnership", {"partnership": "hageland", "name": "Hageland", "since": "2024-01-01", "lead_nis": "24001",
                                       "municipalities": [{"nis": "24001"}]})
        self.call("configure-programme", {"programme": "hageland-duo", "partnership": "hageland", "kind": "language-duo",
                                          "name": "Taalduo Hageland", "action": 5})

        def join(side, first, last, language, born, interests, when):
            person = self.call("register-person", {
                "partnership": "hageland", "first_name": first, "last_name": last, "postcode": "3200", "preferred_language": language,
                "profile": {"birth_year": born, "languages": [language, "en"], "interests": interests, "availability": when}})["person_id"]
            if side == "volunteer":
                self.call("recruit-volunteer", {"person_id": person, "capacity": 1})
            self.call("hold-intake", {"person_id": person, "programme": "hageland-duo", "side": side})
            return person

        for one in (
                ("newcomer", "Aline", "Kalala", "fr", 1989, ["cooking", "sewing"], ["mon-evening", "sat-morning"]),
                ("newcomer", "Yonas", "Tesfay", "ti", 1996, ["football", "music"], ["tue-evening", "sun-morning"]),
                ("volunteer", "Sofie", "De Smet", "nl", 1985, ["cooking"], ["mon-evening"]),
                ("volunteer", "Jan", "Van Damme", "nl", 1998, ["football"], ["tue-evening", "sat-morning", "sun-morning"])):
            join(*one)
        browser = self.browser
        browser.open(self.link)
        browser.choose("#partnership", "hageland")
        for pair in ("Aline Kalala en Sofie De Smet", "Yonas Tesfay en Jan Van Damme"):
            self.assertIn("spreken allebei Engels", browser.card(pair))
        browser.sees("Ververst vanzelf")
        browser.script("(document.activeElement.blur(), true)")
        browser.picture("two-desk-vandaag")

        last = join("volunteer", "Mia", "Leys", "nl", 1989, [], ["mon-evening"])
        eventually(lambda: self.call("waiting-list", {"partnership": "hageland", "person_id": last})["people"])
        browser.press("Aline Kalala en Sofie De Smet", "Vergelijken …")
        self.in_dialog("Met Aline")
        tables = [[[cell.text for cell in row.find_elements("css selector", "th, td")] for row in one.find_elements("css selector", "tbody tr")]
                  for one in browser.driver.find_elements("css selector", "dialog table")]
        self.assertEqual([[row[0].split("\n")[0] for row in rows] for rows in tables],
                         [["Sofie De Smet dit voorstel", "Mia Leys", "Jan Van Damme"], ["Aline Kalala dit voorstel", "Yonas Tesfay"]])
        (((_, score, most), (_, less, why), (_, least, _)), (_, (_, cannot, rule))) = tables
        self.assertGreater(int(score), int(less))
        self.assertGreater(int(less), int(least), "who waits longer stands below who fits better")
        self.assertIn("Vooral dit spreekt voor deze twee", most)
        self.assertRegex(why, r"Minder: .*niet van beiden bekend")
        self.assertEqual((cannot, rule), ("kan niet", "ze zijn te weinig samen vrij"))
        self.assertIn(f"Score {tables[0][0][1]} van 100.", browser.card("Aline Kalala en Sofie De Smet"))
        self.in_dialog("2 anderen in deze lijst kunnen ook. Niemand van hen past beter dan Sofie De Smet.")
        self.in_dialog("Niemand anders in deze lijst kan nu.")
        self.assertNotIn("die het langst wachten", browser.text())
        browser.picture("two-desk-vergelijken")

        told = browser.module("reasons.js", """(reasons) => reasons.inShort([
            {factor: "waiting", weight: 10, points: 0, score: 0, value: 0}, {factor: "family", weight: 40, points: 30, score: 1200, value: 0},
            {factor: "distance", weight: 60, points: 40, score: 2400, value: 9000}, {factor: "age", weight: 20, points: 90, score: 1800, value: 2}])""")
        self.assertEqual(told, "Vooral dit spreekt voor deze twee: leeftijd. Dit spreekt er het minst voor: gezin en afstand.")

        browser.press_in("dialog", "×")
        browser.script("""(window.answered = window.fetch, window.fetch = async (path, options) => {
            const answer = await window.answered(path, options);
            return path.startsWith("/v1/waiting-list?") ? Response.json({...await answer.json(), total: 99}) : answer; // others are left out
        }, true)""")
        browser.press("Aline Kalala en Sofie De Smet", "Vergelijken …")
        self.in_dialog("Met Aline\nDeze lijst toont alleen de 30 die het langst wachten, niet iedereen.")

    def test_8_a_long_address_does_not_widen_the_page(self):
        for name in ("Maria", "Marie"):
            self.call("register-person", {"partnership": "hageland", "first_name": name, "last_name": "Peeters", "postcode": "3200",
                                          "preferred_language": "nl", "email": f"{'maria' * 9}@example.org"})
        browser = self.browser
        browser.open(self.link)
        browser.choose("#partnership", "hageland")
        for size in ("phone", "narrow"):
            browser.size(size)
            browser.wait(self.pair_opened, "the pair")
            self.assertFalse(browser.overflows(), size)
            browser.picture(f"double-{size}")

    def test_9_where_every_programme_ended_nobody_is_to_come(self):
        self.call("configure-programme", {"programme": "elders-duo", "partnership": "elders", "kind": "language-duo",
                                          "name": "Taalduo Elders"})
        self.call("register-person", {"partnership": "elders", "first_name": "Laat", "postcode": "1730", "preferred_language": "nl"})
        browser = self.browser
        browser.open(self.link)
        browser.card("Laat")
        self.assertEqual(browser.script("document.getElementById('partnership').value"), "elders")
        today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Brussels")).strftime("%Y-%m-%d")
        self.call("end-programme", {"programme": "elders-duo", "partnership": "elders", "on_date": today, "reason": "the grant ended"})
        browser.open(self.link)
        browser.wait(lambda: browser.script("document.getElementById('partnership')?.value") not in (None, "elders"),
                     "one where something goes on")
        browser.choose("#partnership", "elders")
        browser.sees("Taalduo Elders is gestopt")
        browser.sees("Misschien dubbel ingeschreven")
        browser.sees("Er wacht geen voorstel op u.")
        self.assertNotIn("Een voorstel komt vanzelf", browser.text())
        self.assertFalse(browser.script("Boolean(document.getElementById('s-arrivals'))"))

    def pair_opened(self):
        return self.browser.script("""(() => {
            const pairs = [...document.querySelectorAll('details')].find((one) => one.textContent.includes('Bekijk 1 paar'));
            return pairs && (pairs.open = true);
        })()""")


if __name__ == "__main__":
    unittest.main(failfast=True)
