#!/usr/bin/python3
"""The board in a real browser: how a coordinator finds their way, by the manual and by what Vandaag counts. Run by
make check-board."""
import datetime
import pathlib
import sys
import unittest
import zoneinfo

from selenium.webdriver.common.keys import Keys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from scene import Desk, Tables, today  # noqa: E402
from waiting import eventually  # noqa: E402


class Help(Tables, Desk):
    pictured = "help"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call("configure-programme", {"programme": "kempen-buddy", "partnership": "kempen", "kind": "support-buddy", "name": "Buddy Kempen"})
        eventually(lambda: cls.call("programmes", {"partnership": "kempen", "programme": "kempen-buddy"})["programmes"])

    def chapters(self):
        return [one.text for one in self.browser.driver.find_elements("css selector", "dialog .manual h3")]

    def test_1_help_opens_at_the_view_and_leaves_all_as_it_was(self):
        browser, keys = self.browser, self.browser.keyboard()
        for view in ("Vandaag", "Wachtlijst", "Duo's", "Mensen", "Praattafels", "Cijfers", "Programma's"):
            browser.press_in("#top", view)
            browser.press_in("#top", "Hulp")
            browser.wait(lambda: self.chapters() == [view], view)
            browser.press_in("dialog", "×")
        self.assertEqual(browser.script("document.activeElement.textContent"), "Hulp", "the way back")

        browser.press_in("#top", "Wachtlijst")
        browser.press_in("main", "Iemand inschrijven …")
        self.fill(first_name="Half")
        for _ in range(2):
            keys.press(Keys.F1)
            browser.wait(lambda: self.chapters() == ["Wachtlijst"], "the chapter over the form")
        self.assertEqual(len(browser.driver.find_elements("css selector", "dialog")), 2, "once is enough")
        self.pictures("hulp")
        keys.escape()
        browser.wait(lambda: len(browser.driver.find_elements("css selector", "dialog")) == 1, "the form")
        self.assertEqual(browser.script("document.querySelector('dialog [name=first_name]').value"), "Half")
        keys.escape()

        browser.press_in("#top", "Hulp")
        browser.choose("#chapter", "")
        browser.wait(lambda: len(self.chapters()) > 8, "all chapters")
        text = browser.driver.find_element("css selector", "dialog").text
        self.assertNotRegex(text, r"(?m)\*|^#|^- ", "what is left of the marks")
        self.assertTrue(browser.driver.find_elements("xpath", "//dialog//ol/li/strong[text()='Duo stoppen']"))
        self.pictures("hele-handleiding")
        browser.paper(True)
        browser.picture("help-paper")
        self.assertNotRegex(browser.text(), "Waarover|De hele handleiding|Ververst vanzelf$")
        self.assertIn("Wat Koppel niet doet", browser.text())
        browser.paper(False)
        browser.press_in("dialog", "×")
        self.quiet()

        browser.press_in("#top", "Afmelden")
        browser.press_in("form", "Hulp")
        browser.wait(lambda: self.chapters() == ["De eerste dag"], "help before who looks is known")
        browser.press_in("dialog", "×")
        browser.blocked("*/board/handleiding.md")
        browser.press_in("form", "Hulp")
        self.in_dialog("De server is niet bereikbaar")
        browser.blocked()

    def test_2_what_waits_is_counted_and_leads_to_its_place(self):
        browser = self.browser
        asks = self.register("Vraag")
        self.call("open-help-request", {"person_id": asks, "programme": "kempen-buddy", "topic": "doctor"})
        tomorrow = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Brussels")) + datetime.timedelta(days=1)
        self.series("Morgen", day=tomorrow.strftime("%Y-%m-%d"))
        browser.driver.refresh()
        waits = ["1 voorstel wacht op u.", "1 persoon wacht op een intake.", "1 hulpvraag wacht op een buddy.", "7 afspraken komen eraan."]
        browser.wait(lambda: browser.driver.find_element("css selector", ".overview").text.split("\n") == waits, waits)
        self.pictures("wat-wacht")
        for sentence, head in (("1 persoon wacht op een intake.", "Nieuw binnengekomen1"), ("1 voorstel wacht op u.", "Voorstellen om over te beslissen1")):
            browser.press_in(".overview", sentence)
            self.assertEqual(browser.script("document.activeElement.textContent"), head)
        browser.press_in(".overview", "1 hulpvraag wacht op een buddy.")
        browser.wait(lambda: browser.driver.find_element("tag name", "h1").text == "Hulpvragen", "the other view")
        browser.choose("#partnership", "elders")
        browser.press_in("#top", "Vandaag")
        browser.sees("Hier is nog geen programma.")

    def test_3_what_is_over_is_told_apart_and_what_is_not_known_is_not_told(self):
        told = self.browser.module("view_today.js", """(view) => view.sums({proposals: {total: 0}, silent: {}, asked: {},
            lost: {refused: true}, away: {}, arrivals: {people: Array(200), next: "more"},
            appointments: [-1, -1, 1, undefined].map((days) => ({at: days && new Date(Date.now() + days * 86400000).toISOString()}))})
                .filter(([, count]) => count > 0).map(([place, , sentence]) => [place, sentence])""")
        self.assertEqual(told, [["s-week", "2 afspraken zijn voorbij: noteer hoe het was."], ["s-week", "1 paar heeft nog geen gesprek."],
                                ["s-arrivals", "Nieuw binnengekomen"], ["s-week", "1 afspraak komt eraan."]])

    def test_4_who_comes_to_a_talk_table_alone_waits_for_nobody(self):
        browser = self.browser
        browser.press_in("#top", "Mensen")
        browser.press_in("main", "Iemand inschrijven …")
        self.in_dialog("Voor wie alleen naar een praattafel komt")
        self.assertFalse(browser.driver.find_elements("css selector", "dialog [name=side], dialog [name=capacity]"))
        self.fill(first_name="Tafelgast", postcode="2200")
        browser.choose("dialog [name=preferred_language]", "ti")
        self.pictures("inschrijven")
        browser.press_in("dialog", "Inschrijven")
        browser.sees("Tafelgast is ingeschreven.")
        self.assertIn("nog geen intake", browser.card("Tafelgast"))
        one, = self.call("people", {"partnership": "kempen", "name": "Tafelgast"})["people"]
        self.assertEqual(self.call("waiting-list", {"partnership": "kempen", "person_id": one["person_id"]})["people"], [])

    def test_5_who_referred_someone_hears_more_only_if_they_agree(self):
        browser = self.browser
        self.stack.refer({"first_name": "Dawit"}, "kempen")

        def consents():
            return self.call("person", {"person_id": one["person_id"]})["consents"]

        one, = eventually(lambda: [one for one in self.call("arrivals", {"partnership": "kempen"})["people"]
                                   if self.call("person", {"person_id": one["person_id"]})["referrals"]])
        browser.card("doorverwezen door VDAB")
        self.pictures("doorverwezen")
        browser.press("doorverwezen door VDAB", "Dawit")
        self.in_dialog("Partner hoort hoe het gaat\nnee")
        self.assertIn("VDAB, voor Nederlands oefenen, op ", browser.text())
        browser.press_in("dialog", "Delen met de partner …")
        self.pictures("delen")
        browser.press_in("dialog:last-of-type", "Ja, de partner mag het horen")
        self.in_dialog("Partner hoort hoe het gaat\nja")
        self.assertIn("share-with-partner", consents())
        browser.press_in("dialog", "Delen met de partner …")
        browser.press_in("dialog:last-of-type", "Niet meer delen")
        self.in_dialog("Partner hoort hoe het gaat\nnee")
        self.assertNotIn("share-with-partner", consents())

    def test_6_who_takes_part_or_needs_no_intake_is_not_new(self):
        browser = self.browser
        guest, other = self.register("Gast"), self.register("Genoeg")
        browser.card("Gast")
        browser.card("Genoeg")
        self.series("Tafel", guest, day=today())
        browser.wait(lambda: "Gast" not in browser.script("document.getElementById('s-arrivals').closest('section').textContent"), "no more new")
        browser.press("Genoeg", "Geen intake nodig …")
        self.pictures("geen-intake")
        browser.press_in("dialog", "Geen intake nodig")
        browser.sees("Genoeg staat niet meer op de lijst van vandaag.")
        browser.wait(lambda: "Genoeg" not in browser.script("document.getElementById('s-arrivals').closest('section').textContent"), "no more new")
        listed = {one["person_id"] for one in self.call("arrivals", {"partnership": "kempen"})["people"]}
        self.assertEqual((guest in listed, other in listed), (True, False))

    def test_7_who_is_away_by_a_partners_word_is_shown_until_somebody_decides(self):
        browser = self.browser
        self.stack.refer({"first_name": "Rik"}, "kempen", external_person="rik")
        rik = eventually(lambda: self.call("people", {"partnership": "kempen", "name": "Rik"})["people"])[0]["person_id"]
        self.call("recruit-volunteer", {"person_id": rik, "capacity": 1})
        self.stack.tell("status-changed", external_person="rik", partner_type="vdab", status="unreachable")
        self.assertIn("laatste nieuws van een partner: niet bereikbaar", browser.card("Rik"))
        self.assertIn("rust als vrijwilliger", browser.card("Rik"))
        browser.sees("1 persoon is weg of onbereikbaar, volgens een partner.")
        self.pictures("weg")
        browser.press("laatste nieuws", "Beschikbaar …")
        browser.press_in("dialog", "Bewaren")
        browser.wait(lambda: not browser.script("Boolean(document.getElementById('s-away'))"), "decided")
        self.stack.tell("status-changed", external_person="rik", partner_type="vdab", status="moved-away")
        browser.press("laatste nieuws", "Zo laten …")
        browser.press_in("dialog", "Zo laten")
        browser.wait(lambda: not browser.script("Boolean(document.getElementById('s-away'))"), "left as it is")
        self.assertEqual(self.call("person", {"person_id": rik})["volunteer"]["state"], "resting")

    def test_8_what_follows_an_enrolment_is_told_with_it(self):
        browser = self.browser
        self.join("volunteer", first_name="Piet", last_name="Maes", postcode="2250", preferred_language="nl")
        browser.press_in("#top", "Wachtlijst")
        browser.choose("#programme", "kempen-duo")
        browser.card("Piet Maes")
        browser.press_in("main", "Iemand inschrijven …")
        browser.choose("dialog [name=side]", "newcomer")
        self.fill(first_name="Nour", last_name="Aziz", postcode="2200")
        browser.choose("dialog [name=preferred_language]", "ar")
        for value in ("ar", "sewing"):
            browser.driver.find_element("css selector", f"dialog [type=checkbox][value={value}]").click()
        browser.press_in("dialog", "Inschrijven")
        browser.sees("Nour is ingeschreven en wacht op een match. Nieuw voorstel: Nour Aziz met Piet Maes.")
        self.pictures("ingeschreven")
        browser.press_in("#top", "Vandaag")
        browser.card("Nour Aziz en Piet Maes")
        self.register("Mia", last_name="Peeters", profile={"languages": ["ar"], "interests": ["sewing"]})
        browser.press("Mia Peeters", "Intake …")
        browser.choose("dialog [name=side]", "volunteer")
        browser.press_in("dialog", "Op de wachtlijst zetten")
        browser.sees("Mia is ingeschreven en wacht op een match. Nieuw voorstel: Nour Aziz met Mia Peeters. "
                     "Vervallen: Nour Aziz met Piet Maes, want er is een beter voorstel.")
        browser.card("Nour Aziz en Mia Peeters")
        self.pictures("intake-gehouden")


if __name__ == "__main__":
    unittest.main(failfast=True)
