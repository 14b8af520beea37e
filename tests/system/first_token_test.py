#!/usr/bin/python3
"""The setting that holds a token which may do everything: what it held before is refused."""
import pathlib
import secrets
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from edge import TOKEN, Edge  # noqa: E402


class FirstToken(Edge):
    def set(self, token):
        self.stack.kill("gateway")
        self.stack.environment["DEV_TOKEN"] = token
        self.stack.start("gateway")
        self.stack.wait_ready("gateway")

    def status(self, token):
        return self.send("GET", "/v1/tokens", token=token).status

    def test_another_value_ends_the_one_before_and_none_ends_it(self):
        kept, other = self.token("*")["token"], secrets.token_hex(24)
        self.assertEqual([self.status(one) for one in (TOKEN, other, kept)], [200, 401, 200])
        self.set(other)
        self.assertEqual([self.status(one) for one in (TOKEN, other, kept)], [401, 200, 200])
        self.set("")
        self.assertEqual([self.status(one) for one in (TOKEN, other, kept)], [401, 401, 200])
        self.set(TOKEN)
        self.assertEqual([self.status(one) for one in (TOKEN, other, kept)], [200, 401, 200])


del Edge

if __name__ == "__main__":
    unittest.main()
