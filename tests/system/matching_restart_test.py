#!/usr/bin/python3
"""What matching keeps in memory is built again from its tables: a restart, or a kill at any step, changes nothing."""
import os
import pathlib
import random
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from matching_scene import Scene  # noqa: E402


class Restarts(Scene):
    def setUp(self):
        self.random = random.Random(self.id())
        super().setUp()

    def new_id(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def restart(self):
        self.stack.kill("matching")
        self.stack.start("matching")
        self.stack.wait_ready("matching")

    def test_a_restart_changes_nothing(self):
        volunteers = [self.volunteer(lat_e4=511000 + 100 * n) for n in range(3)]
        for n in range(4):
            self.newcomer(lat_e4=511000 + 130 * n)
        before, said = self.query("current-matching", programme=self.programme), len(self.events())
        self.restart()
        self.assertEqual(self.query("current-matching", programme=self.programme), before)
        self.volunteer(lat_e4=518000)
        self.assertEqual(len(self.events()), said + 1)
        self.command("accept-match", person_id=volunteers[0], programme=self.programme)
        self.assertEqual(len(self.proposals()), 2)

    def step(self):
        proposals, accepted = self.proposals(), self.proposals("accepted")
        duos = self.query("duos", programme=self.programme, state="active")["duos"]
        pick = lambda things, *keys: self.random.choice(sorted(things, key=lambda t: [t[k] for k in keys]))  # noqa: E731
        people = ("newcomer_id", "volunteer_id")
        action = self.random.randrange(8)
        if action < 3:
            self.newcomer(lat_e4=511000 + self.random.randrange(900), birth_year=self.random.randrange(1950, 2005))
        elif action == 3:
            self.volunteer(lat_e4=511000 + self.random.randrange(900), birth_year=self.random.randrange(1950, 2005),
                           capacity=self.random.randrange(1, 4))
        elif action == 4 and proposals:
            self.command("accept-match", proposal_id=pick(proposals, *people)["proposal_id"])
        elif action == 5 and proposals:
            self.command("decline-match", proposal_id=pick(proposals, *people)["proposal_id"], by="coordinator",
                         reason="other")
        elif action == 6 and accepted:
            self.meet(pick(accepted, *people))
        elif action == 7 and duos:
            self.command("stop-duo", duo_id=pick(duos, *people)["duo_id"], reason="other")

    def life(self, seed, kill_every):
        self.random = random.Random(seed)
        for n in range(80):
            self.step()
            if kill_every and n % kill_every == 0:
                self.restart()
        return [(name, data.get("person_id"), data.get("newcomer_id"), data.get("volunteer_id"), data.get("score"))
                for name, data in self.events()]

    def test_a_rebuilt_state_says_what_one_that_grew_says(self):
        seed = int(os.environ.get("SEED", "7"))
        first = self.life(seed, 0)
        type(self).setUpClass()
        self.configure()
        self.assertEqual(self.life(seed, 9), first, f"SEED={seed}")
        self.assertGreater(len({name for name, *_ in first}), 6)


if __name__ == "__main__":
    unittest.main()
