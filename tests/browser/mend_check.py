#!/usr/bin/python3
"""The board in a real browser: what was told wrongly is mended, and what a token lacks is told. Run by make check-board."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from scene import Desk, Tables, today  # noqa: E402


class Mend(Tables, Desk):
    pictured = "mend"

    def test_every_view_shuts_nobody_out(self):
        for view in ("Vandaag", "Wachtlijst", "Duo's", "Mensen", "Praattafels", "Cijfers", "Programma's"):
            self.browser.press_in("#top", view)
            self.browser.wait(lambda: self.browser.script("!document.getElementById('main').hasAttribute('aria-busy')"), view)
            self.browser.sees(view)
            self.pictures(view.replace("'", ""))

    def test_two_who_look_alike_are_told_apart_and_back(self):
        browser = self.browser
        one, other = (self.register("Mohamed", last_name="Ouali", phone="0470887766") for _ in range(2))
        browser.wait(lambda: browser.press_summary("Bekijk 1 paar"), "the pair")
        browser.press_in("main", "Niet dezelfde persoon …")
        self.pictures("niet-dezelfde")
        browser.press_in("dialog", "Twee verschillende mensen")
        browser.sees("Genoteerd: het zijn twee verschillende mensen.")
        told = lambda: self.call("duplicates", {"partnership": "kempen", "dismissed": True})["pairs"]
        self.assertEqual([{pair["person_id"], pair["other_id"]} for pair in told()], [{one, other}])
        browser.press_in("main", "Wie niet dubbel bleek …")
        self.in_dialog("Terugdraaien")
        self.pictures("niet-dubbel")
        browser.press_in("dialog", "Terugdraaien")
        self.in_dialog("Dat is van niemand gezegd.")
        self.assertEqual(told(), [])

    def test_a_wrong_tick_is_taken_back(self):
        browser = self.browser
        series = self.series("Praatpunt van de bibliotheek", self.newcomer, day=today())
        session = self.call("hold-session", {"series_id": series, "on_date": today(), "attended": [self.newcomer]})["session_id"]
        present = lambda: [one["present"] for one in self.call("attendances", {"session_id": session})["attendances"]]
        self.assertEqual(present(), [True])
        browser.press_in("#top", "Praattafels")
        browser.press("Praatpunt", "Bijeenkomsten …")
        browser.press_in("dialog", "Aanwezigheden verbeteren …")
        browser.wait(lambda: browser.driver.find_element("css selector", "dialog:last-of-type input[type=checkbox]").is_selected(), "the tick")
        self.pictures("aanwezig-verbeteren")
        browser.driver.find_element("css selector", "dialog:last-of-type input[type=checkbox]").click()
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("Er toch bij: 0. Er toch niet: 1.")
        self.assertNotIn(True, present())

    def test_what_a_token_lacks_is_told_with_what_to_type(self):
        scopes = ["proposals", "duos", "person", "people", "partnerships", "programmes", "municipalities", "stream-matching"]
        made = self.call("create-token", {"name": "coordinator:kempen", "partnerships": ["kempen"], "scopes": scopes})
        self.browser.open(self.link.split("#")[0] + "#token=" + made["token"])
        self.browser.sees("ontbreken in uw token")
        self.browser.press_summary("ontbreken in uw token")
        self.browser.sees('koppel call create-token \'{"name":"coordinator:kempen","scopes":["board"],"partnerships":["kempen"]}\'')
        self.pictures("rechten")


if __name__ == "__main__":
    unittest.main()
