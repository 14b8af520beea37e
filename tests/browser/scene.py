"""A stack with a partnership, and a browser before its board."""
import datetime
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest
import zoneinfo

from browser import Browser
from built import BUILD
from livestack import KOPPEL, Stack, koppel
from waiting import eventually


def up_on_a_terminal(folder):
    """koppel up, as a person sees it."""
    terminal, inside = pty.openpty()
    run = subprocess.Popen([KOPPEL, "up", "--dir", folder], stdout=inside, stderr=inside, stdin=inside,
                           env={**os.environ, "MERGE_MINUTES": "0"})
    os.close(inside)
    out = b""
    try:
        while part := os.read(terminal, 65536):
            out += part
    except OSError:  # the other end is closed
        pass
    os.close(terminal)
    if run.wait() != 0:
        raise AssertionError(out.decode())
    return out.decode()


class Scene(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="koppel-board-", dir="/var/tmp"))
        os.chmod(folder, 0o755)
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.stack = Stack(folder / "stack")
        cls.addClassCleanup(koppel, "down", "--dir", cls.stack.folder)
        cls.link = re.search(r"^board +(\S+)\r?$", up_on_a_terminal(cls.stack.folder), re.M)[1]
        cls.call = cls.stack.call
        for name, nis in (("kempen", "13011"), ("elders", "23002")):
            cls.call("form-partnership", {"partnership": name, "name": name.title(), "since": "2024-01-01", "lead_nis": nis,
                                          "municipalities": [{"nis": nis}, *([{"nis": "13029"}] if nis == "13011" else [])]})
        cls.call("configure-programme", {"programme": "kempen-duo", "partnership": "kempen", "kind": "language-duo",
                                         "name": "Taalduo Kempen", "action": 5, "rules": {"max_distance_km": 15}})
        cls.newcomer = cls.join("newcomer", first_name="Selam", last_name="Haile", postcode="2200", preferred_language="ti",
                                phone="+32470987654", email="selam@example.org",
                                profile={"birth_year": 1991, "languages": ["ti", "en"], "interests": ["cooking"],
                                         "availability": ["mon-evening"]})
        cls.join("volunteer", first_name="An", last_name="Claes", postcode="2250", preferred_language="nl",
                 profile={"birth_year": 1987, "languages": ["en"], "interests": ["cooking"]})

    @classmethod
    def join(cls, side, **about):
        person = cls.call("register-person", {"partnership": "kempen", **about})["person_id"]
        if side == "volunteer":
            cls.call("recruit-volunteer", {"person_id": person, "capacity": 1})
        cls.call("hold-intake", {"person_id": person, "programme": "kempen-duo", "side": side})
        return person

    def register(self, name, **about):
        return self.call("register-person", {"partnership": "kempen", "first_name": name, "postcode": "2200",
                                             "preferred_language": "nl", **about})["person_id"]

    def talks(self):
        return self.call("meetings", {"programme": "kempen-duo", "state": "planned"})["meetings"]

    def duos(self):
        return self.call("duos", {"programme": "kempen-duo", "state": "active"})["duos"]

    def accept(self):
        """The proposal of Selam, until its talk is planned; a test before may have done it."""
        if not self.talks():
            self.call("accept-match", {"programme": "kempen-duo", "person_id": self.newcomer})
            eventually(self.talks)

    def begin_duo(self):
        if not self.duos():
            self.accept()
            self.call("hold-meeting", {"programme": "kempen-duo", "newcomer_id": self.newcomer, "outcome": "start"})
            eventually(self.duos)

    def setUp(self):
        self.browser = Browser(BUILD / "board")
        self.addCleanup(self.browser.quit)

    def quiet(self):
        """Nothing was complained of, nothing was kept, and the token went into no address."""
        token = self.link.split("#token=")[1]
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.script("localStorage.length"), 0)
        self.assertNotIn(token, self.browser.script("location.href"))
        asked = self.browser.script("performance.getEntriesByType('resource').map((one) => one.name)")
        origin = self.link.split("/#")[0]
        self.assertTrue(asked and all(name.startswith((origin, "blob:" + origin)) and token not in name for name in asked), asked)

    def in_dialog(self, words):
        self.browser.wait(lambda: words in self.browser.driver.find_element("css selector", "dialog").text, words)


def today():
    return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Brussels")).strftime("%Y-%m-%d")


class Tables:
    """A programme of talk tables beside that of duos."""
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call("configure-programme", {"programme": "kempen-tafel", "partnership": "kempen", "kind": "conversation-group",
                                         "name": "Praten in de Kempen", "action": 5})


class Desk(Scene):
    """A coordinator at the board of one partnership, which follows by itself."""
    pictured = "desk"

    def setUp(self):
        super().setUp()
        self.browser.open(self.link)
        self.browser.choose("#partnership", "kempen")
        self.browser.sees("Ververst vanzelf")

    def fill(self, **values):
        for name, value in values.items():
            self.browser.fill(f"dialog:last-of-type [name={name}]", value)

    def page_of(self, name):
        self.browser.press_in("#top", "Mensen")
        self.browser.press(name, name)
        self.in_dialog("Agendalink …")
        self.in_dialog(name)

    def series(self, title, *enrolled, day):
        """A daily talk table from that day on, for which these are enrolled."""
        series = self.call("create-series", {
            "partnership": "kempen", "programme": "kempen-tafel", "title": title, "rrule": "FREQ=DAILY",
            "starts": f"{day}T00:00", "duration_minutes": 5, "capacity": 9, "nis": "13011"})["series_id"]
        for person in enrolled:
            self.call("enrol", {"series_id": series, "person_id": person})
        return series

    def pictures(self, name):
        """A page or dialog as it is seen by day, on two phones, and in the dark; and nothing in it shuts anybody out."""
        self.browser.picture(f"{self.pictured}-desk-{name}")
        self.assertEqual(self.browser.barriers(), [], name)
        for size in ("phone", "narrow"):
            self.browser.size(size)
            self.assertFalse(self.browser.overflows(), name)
            self.browser.picture(f"{self.pictured}-{size}-{name}")
        self.assertEqual(self.browser.barriers(), [], f"{name} on a phone")
        self.browser.dark(True)
        self.browser.picture(f"{self.pictured}-dark-{name}")
        self.assertEqual(self.browser.barriers(), [], f"{name} in the dark")
        self.browser.dark(False)
        self.browser.size("desk")
        self.assertEqual(self.browser.nameless(), [], name)
