"""A service whose key the one it follows does not allow: it must say so, and go on by itself once it is let in."""
import pathlib
import sys
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from built import BUILD  # noqa: E402
from ministack import MiniStack  # noqa: E402
from waiting import eventually  # noqa: E402

PROGRAMS = {"source": BUILD / "bin/ledger-source", "drain": BUILD / "bin/ledger-drain"}


class RefusedKey(unittest.TestCase):
    def setUp(self):
        self.stack = self.enterContext(MiniStack(["source", "drain"], PROGRAMS))
        self.shown = self.stack.keys / "allowed" / "drain.pub"
        self.hidden = self.stack.keys / "drain.hidden"

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.stack.health['drain']}/readyz", timeout=2) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def denials(self):
        return [line for line in self.stack.log_tail("drain", 1000).splitlines() if "BUS-DENIED" in line]

    def denied(self):
        return "BUS-DENIED: source refuses the key of drain: put allowed/drain.pub" in self.ready()

    def test_a_start_with_a_key_that_is_not_allowed(self):
        self.stack.kill("drain")
        self.shown.rename(self.hidden)
        self.stack.start("drain")
        eventually(self.denied, what="the readiness naming who refuses")
        status = self.stack.client.admin("drain", "STATUS")
        self.assertEqual(status["state"], "denied")
        self.assertIn("source refuses the key of drain", status["need"])
        # It tries again every few seconds, and says so neither each time nor wrongly meanwhile.
        refused = self.stack.metric("source", "libbus_refused_total")
        eventually(lambda: self.stack.metric("source", "libbus_refused_total") > refused, what="another try")
        self.assertTrue(self.denied())
        self.assertEqual(len(self.denials()), 1)
        self.hidden.rename(self.shown)
        eventually(lambda: self.ready() == "ready\n", what="being let in")

    def test_a_key_that_is_taken_away_while_it_reads(self):
        self.shown.rename(self.hidden)
        self.stack.kill("source")  # a connection that stands is let be
        self.stack.start("source")
        eventually(self.denied, what="the readiness naming who refuses")
        self.hidden.rename(self.shown)
        eventually(lambda: self.ready() == "ready\n", what="being let in")


if __name__ == "__main__":
    unittest.main()
