"""Debian's Chromium without a window, and the few things a check does in it."""
import base64
import pathlib
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

PATIENCE_S = 20
SIZES = {"desk": (1280, 900), "phone": (390, 844), "narrow": (320, 640)}


class Browser:
    def __init__(self, pictures):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=nl"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.pictures = pathlib.Path(pictures)
        self.size("desk")

    def quit(self):
        self.driver.quit()

    def size(self, name):
        width, height = SIZES[name]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": name != "desk"})

    def open(self, address):
        self.driver.get("about:blank")
        self.driver.get(address)

    def script(self, text, *arguments):
        return self.driver.execute_script("return " + text, *arguments)

    def wait(self, what, told):
        """Until what() gives something; elements that are drawn anew meanwhile are looked for again."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                found = what()
                if found:
                    return found
            except Exception as error:
                if time.monotonic() > end or type(error).__name__ not in ("StaleElementReferenceException", "NoSuchElementException"):
                    raise
            if time.monotonic() > end:
                raise AssertionError(f"never came: {told}; the page says: {self.text()}")
            time.sleep(0.05)

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def sees(self, words):
        self.wait(lambda: words in self.text(), words)

    def card(self, title):
        """What stands on it."""
        return self.wait(lambda: next((one.text for one in self.cards() if title in one.text), None), f"a card of {title}")

    def cards(self):
        return self.driver.find_elements(By.CSS_SELECTOR, ".card, tbody tr")

    def gone(self, selector, title):
        self.wait(lambda: not any(title in one.text for one in self.driver.find_elements(By.CSS_SELECTOR, selector)),
                  f"no {title}")

    def press(self, title, text):
        self.wait(lambda: any(self._press(one, text) for one in self.cards() if title in one.text), f"{text} of {title}")

    def press_in(self, selector, text):
        self.wait(lambda: self._press(self.driver.find_element(By.CSS_SELECTOR, selector), text), f"{text} in {selector}")

    @staticmethod
    def _press(element, text):
        for one in element.find_elements(By.CSS_SELECTOR, "button, nav a"):
            if one.text == text and one.is_enabled():
                one.click()
                return True
        return False

    def choose(self, selector, value):
        self.wait(lambda: Select(self.driver.find_element(By.CSS_SELECTOR, selector)).select_by_value(value) or True, selector)

    def picture(self, name):
        self.pictures.mkdir(parents=True, exist_ok=True)
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
        (self.pictures / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))

    def blocked(self, *patterns):
        """No answer from there, until it is called without any."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(patterns)})

    def complaints(self):
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]
