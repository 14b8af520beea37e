"""A registry, and koppel as an operator types it: for the tests of its commands."""
import os
import secrets
import subprocess
import unittest

from built import BUILD, STAND_IN
from ministack import MiniStack


class Scene(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        programs = {"gateway": STAND_IN, "registry": BUILD / "bin/koppel-registry"}
        cls.stack = cls.enterClassContext(MiniStack(list(programs), programs, {"INSZ_KEY": secrets.token_hex(32)}))

    def koppel(self, *arguments, told="", knows=("registry",), keys=None):
        peers = ";".join(f"{name}={self.stack.events[name]},{self.stack.requests[name]}" for name in knows)
        return subprocess.run([BUILD / "bin/koppel", *arguments], input=told, text=True, capture_output=True, timeout=60,
                              env={**os.environ, "KOPPEL_PEERS": peers, "KOPPEL_KEYS_DIR": str(keys or self.stack.keys)})
