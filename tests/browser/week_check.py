#!/usr/bin/python3
"""The board in a real browser: what a coordinator does about one person or one talk, week after week. Run by
make check-board."""
import datetime
import pathlib
import sys
import unittest
import urllib.error
import urllib.request
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from scene import Desk  # noqa: E402
from waiting import eventually  # noqa: E402

BRUSSELS = zoneinfo.ZoneInfo("Europe/Brussels")


def days_on(count):
    return datetime.datetime.now(BRUSSELS) + datetime.timedelta(days=count)


class Week(Desk):
    pictured = "week"

    def waits(self, person):
        return self.call("waiting-list", {"partnership": "kempen", "person_id": person})["people"]

    def standing(self, person):
        return self.call("person", {"person_id": person})["volunteer"]

    def test_1_a_talk_is_called_off_and_another_planned(self):
        browser = self.browser
        self.accept()
        browser.press("Selam Haile en An Claes", "Afgelasten …")
        self.in_dialog("Het voorstel blijft aanvaard")
        self.pictures("afgelasten")
        browser.press_in("dialog", "Afgelasten")
        browser.sees("Gesprek van Selam Haile en An Claes afgelast.")
        browser.wait(lambda: "Nog geen gesprek gepland" in browser.card("Selam Haile en An Claes"), "no talk")
        browser.press("Selam Haile en An Claes", "Plannen …")
        browser.set_value("dialog [name=at]", days_on(3).strftime("%Y-%m-%dT03:00"))
        browser.choose("dialog [name=place_kind]", "library")
        browser.press_in("dialog", "Plannen")
        self.in_dialog("Het gesprek zou om 03:00 uur beginnen.")
        self.pictures("plannen")
        wanted = days_on(3).replace(hour=19, minute=30, second=0, microsecond=0)
        browser.set_value("dialog [name=at]", wanted.strftime("%Y-%m-%dT%H:%M"))
        browser.press_in("dialog", "Plannen")
        browser.sees("Gesprek van Selam Haile en An Claes gepland op")
        talk, = self.call("meetings", {"programme": "kempen-duo", "state": "planned"})["meetings"]
        self.assertEqual((datetime.datetime.fromisoformat(talk["at"]), talk["place_kind"]), (wanted, "library"))
        browser.wait(lambda: "bibliotheek" in browser.card("Selam Haile en An Claes"), "the place of the new talk")
        self.pictures("vandaag")
        self.quiet()

    def test_2_who_no_longer_waits_leaves_the_list_until_another_intake(self):
        browser = self.browser
        person = self.join("newcomer", first_name="Bo", postcode="2200", preferred_language="fr")
        browser.press_in("#top", "Wachtlijst")
        browser.card("Bo")
        self.pictures("wachtlijst")
        browser.press("Bo", "Van de lijst …")
        browser.choose("dialog [name=reason]", "moved")
        self.pictures("van-de-lijst")
        browser.press_in("dialog", "Van de wachtlijst halen")
        browser.sees("Bo wacht niet meer.")
        browser.gone("tbody tr", "Bo")
        self.assertEqual(self.waits(person), [])
        self.page_of("Bo")
        self.in_dialog("Deze persoon wacht niet.")
        browser.press_in("dialog", "Intake …")
        browser.choose("dialog:last-of-type [name=side]", "newcomer")
        browser.press_in("dialog:last-of-type", "Op de wachtlijst zetten")
        browser.sees("Bo is ingeschreven en wacht op een match.")
        eventually(lambda: self.waits(person), what="the list")
        browser.press_in("dialog", "×")
        self.page_of("Bo")
        browser.press_in("dialog", "Van de lijst …")
        browser.choose("dialog:last-of-type [name=reason]", "other")
        browser.press_in("dialog:last-of-type", "Van de wachtlijst halen")
        self.in_dialog("Deze persoon wacht niet.")
        self.assertEqual(self.waits(person), [])

    def test_3_a_volunteer_rests_comes_back_stops_and_comes_back(self):
        browser = self.browser
        person = self.join("volunteer", first_name="Wim", postcode="2200", preferred_language="nl")
        self.page_of("Wim")
        browser.press_in("dialog", "Laten rusten …")
        browser.set_value("dialog:last-of-type [name=until]", days_on(40).strftime("%Y-%m-%d"))
        self.pictures("rusten")
        browser.press_in("dialog:last-of-type", "Laten rusten")
        browser.sees("Wim rust.")
        self.in_dialog("rust, tot")
        self.assertEqual((self.standing(person)["state"], self.standing(person)["until"]), ("resting", days_on(40).strftime("%Y-%m-%d")))
        browser.press_in("dialog", "Beschikbaar …")
        self.fill(capacity="2")
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("Wim is beschikbaar.")
        self.in_dialog("neemt 2 nieuwkomers tegelijk")
        self.assertEqual((self.standing(person)["state"], self.standing(person)["capacity"]), ("available", 2))
        self.pictures("vrijwilliger")
        browser.press_in("dialog", "Stopt als vrijwilliger …")
        browser.choose("dialog:last-of-type [name=reason]", "work-or-study")
        browser.press_in("dialog:last-of-type", "Stoppen")
        browser.sees("Wim is geen vrijwilliger meer.")
        self.assertEqual(self.standing(person)["state"], "stopped")
        eventually(lambda: self.waits(person) == [], what="off the list")
        browser.wait(lambda: "Laten rusten …" not in browser.text(), "nothing to rest from")
        browser.press_in("dialog", "Intake …")
        browser.choose("dialog:last-of-type [name=side]", "volunteer")
        browser.press_in("dialog:last-of-type", "Op de wachtlijst zetten")
        browser.sees("Wim is ingeschreven en wacht op een match.")
        eventually(lambda: self.waits(person), what="on the list again")

    def test_4_someone_is_erased_after_a_plain_warning(self):
        browser = self.browser
        person = self.register("Wis", last_name="Mij", phone="+32470445566")
        self.page_of("Wis Mij")
        browser.press_in("dialog", "Gegevens wissen …")
        browser.sees("Dit kan niemand terugdraaien")
        browser.sees("In het logboek blijft staan")
        self.pictures("wissen")
        browser.press_in("dialog:last-of-type", "Voorgoed wissen")
        self.assertTrue(browser.script("document.querySelector('[name=sure]').matches(':invalid')"))
        self.assertFalse(self.call("person", {"person_id": person})["erased"], "nobody said yes")
        browser.driver.find_element("css selector", "dialog:last-of-type [name=sure]").click()
        browser.press_in("dialog:last-of-type", "Voorgoed wissen")
        browser.sees("De gegevens van deze persoon zijn gewist.")
        one = self.call("person", {"person_id": person})
        self.assertEqual((one["erased"], one.get("first_name"), one.get("phone")), (True, None, None))
        browser.press_in("dialog", "×")
        browser.gone("tbody tr", "Wis Mij")

    def test_5_a_calendar_link_replaces_the_one_before(self):
        def fetch(link):
            with urllib.request.urlopen(link, timeout=20) as answer:
                return answer.read().decode()

        def make():
            self.page_of("Kalle")
            browser.press_in("dialog", "Agendalink …")
            browser.press_in("dialog:last-of-type", "Link maken")
            link = browser.wait(lambda: browser.driver.find_element("id", "calendar").get_attribute("value"), "the link")
            self.pictures("agendalink")
            browser.press_in("dialog:last-of-type", "×")
            browser.press_in("dialog", "×")
            return link

        browser = self.browser
        self.register("Kalle")
        first = make()
        self.assertIn("BEGIN:VCALENDAR", fetch(first))
        second = make()
        self.assertIn("BEGIN:VCALENDAR", fetch(second))
        with self.assertRaises(urllib.error.HTTPError) as refused:
            fetch(first)
        self.assertEqual(refused.exception.code, 404)
        refused.exception.close()


    def test_6_an_intake_asks_what_the_matching_looks_at(self):
        browser = self.browser
        person = self.register("Rosa", preferred_language="fr")
        browser.press_in("#top", "Vandaag")
        came = len(self.call("arrivals", {"partnership": "kempen"})["people"])
        browser.wait(lambda: browser.script("document.getElementById('s-arrivals')?.textContent") == f"Nieuw binnengekomen{came}", "the count")
        browser.press("Rosa", "Intake …")
        browser.choose("dialog [name=side]", "newcomer")
        browser.choose("dialog [name=gender]", "woman")
        browser.choose("dialog [name=prefers_gender]", "woman")
        self.fill(more_languages="koerdisch, Klingons")
        for value in ("chess", "fr"):
            browser.driver.find_element("css selector", f"dialog [value={value}]:not(option)").click()
        browser.press_in("dialog", "Op de wachtlijst zetten")
        browser.sees("‘Klingons’ kennen we niet als taal.")
        self.assertEqual(browser.script("document.activeElement.name"), "more_languages")
        self.pictures("intake")
        self.fill(more_languages="koerdisch, Albanees")
        browser.press_in("dialog", "Op de wachtlijst zetten")
        browser.sees("Rosa is ingeschreven en wacht op een match.")
        profile = self.call("person", {"person_id": person})["profile"]
        self.assertEqual({key: profile[key] for key in ("gender", "prefers_gender", "languages", "interests")},
                         {"gender": "woman", "prefers_gender": "woman", "languages": ["fr", "ku", "sq"], "interests": ["chess"]})
        self.page_of("Rosa")
        for words in ("Koerdisch en Albanees", "schaken", "een vrouw"):
            self.in_dialog(words)
        browser.press_in("dialog", "Gegevens verbeteren …")
        browser.choose("dialog:last-of-type [name=prefers_gender]", "")
        browser.choose("dialog:last-of-type [name=preferred_language]", "sq")
        browser.press_in("dialog:last-of-type", "Bewaren")
        browser.sees("De gegevens van Rosa zijn verbeterd.")
        one = self.call("person", {"person_id": person})
        self.assertEqual((one["preferred_language"], one["profile"].get("prefers_gender"), one["profile"]["gender"],
                          set(one["profile"]["languages"])), ("sq", None, "woman", {"fr", "ku", "sq"}))

    def test_7_the_figures_of_a_quarter_and_of_a_month(self):
        browser = self.browser
        browser.press_in("#top", "Cijfers")
        browser.wait(lambda: browser.driver.find_elements("css selector", "summary"), "figures")
        asked = "performance.getEntriesByType('resource').map((one) => one.name).filter((one) => one.includes('/reports/'))"
        now = days_on(0)
        for months in (1, 3):
            browser.choose("#part", f"{months}-{(now.month - 1) // months * months}")
            first = now.replace(day=1, month=(now.month - 1) // months * months + 1).strftime("%Y-%m-%d")
            browser.wait(lambda: f"from={first}&" in browser.script(asked)[-1], "figures of the part")
            browser.wait(lambda: browser.driver.find_elements("css selector", "summary"), "what stands at its end")
        browser.press_in("main", "CSV")
        browser.wait(lambda: any(f"export?partnership=kempen&from={first}&" in one for one in browser.script(asked)), "the file")
        browser.wait(lambda: browser.driver.find_element("css selector", "summary").click() or True, "a figure")
        browser.sees("Geteld uit")
        self.pictures("cijfers-kwartaal")
        browser.choose("#part", "")
        browser.sees("Publiceren kan als het jaar voorbij is")
        if now.month > 3:
            browser.choose("#part", "1-0")
            browser.sees("In deze periode is er nog niets geteld.")
        self.quiet()


    def test_8_help_is_asked_given_to_a_buddy_and_fulfilled(self):
        browser = self.browser
        self.assertNotIn("Hulpvragen", browser.driver.find_element("id", "top").text, "no buddies here yet")
        self.call("configure-programme", {"programme": "kempen-buddy", "partnership": "kempen", "kind": "support-buddy",
                                          "name": "Buddy Kempen", "action": 5})
        asker = self.register("Dalia", preferred_language="ar")
        buddies = [self.register(name) for name in ("Bert", "Bea")]
        for person in buddies:
            self.call("recruit-volunteer", {"person_id": person, "capacity": 1})
        self.call("hold-intake", {"person_id": buddies[0], "programme": "kempen-buddy", "side": "volunteer"})
        eventually(lambda: self.waits(buddies[0]), what="a buddy")
        browser.driver.refresh()
        browser.press_in("#top", "Hulpvragen")
        browser.sees("Wacht op een buddy")
        browser.press_in("main", "Nieuwe hulpvraag …")
        browser.fill("#finder", "dalia")
        browser.press_in("dialog", "Zoeken")
        self.pictures("wie-vraagt")
        browser.wait(lambda: browser.press_all("dialog .found li", "Dalia", "Kiezen"), "who asks")
        browser.choose("dialog [name=topic]", "school")
        self.pictures("hulpvraag")
        browser.press_in("dialog", "Noteren")
        browser.sees("Genoteerd. Bert krijgt de vraag.")
        self.assertIn("buddy: Bert", browser.card("Dalia: school"))

        browser.press("Dalia: school", "Andere buddy …")
        browser.fill("#finder", "bea")
        browser.press_in("dialog", "Zoeken")
        browser.wait(lambda: browser.press_all("dialog .found li", "Bea", "Geven"), "another buddy")
        self.in_dialog("Deze persoon is geen vrijwilliger van dit programma.")
        self.pictures("andere-buddy")
        self.call("hold-intake", {"person_id": buddies[1], "programme": "kempen-buddy", "side": "volunteer"})
        eventually(lambda: self.waits(buddies[1]), what="another buddy")
        browser.wait(lambda: browser.press_all("dialog .found li", "Bea", "Geven"), "another buddy")
        browser.wait(lambda: "buddy: Bea" in browser.card("Dalia: school"), "the other buddy")
        self.pictures("hulpvragen")
        browser.press("Dalia: school", "Opgelost …")
        self.fill(hours="1.5")
        browser.press_in("dialog", "Opgelost")
        browser.sees("Opgelost: de vraag van Dalia.")
        browser.gone(".card", "Dalia: school")

        self.page_of("Dalia")
        self.in_dialog("opgelost op")
        browser.press_in("dialog", "Nieuwe hulpvraag …")
        browser.choose("dialog:last-of-type [name=topic]", "doctor")
        browser.press_in("dialog:last-of-type", "Noteren")
        browser.sees("Genoteerd. Bea krijgt de vraag.")
        self.in_dialog("dokter")
        browser.press_in("dialog", "×")
        browser.press_in("#top", "Hulpvragen")
        browser.press("Dalia: dokter", "Stopzetten …")
        browser.choose("dialog [name=reason]", "solved-otherwise")
        browser.press_in("dialog", "Stopzetten")
        browser.sees("Stopgezet: de vraag van Dalia.")
        browser.wait(lambda: browser.driver.find_element("id", "over").click() or True, "those that are over")
        self.assertIn("1,5 uur hulp", browser.card("Dalia: school"))
        self.assertIn("anders opgelost", browser.card("Dalia: dokter"))
        self.pictures("hulpvragen-voorbij")
        found = self.call("help-requests", {"partnership": "kempen", "person_id": asker})["requests"]
        self.assertEqual([(one["topic"], one["state"], one["buddy_id"], one.get("hours"), one.get("drop_reason")) for one in found],
                         [("doctor", "dropped", buddies[1], None, "solved-otherwise"), ("school", "fulfilled", buddies[1], 1.5, None)])


    def test_9_a_list_is_taken_whole_or_not_at_all(self):
        def choose(text, encoding):
            path = self.stack.folder.parent / "lijst.csv"
            path.write_bytes(text.encode(encoding))
            choose_file(path)

        def choose_file(path):
            browser.script("""(() => { // as who presses it, without the window of the system
                const field = document.getElementById('import');
                field.addEventListener('click', (event) => event.preventDefault(), {once: true});
                field.click();
            })()""")
            browser.driver.find_element("id", "import").send_keys(str(path))

        def found(name):
            return self.call("people", {"partnership": "kempen", "name": name})["people"]

        browser = self.browser
        self.register("Zoë", last_name="Dubbel", phone="+32470778899")
        browser.press_in("#top", "Mensen")
        browser.press_in("main", "Lijst inladen …")
        self.pictures("lijst")
        template = self.stack.folder.parent / "mensen.csv"
        browser.keeps_files_in(template.parent)
        browser.driver.find_element("link text", "Een lege lijst om in te vullen").click()
        browser.wait(template.exists, "the file to fill in")
        choose_file(template)
        self.in_dialog("is van het voorbeeld in de sjabloon: haal deze regel weg")
        good = "voornaam;postcode;voorkeurtaal\nZoë;2200;nl\n"
        for text, encoding, words in (("PK\3\4", "ascii", "Dit is een rekenblad, geen CSV."), (good, "utf-16", "Deze lijst is niet als CSV bewaard."),
                                      (good, "cp1252", "gelezen als Windows-1252"), (good, "utf-8", "De lijst is in orde: 1 persoon.")):
            choose(text, encoding)
            self.in_dialog(words)
        self.assertNotIn("Windows-1252", browser.driver.find_element("css selector", "dialog").text)
        choose("voornaam;postcode;voorkeurtaal\nWilma;9999;nl\nWalter;2200;Klingons\n", "utf-8")
        browser.sees("Er zijn 2 fouten.")
        rows = [[cell.text for cell in row.find_elements("css selector", "th, td")]
                for row in browser.driver.find_elements("css selector", "dialog tbody tr")]
        self.assertEqual([row[:2] for row in rows], [["2", "postcode"], ["3", "voorkeurtaal"]])
        self.assertTrue(all(row[2] for row in rows))
        self.pictures("lijst-fouten")
        self.assertEqual((found("Wilma"), found("Walter")), ([], []))
        choose("voornaam;naam;telefoon;postcode;voorkeurtaal\nZoë;Dubbel;0470 77 88 99;2200;nl\nWalter;;;2200;Arabisch\n", "cp1252")
        browser.sees("De lijst is in orde: 2 mensen.")
        browser.sees("Lijn 2 lijkt op Zoë Dubbel, die al ingeschreven is.")
        self.pictures("lijst-in-orde")
        self.assertEqual(found("Walter"), [], "it was checked only")
        browser.press_in("dialog", "Allemaal inschrijven")
        browser.sees("2 mensen zijn ingeschreven.")
        browser.card("Walter")
        self.assertEqual((len(found("Walter")), [one["first_name"] for one in found("Dubbel")]), (1, ["Zoë", "Zoë"]))

        browser.press_in("main", "Lijst inladen …")
        choose("voornaam;postcode;voorkeurtaal\nWies;2000;nl\nWerner;2200;nl\n", "utf-8")
        remark = "Lijn 2: de postcode ligt in Antwerpen, buiten dit samenwerkingsverband: kijk na of dat klopt"
        self.in_dialog(remark)
        self.in_dialog("De lijst is in orde: 2 mensen.")
        self.pictures("lijst-elders")
        browser.press_in("dialog", "Allemaal inschrijven")
        self.in_dialog("2 mensen zijn ingeschreven.")
        self.assertIn(remark, browser.driver.find_element("css selector", "dialog").text)
        self.assertNotIn("Lijn 3", browser.driver.find_element("css selector", "dialog").text)
        self.assertFalse([one for one in browser.driver.find_elements("css selector", "dialog .actions button") if one.text], "taken once")
        self.assertEqual((len(found("Wies")), len(found("Werner"))), (1, 1))
        self.quiet()


if __name__ == "__main__":
    unittest.main(failfast=True)
