#!/usr/bin/python3
"""The board in a real browser: what a coordinator does now and then, and what goes wrong now and then. Run by
make check-board."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from scene import Desk, Tables, today  # noqa: E402
from waiting import eventually  # noqa: E402


class Month(Tables, Desk):
    pictured = "month"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call("set-quiet-hours", {"partnership": "kempen", "from": "00:00", "to": "00:00"})

    def test_1_a_letter_that_did_not_come_is_told_and_sent_again(self):
        browser = self.browser
        other, = self.call("people", {"partnership": "kempen", "name": "Claes"})["people"]
        self.call("change-profile", {"person_id": other["person_id"], "phone": "+32470112233", "channel": "sms"})  # which nobody sends here
        self.accept()
        eventually(lambda: self.call("messages", {"person_id": other["person_id"], "template": "meeting-planned", "state": "failed"})["messages"])
        browser.driver.refresh()
        browser.sees("Berichten die niet aankwamen")
        lost = browser.wait(lambda: browser.driver.find_element("xpath", "//section[@aria-labelledby='s-lost']"), "lost letters")
        self.assertIn("An Claes\nhet gesprek is gepland", lost.text)
        self.assertIn("er is geen adres", lost.text)
        self.assertNotIn("Selam", lost.text, "hers came")
        self.pictures("berichten")
        browser.press("er is geen adres", "Gegevens verbeteren …")
        self.fill(email="an@example.org")
        browser.press_in("dialog", "Bewaren")
        browser.sees("De gegevens van An zijn verbeterd.")
        browser.press("er is geen adres", "Opnieuw sturen …")
        self.in_dialog("Het bericht ‘het gesprek is gepland’ vertrekt nog eens.")
        browser.press_in("dialog", "Opnieuw sturen")
        browser.sees("Het bericht aan An Claes vertrekt opnieuw.")
        browser.wait(lambda: "Berichten die niet aankwamen" not in browser.text(), "nothing lost any more")
        eventually(lambda: self.call("messages", {"person_id": other["person_id"], "state": "sent"})["messages"])
        self.page_of("An Claes")
        self.in_dialog("het gesprek is gepland: verstuurd op")
        self.in_dialog("kwam niet aan op")
        self.pictures("laatste-berichten")
        self.quiet()

        self.series("Eetclub", *[self.register(f"Onbereikt{number}", channel="sms") for number in range(7)], day="2100-01-01")
        eventually(lambda: len(self.call("messages", {"partnership": "kempen", "lost": True})["messages"]) == 7)

        def told():
            browser.sees("Berichten die niet aankwamen")
            one = browser.driver.find_element("xpath", "//section[@aria-labelledby='s-lost']")
            return one.find_element("tag name", "h2").text, one.text.count("er is geen adres")

        browser.press_in("dialog", "×")
        browser.press_in("#top", "Vandaag")
        browser.wait(lambda: told() == ("Berichten die niet aankwamen7", 6), "a few, and how many")
        browser.press_in("[aria-labelledby=s-lost]", "Toon meer")
        browser.wait(lambda: told()[1] == 7, "all")

    def test_2_who_lives_elsewhere_is_asked_about(self):
        browser = self.browser
        browser.press_in("#top", "Wachtlijst")
        browser.press_in("main", "Iemand inschrijven …")
        browser.choose("dialog [name=side]", "newcomer")
        browser.choose("dialog [name=preferred_language]", "fr")
        self.fill(first_name="Ver", postcode="2000")
        browser.sees("Antwerpen: buiten deze samenwerking")
        browser.press_in("dialog", "Inschrijven")
        browser.sees("2000 is Antwerpen. Dat ligt buiten deze samenwerking.")
        self.pictures("buiten")
        self.assertEqual(self.call("people", {"partnership": "kempen", "name": "Ver"})["people"], [])
        self.fill(postcode="2201")
        self.assertNotIn("buiten deze samenwerking", browser.driver.find_element("css selector", "dialog [name=postcode] + p").text)
        self.fill(postcode="2250")
        browser.wait(lambda: browser.driver.find_element("css selector", "dialog [name=postcode] + p").text == "Olen", "where it lies")
        for postcode in ("1000", "2000"):
            self.fill(postcode=postcode)
            browser.press_in("dialog", "Inschrijven")
            browser.sees(f"{postcode} is ")
        self.assertEqual(self.call("people", {"partnership": "kempen", "name": "Ver"})["people"], [], "each is asked about anew")
        browser.press_in("dialog", "Inschrijven")
        browser.sees("Ver is ingeschreven en wacht op een match.")
        one, = self.call("people", {"partnership": "kempen", "name": "Ver"})["people"]
        self.assertEqual(one["nis"], "11002", "who is sure may")

    def test_3_what_was_counted_wrongly_is_put_right(self):
        browser = self.browser
        day = today()
        series = self.series("Babbeltafel", self.newcomer, day=day)
        self.call("hold-session", {"series_id": series, "on_date": day, "attended": [self.newcomer, self.register("Wim")]})

        def counted():
            return self.call("trace", {"partnership": "kempen", "project_year": int(day[:4]), "figure": "practice-attendances"})["amount"]

        eventually(lambda: counted() == 2)
        browser.press_in("#top", "Cijfers")
        browser.wait(lambda: browser.press_summary("Oefenkansen: aanwezigheden"), "the figure")
        browser.press("aanwezig op een bijeenkomst: Selam Haile", "Open")
        self.in_dialog("Technisch")
        self.assertRegex(browser.driver.find_element("css selector", "dialog").text, r"\d{4}: aanwezig op een bijeenkomst: Selam Haile, Herentals\n")
        self.assertFalse(browser.driver.find_element("css selector", "dialog pre").is_displayed(), "it is for who asks")
        browser.press_summary("Technisch")
        self.in_dialog('"koppel.scheduling.attended.v1"')
        self.pictures("gebeurtenis")
        browser.press_in("dialog", "×")
        browser.press("aanwezig op een bijeenkomst: Selam Haile", "Verbeteren …")
        self.in_dialog("Selam Haile, Oefenkansen: aanwezigheden")
        self.fill(amount="0")
        browser.choose("dialog [name=reason]", "not-eligible")
        self.pictures("telling")
        browser.press_in("dialog", "Verbeteren")
        browser.sees("De telling is verbeterd.")
        browser.card("verbetering")
        self.assertEqual(counted(), 1)
        browser.wait(lambda: browser.press_summary("Nieuwkomers die wachten"), "what stands")
        browser.card("kwam op de wachtlijst")
        standing = browser.driver.find_element("xpath", "//details[.//*[text()='Nieuwkomers die wachten']]")
        self.assertNotIn("Verbeteren", standing.text, "it follows the waits themselves")

    def test_4_a_list_on_paper_is_names_and_boxes(self):
        browser = self.browser
        self.series("Leestafel", self.newcomer, day=today())
        browser.press_in("#top", "Praattafels")
        browser.press("Leestafel", "Deelnemers …")
        self.in_dialog("Uitschrijven …")
        browser.script("(window.print = () => window.printed = true)")
        browser.press_in("dialog > .actions", "Afdrukken")
        self.assertTrue(browser.script("window.printed"))
        browser.paper(True)
        seen = browser.text()
        browser.picture("month-paper-deelnemers")
        for words in ("Deelnemers van Leestafel", "Selam Haile", "Nog iemand:"):
            self.assertIn(words, seen)
        for words in ("Uitschrijven", "Zoeken", "Afdrukken", "Koppel", "Afmelden", "was er"):
            self.assertNotIn(words, seen)
        browser.paper(False)
        self.assertIn("Uitschrijven", browser.text())

    def test_5_who_waits_too_long_is_told_and_tries_again(self):
        browser = self.browser
        self.series("Breitafel", day=today())
        browser.script("""(AbortSignal.timeout = () => { // the clock of the page, in our hands
            const end = new AbortController();
            window.giveUp = () => end.abort(new DOMException("", "TimeoutError"));
            return end.signal;
        })""")
        browser.slow(True)
        browser.press_in("#top", "Praattafels")
        browser.wait(lambda: browser.script("getComputedStyle(document.querySelector('main'), '::before').animationName") == "busy", "that it is asked")
        browser.script("window.giveUp()")
        browser.sees("De server is niet bereikbaar")
        browser.slow(False)
        browser.press_in("main", "Opnieuw proberen")
        browser.card("Breitafel")

    def test_6_what_was_decided_in_another_tab_is_not_decided_twice(self):
        browser = self.browser
        self.accept()
        browser.press_in("#top", "Vandaag")
        browser.press("Selam Haile en An Claes", "Resultaat …")
        browser.choose("dialog select", "start")
        self.call("hold-meeting", {"programme": "kempen-duo", "newcomer_id": self.newcomer, "outcome": "start"})
        browser.press_in("dialog", "Bewaren")
        self.in_dialog("Over dit voorstel is al beslist.")

    def test_7_a_programme_is_ended_and_says_so(self):
        browser = self.browser
        self.begin_duo()
        browser.press_in("#top", "Cijfers")
        browser.wait(lambda: browser.press_summary("Duo's gestart"), "the figure")
        browser.card("Selam Haile en An Claes")
        browser.press_in("#top", "Programma's")
        for rule in ("Ze wonen hoogstens 15 km van elkaar.", "Voorstellen komen meteen.", "Afstand: "):
            self.assertIn(rule, browser.card("Taalduo Kempen"))
        browser.press("Taalduo Kempen", "Programma stoppen …")
        self.in_dialog("Dit kan niemand terugdraaien.")
        self.fill(reason="De subsidie is afgelopen.")
        self.pictures("programma-stoppen")
        browser.press_in("dialog", "Programma stoppen")
        self.assertTrue(browser.script("document.querySelector('[name=sure]').matches(':invalid')"))
        self.assertNotIn("ended_on", self.programme())
        browser.driver.find_element("css selector", "dialog [name=sure]").click()
        browser.press_in("dialog", "Programma stoppen")
        browser.sees("Taalduo Kempen is gestopt.")
        browser.wait(lambda: "gestopt op" in browser.card("Taalduo Kempen"), "its end")
        self.assertEqual(self.programme()["end_reason"], "De subsidie is afgelopen.")
        self.assertNotIn("Programma stoppen", browser.card("Taalduo Kempen"))
        for view in ("Vandaag", "Wachtlijst", "Duo's"):
            browser.press_in("#top", view)
            browser.sees("Er komen geen voorstellen meer. De duo's die nog lopen, gaan door.")
        browser.press_in("main .card, main tbody tr", "Stoppen …")
        self.in_dialog("Het programma is gestopt.")
        self.assertFalse(browser.driver.find_elements("css selector", "dialog input[type=checkbox]"))
        self.pictures("gestopt-programma")

    def test_8_who_was_counted_is_told_or_why_not(self):
        browser = self.browser
        self.begin_duo()
        for blocked, words in ((["*/v1/duos?*"], "De server is niet bereikbaar"), ([], "duo gestart: Selam Haile en An Claes")):
            browser.driver.refresh()
            browser.press_in("#top", "Cijfers")
            browser.wait(lambda: browser.driver.find_elements("css selector", "summary"), "figures")
            browser.blocked(*blocked)
            browser.wait(lambda: browser.press_summary("Duo's gestart"), "the figure")
            browser.sees(words)

    def programme(self):
        found, = self.call("programmes", {"partnership": "kempen", "programme": "kempen-duo"})["programmes"]
        return found


if __name__ == "__main__":
    unittest.main(failfast=True)
