#!/usr/bin/python3
"""The board in a real browser: how a coordinator finds their way. Run by make check-board."""
import datetime
import pathlib
import sys
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from scene import Desk, Tables  # noqa: E402
from waiting import eventually  # noqa: E402


class Help(Tables, Desk):
    pictured = "help"

    def test_2_what_waits_is_counted_and_leads_to_its_place(self):
        browser = self.browser
        self.call("configure-programme", {"programme": "kempen-buddy", "partnership": "kempen", "kind": "support-buddy", "name": "Buddy Kempen"})
        eventually(lambda: self.call("programmes", {"partnership": "kempen", "programme": "kempen-buddy"})["programmes"])
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
            lost: {refused: true}, arrivals: {people: Array(200), next: "more"},
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


if __name__ == "__main__":
    unittest.main(failfast=True)
