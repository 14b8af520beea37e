#!/usr/bin/python3
"""The board in a real browser: what a coordinator does beside the duo loop, and the loop by keyboard alone. Run by
make check-board."""
import datetime
import pathlib
import sys
import unittest
import zoneinfo

from selenium.webdriver.support.ui import Select

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from scene import Desk, Tables  # noqa: E402
from waiting import eventually  # noqa: E402


class Day(Tables, Desk):
    pictured = "day"

    def test_1_a_person_is_found_and_corrected(self):
        browser = self.browser
        browser.press_in("#top", "Mensen")
        browser.card("An Claes")
        browser.fill("#find", "haïle")
        browser.press_in("main", "Zoeken")
        browser.gone("tbody tr", "An Claes")
        self.assertIn("nieuwkomer", browser.card("Selam Haile"))
        browser.fill("#find", "Selam Hai")
        browser.press_in("main", "Zoeken")
        self.pictures("mensen")
        browser.press("Selam Haile", "Selam Haile")
        for words in ("+32470987654", "Taalduo Kempen: als nieuwkomer, wacht sinds vandaag", "Voorgesteld aan An Claes", "had hier nog geen duo"):
            self.in_dialog(words)
        spoken = browser.script("[...document.querySelectorAll('dialog dt')].find((one) => one.textContent === 'Spreekt ook')"
                                ".nextElementSibling.textContent")
        self.assertEqual(spoken, "Engels", "beside what she reads best")
        self.pictures("persoon")
        browser.press_in("dialog", "Gegevens verbeteren …")
        browser.wait(lambda: len(browser.driver.find_elements("css selector", "dialog")) == 2, "the form")
        self.pictures("verbeteren")
        self.fill(email="selam@nergens", postcode="2250", street="Markt 1")
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("Dit is geen e-mailadres.")
        self.fill(email="", postcode="9999", phone="0470 11 22 33")
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("Deze postcode bestaat niet.")
        self.fill(postcode="2250")
        for value in ("fr", "walking", "tue-morning"):
            browser.driver.find_element("css selector", f"dialog:last-of-type [value={value}]:not(option)").click()
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("De gegevens van Selam zijn verbeterd.")
        for words in ("+32470112233", "Markt 1, 2250", "wandelen"):
            self.in_dialog(words)
        one = self.call("person", {"person_id": self.newcomer})
        self.assertEqual((one["postcode"], one["street"], one["phone"], one.get("email"), one["channel"]),
                         ("2250", "Markt 1", "+32470112233", None, "sms"))
        self.assertEqual({key: one["profile"][key] for key in ("birth_year", "languages", "interests", "availability")},
                         {"birth_year": 1991, "languages": ["ti", "en", "fr"], "interests": ["cooking", "walking"],
                          "availability": ["mon-evening", "tue-morning"]})

    def test_2_a_talk_table_is_run(self):
        browser = self.browser
        begins = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Brussels")) - datetime.timedelta(days=7)
        browser.press_in("#top", "Praattafels")
        browser.sees("Er loopt nu geen praattafel.")
        browser.press_in("main", "Nieuwe praattafel …")
        self.fill(title="Babbeltafel", venue="Bibliotheek Herentals", capacity="1")
        browser.choose("dialog [name=nis]", "13011")
        browser.set_value("dialog [name=starts]", begins.strftime("%Y-%m-%dT00:01"))
        self.pictures("tafel-maken")
        browser.press_in("dialog", "Maken")
        browser.sees("De eerste keer ligt in het verleden.")
        browser.press_in("dialog", "Maken")
        browser.sees("De praattafel staat op de agenda.")
        series, = self.call("series", {"partnership": "kempen"})["series"]
        day = "MO TU WE TH FR SA SU".split()[begins.weekday()]
        self.assertEqual((series["programme"], series["rrule"], series["capacity"], series["venue"], series["duration_minutes"]),
                         ("kempen-tafel", f"FREQ=WEEKLY;BYDAY={day}", 1, "Bibliotheek Herentals", 120))
        self.assertIn("0 van 1 plaatsen bezet", browser.card("Babbeltafel"))

        browser.press("Babbeltafel", "Deelnemers …")
        for name, typed, told in (("Selam Haile", "selam", "Selam Haile is ingeschreven."),
                                  ("An Claes", "An Cl", "An Claes wacht op een plaats, als nummer 1.")):
            browser.fill("#finder", typed)
            browser.press_in("dialog", "Zoeken")
            browser.wait(lambda: browser.press_all("dialog .found li", name, "Inschrijven"), name)
            browser.sees(told)
        self.in_dialog("wacht op een plaats, nummer 1")
        self.pictures("deelnemers")
        browser.wait(lambda: browser.press_all("dialog .found li", "Selam Haile", "Uitschrijven …"), "who leaves")
        browser.press_in("dialog:last-of-type", "Uitschrijven")
        browser.sees("Selam Haile is uitgeschreven voor Babbeltafel.")
        taken, = self.call("enrolments", {"series_id": series["series_id"]})["enrolments"]
        self.assertEqual((taken["state"], taken["person_id"] != self.newcomer), ("enrolled", True))
        browser.press_in("dialog", "×")

        browser.press("Babbeltafel", "Bijeenkomsten …")
        browser.press_in("dialog", "Een andere dag noteren …")
        browser.wait(lambda: browser.driver.find_elements("css selector", "dialog:last-of-type input[type=checkbox]"), "who is enrolled")
        browser.set_value("dialog:last-of-type [name=on_date]", (begins + datetime.timedelta(days=1)).strftime("%Y-%m-%d"))
        self.fill(guests="2")
        browser.driver.find_element("css selector", "dialog:last-of-type input[type=checkbox]").click()
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("Op deze dag is er geen bijeenkomst van deze reeks.")
        browser.set_value("dialog:last-of-type [name=on_date]", begins.strftime("%Y-%m-%d"))
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("3 aanwezigen")
        browser.press_in("dialog", "Afgelasten …")
        browser.choose("dialog:last-of-type [name=reason]", "holiday")
        browser.press_in("dialog:last-of-type", "Afgelasten")
        browser.sees("afgelast: vakantie")
        self.pictures("bijeenkomsten")
        states = [one["state"] for one in self.call("sessions", {"series_id": series["series_id"],
                                                                 "from": begins.strftime("%Y-%m-%d")})["sessions"]]
        self.assertEqual((states[0], states.count("held"), states.count("cancelled")), ("held", 1, 1))
        browser.press_in("dialog", "×")

        browser.press("Babbeltafel", "Stoppen …")
        browser.press_in("dialog", "Praattafel stoppen")
        browser.sees("Babbeltafel stopt.")
        browser.wait(lambda: "laatste dag" in browser.card("Babbeltafel"), "its end")
        self.assertNotIn("Stoppen …", browser.card("Babbeltafel"))
        self.pictures("praattafels")

    def test_3_the_loop_by_keyboard_alone(self):
        browser, keys = self.browser, self.browser.keyboard()
        browser.size("narrow")
        browser.dark(True)
        self.join("volunteer", first_name="Piet", last_name="Maes", postcode="2250", preferred_language="nl")
        browser.card("Selam Haile en An Claes")
        keys.go_to("Aanvaarden", "Selam Haile en An Claes").enter()
        keys.go_to("Aanvaarden").enter()
        browser.sees("Het gesprek is op")
        self.assertEqual(browser.script("document.activeElement.textContent"), "Voorstellen om over te beslissen",
                         "who works by keyboard goes on where they were")
        keys.go_to("Resultaat …", "Selam Haile en An Claes").enter()
        keys.go_to("Resultaat").type("ze starten")
        browser.picture("keys-resultaat")
        keys.go_to("Bewaren").enter()
        browser.sees("Resultaat bewaard")
        keys.go_to("Duo's", tag="A").enter()
        browser.card("Selam Haile en An Claes")
        self.assertEqual(browser.script("document.getElementById('said').textContent"), "", "it was said of another view")
        browser.sees("Duo's die stil vielen, staan apart")
        keys.go_to("Contact …", "Selam Haile en An Claes").enter()
        keys.go_to("Hoeveel uur samen?").type("1.5")
        keys.go_to("Contact noteren").enter()
        browser.wait(lambda: "1,5" in browser.card("Selam Haile en An Claes"), "the hours")
        zahra = self.join("newcomer", first_name="Zahra", last_name="Ibrahim", postcode="2200", preferred_language="ar")
        eventually(lambda: self.call("proposals", {"partnership": "kempen", "person_id": zahra, "state": "proposed"})["proposals"])
        keys.go_to("Stoppen …", "Selam Haile en An Claes").enter()
        keys.escape()
        browser.wait(lambda: browser.script("document.activeElement.textContent") == "Stoppen …", "the way back")
        keys.enter()
        keys.go_to("Reden").type("agenda")
        browser.picture("keys-stoppen")
        keys.go_to("Duo stoppen").enter()
        browser.sees("Gestopt: Selam Haile en An Claes. Nieuwe voorstellen: Selam Haile met Piet Maes; Zahra Ibrahim met An Claes. "
                     "Vervallen: Zahra Ibrahim met Piet Maes, want er is een beter voorstel.")
        browser.picture("keys-gestopt")
        self.assertEqual(browser.nameless(), [])
        self.quiet()

    def test_4_how_often_is_one_thing_in_a_rule_and_in_words(self):
        """What the form makes the board reads back: each rhythm, and rules that came from elsewhere."""
        made = self.browser.module("rhythm.js", """(rhythm) => [["week", "2024-09-03T19:00"], ["fortnight", "2024-09-04T19:00"],
            ["month", "2024-09-17T19:00"], ["month", "2024-09-29T19:00"]].map(([name, starts]) => {
                const rrule = rhythm.ruleOf(name, starts);
                return [rrule, rhythm.rhythmText({rrule, starts})];
            })""")
        self.assertEqual(made, [["FREQ=WEEKLY;BYDAY=TU", "elke dinsdag"], ["FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "om de 2 weken op woensdag"],
                                ["FREQ=MONTHLY;BYDAY=3TU", "elke maand op de derde dinsdag"],
                                ["FREQ=MONTHLY;BYDAY=-1SU", "elke maand op de laatste zondag"]])
        others = ("FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=WEEKLY", "FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=YEARLY")
        told = self.browser.module("rhythm.js", """(rhythm) => arguments[0].map((rrule) =>
            rhythm.rhythmText({rrule, starts: "2024-09-03T19:00"}))""", others)
        self.assertEqual(told, ["elke dinsdag en donderdag", "elke dinsdag", "elke dag", "op vaste dagen", "op vaste dagen"])

    def test_4_how_long_two_wait_is_said_with_what_of_it_counts(self):
        told = self.browser.module("reasons.js", """(reasons) => [[0, 4, 310], [20, 30, 10], [20, undefined, 10]].map(([value, ...days]) => {
            const [newcomer, volunteer] = days.map((n) => n && new Date(Date.now() - (n + 0.5) * 86400000).toISOString());
            return reasons.factorText({factor: "waiting", value}, {waits: {newcomer, volunteer}});
        })""")
        counts = "20 dagen telt mee: zo lang wachtte de nieuwkomer in totaal al toen deze vrijwilliger vrijkwam"
        self.assertEqual(told, ["de nieuwkomer wacht 4 dagen, de vrijwilliger 10 maanden; "
                                "dat geeft geen punten: deze vrijwilliger was al vrij op de dag dat de nieuwkomer kwam",
                                f"de nieuwkomer wacht 30 dagen, de vrijwilliger 10 dagen; {counts}", counts])

    def test_4_what_is_not_known_of_both_is_told_as_such_and_speaks_for_nobody(self):
        told = self.browser.module("reasons.js", """(reasons) => {
            const unknown = [["distance", 100, 0], ["family", 50], ["interests", 25], ["language", 35]].map(([factor, points, value]) =>
                ({factor, points, value, weight: 20, score: 20 * points})), none = {factor: "interests", points: 0, value: 0, weight: 20, score: 0};
            return [...unknown.slice(1).map((one) => reasons.factorText(one, {})), reasons.inShort(unknown),
                reasons.factorText(none, {}), reasons.inShort([...unknown, none])];
        }""")
        self.assertEqual(told, ["bij geen van beiden zijn kinderen thuis bekend", "niet van beiden bekend", "niet van beiden bekend",
                                "Vooral dit spreekt voor deze twee: afstand.", "geen gedeelde interesse",
                                "Vooral dit spreekt voor deze twee: afstand. Dit spreekt er het minst voor: interesses."])

    def test_4_of_past_sessions_the_last_is_noted_first(self):
        told = self.browser.module("sessions.js", """(sessions) => sessions.inTurn([["first", -3], ["called off", -2, "cancelled"],
            ["last", -1], ["next", 1], ["later", 2]].map(([title, days, state = "scheduled"]) =>
                ({title, state, at: new Date(Date.now() + days * 86400000).toISOString()}))).map((one) => one.title)""")
        self.assertEqual(told, ["last", "first", "next", "later"])

    def test_5_what_a_refused_correction_did_is_taken_back(self):
        browser = self.browser
        person = self.call("register-person", {"partnership": "kempen", "first_name": "Fatima", "postcode": "2200",
                                               "preferred_language": "nl", "phone": "+32470111222"})["person_id"]
        browser.press_in("#top", "Mensen")
        browser.press("Fatima", "Fatima")
        browser.press_in("dialog", "Gegevens verbeteren …")
        self.fill(email="fout@example.org", postcode="9999")
        browser.choose("dialog:last-of-type [name=channel]", "none")
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("Deze postcode bestaat niet.")
        one = self.call("person", {"person_id": person})
        self.assertEqual((one["email"], one["channel"]), ("fout@example.org", "none"), "the first half is done")
        self.fill(email="", postcode="2200")
        browser.choose("dialog:last-of-type [name=channel]", "sms")
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("De gegevens van Fatima zijn verbeterd.")
        one = self.call("person", {"person_id": person})
        self.assertEqual((one.get("email"), one["phone"], one["channel"], one["postcode"]), (None, "+32470111222", "sms", "2200"))

    def test_6_who_was_sought_is_not_told_to_who_looks_next(self):
        browser = self.browser

        def seek(name):
            browser.fill("#find", name)
            browser.press_in("main", "Zoeken")

        def nobody_is_sought():
            browser.card("An Claes")
            self.assertEqual(browser.script("document.getElementById('find').value"), "")

        browser.press_in("#top", "Mensen")
        browser.card("An Claes")
        seek("-")
        browser.sees("Typ minstens één letter of cijfer van de naam.")
        seek("selam")
        browser.gone("tbody tr", "An Claes")
        browser.card("Selam Haile")
        browser.choose("#partnership", "elders")
        browser.sees("Hier is nog geen programma.")
        browser.choose("#partnership", "kempen")
        nobody_is_sought()
        seek("selam")
        browser.gone("tbody tr", "An Claes")
        browser.press_in("#top", "Afmelden")
        browser.fill("#token", self.link.split("#token=")[1])
        browser.press_in("form", "Aanmelden")
        nobody_is_sought()

    def test_7_small_figures_are_left_out_on_the_page_too(self):
        browser = self.browser
        browser.press_in("#top", "Cijfers")
        browser.wait(lambda: browser.driver.find_elements("css selector", "summary"), "figures")
        self.assertNotIn("te klein om te tonen", browser.text())
        browser.sees("Publiceren kan als het jaar voorbij is")
        self.assertFalse(browser.driver.find_elements("id", "published"))
        last_year = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Brussels")).year - 1
        self.call("close-report", {"partnership": "kempen", "project_year": last_year})
        browser.choose("#year", str(last_year))
        browser.sees("Dit verslag is afgesloten.")

        def press():
            browser.wait(lambda: browser.driver.find_element("id", "published").click() or True, "the tick")

        press()
        browser.sees("te klein om te tonen")
        self.assertTrue(browser.script("document.getElementById('published').checked"))
        self.pictures("cijfers-publiceren")
        press()
        browser.wait(lambda: "te klein om te tonen" not in browser.text(), "all figures")

    def test_8_of_many_programmes_one_is_chosen(self):
        """Groups come first; without a likely one, nothing is filled in."""
        def configure(kind, name):
            self.call("configure-programme", {"programme": name.lower(), "partnership": "hageland", "kind": kind, "name": name, "action": 5})

        def offered():
            self.browser.driver.refresh()
            self.browser.choose("#partnership", "hageland")
            self.browser.press_in("#top", "Praattafels")
            self.browser.press_in("main", "Nieuwe praattafel …")
            found = self.browser.wait(lambda: self.browser.driver.find_element("css selector", "dialog [name=programme]"), "the form")
            return [one.text for one in Select(found).options], Select(found).first_selected_option.text

        self.call("form-partnership", {"partnership": "hageland", "name": "Hageland", "since": "2024-01-01", "lead_nis": "24001",
                                       "municipalities": [{"nis": "24001"}]})
        configure("conversation-group", "Praatpunt")
        configure("support-buddy", "Buddy")
        self.assertEqual(offered(), (["Praatpunt", "Buddy"], "Praatpunt"))
        configure("conversation-group", "Atelier")
        self.assertEqual(offered(), (["Kies …", "Atelier", "Praatpunt", "Buddy"], "Kies …"))

    def test_9_a_proposal_that_goes_while_it_is_looked_at_is_named(self):
        browser = self.browser
        browser.card("Selam Haile en Piet Maes")
        self.join("volunteer", first_name="Els", last_name="Smits", postcode="2250", preferred_language="nl",
                  profile={"birth_year": 1991, "languages": ["ti", "en", "fr"], "interests": ["cooking", "walking"],
                           "availability": ["mon-evening", "tue-morning"]})
        browser.sees("Er is een nieuw voorstel. Vervallen: Selam Haile met Piet Maes, want er is een beter voorstel.")
        self.assertIn("de nieuwkomer wacht sinds vandaag, de vrijwilliger sinds vandaag; dat geeft geen punten", browser.card("Selam Haile en Els Smits"))


if __name__ == "__main__":
    unittest.main(failfast=True)
