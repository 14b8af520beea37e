"""Debian's Chromium without a window, and the few things a check does in it."""
import base64
import pathlib
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from built import BUILD

PATIENCE_S = 20
AXE = BUILD / "browser/node_modules/axe-core/axe.min.js"  # by make check-board-deps
SIZES = {"desk": (1280, 900), "phone": (390, 844), "narrow": (320, 640)}


class Browser:
    def __init__(self, pictures):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=nl",
                         "--force-prefers-reduced-motion"):  # a card that fades in has no contrast yet
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

    def module(self, name, use, *arguments):
        """What a function of one of the page's modules gives."""
        return self.driver.execute_async_script(
            f"const done = arguments[arguments.length - 1]; import('/board/{name}').then({use}).then(done, (e) => done(String(e)))",
            *arguments)

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

    def fill(self, selector, value):
        def write():
            field = self.driver.find_element(By.CSS_SELECTOR, selector)
            field.clear()
            field.send_keys(value)
            return True
        self.wait(write, selector)

    def set_value(self, selector, value):
        """Of a day or a moment, which every country types otherwise."""
        self.wait(lambda: self.script("(arguments[0].value = arguments[1], true)",
                                      self.driver.find_element(By.CSS_SELECTOR, selector), value), selector)

    def press_all(self, selector, title, text):
        """The button of the part that names the title."""
        return any(self._press(one, text) for one in self.driver.find_elements(By.CSS_SELECTOR, selector) if title in one.text)

    def press_summary(self, text):
        """Opens what is folded under these words."""
        return any(one.click() or True for one in self.driver.find_elements(By.CSS_SELECTOR, "summary") if text in one.text)

    def paper(self, wanted):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print" if wanted else ""})

    def slow(self, wanted):
        """No answer comes before anybody has gone home, until it is called with False."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": 3600000 if wanted else 0, "downloadThroughput": -1, "uploadThroughput": -1})

    def dark(self, wanted):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark" if wanted else "light"}]})

    def overflows(self):
        """Whether the page or an open dialog is wider than its frame."""
        return self.script("[document.documentElement, ...document.querySelectorAll('dialog')]"
                           ".some((one) => one.scrollWidth > one.clientWidth)")

    def nameless(self):
        """What a screen reader would reach, and could not tell what it is."""
        self.driver.execute_cdp_cmd("Accessibility.enable", {})
        nodes = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "spinbutton", "dialog", "Date", "DateTime"}
        return [node["role"]["value"] for node in nodes if not node.get("ignored") and node["role"]["value"] in roles
                and not node.get("name", {}).get("value", "").strip()]

    def barriers(self):
        """What axe-core finds against WCAG 2.1 at level AA, as text; it has to have looked."""
        self.driver.execute_script(AXE.read_text())
        looked, found = self.driver.execute_async_script("""
            const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).then(({passes, violations}) => done([passes.length,
                violations.flatMap(({id, nodes}) => nodes.map((one) => `${id}: ${one.target.join(" ")}: ${one.failureSummary}`))]));""")
        if not looked:
            raise AssertionError("axe-core looked at nothing")
        return found

    def keyboard(self):
        return Keyboard(self)

    def keeps_files_in(self, folder):
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})

    def blocked(self, *patterns):
        """No answer from there, until it is called without any."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(patterns)})

    def complaints(self):
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]


class Keyboard:
    """Hands that have no mouse: what has the focus is told as a screen reader would."""
    TOLD = """(() => {
        const one = document.activeElement;
        const described = document.getElementById(one.getAttribute('aria-describedby'));
        return [one.labels?.[0]?.textContent ?? one.textContent, described?.textContent ?? '', one.tagName];
    })()"""
    MOST_STEPS = 200

    def __init__(self, browser):
        self.browser = browser

    def press(self, *keys):
        ActionChains(self.browser.driver).send_keys(*keys).perform()
        return self

    def go_to(self, name, about="", tag=""):
        """By the tab key, until what is looked for has the focus; once round if need be."""
        for _ in range(self.MOST_STEPS):
            told, described, kind = self.browser.script(self.TOLD)
            if told.startswith(name) and about in described and kind.startswith(tag):
                return self
            self.press(Keys.TAB)
        raise AssertionError(f"the tab key never comes to {name}")

    def type(self, text):
        return self.press(text)

    def enter(self):
        return self.press(Keys.ENTER)

    def escape(self):
        return self.press(Keys.ESCAPE)
