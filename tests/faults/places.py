"""The labelled places of libbus at which a process can end or stop itself: which one is next, and where it has happened."""
import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOWS = {"KILL": "killed", "STOP": "stopped"}
STOPS = 0.12  # of the processes that are armed
NAMED = 0.6   # of them wait for one place; the others count all, and so mostly end at the busy ones


class Places:
    def __init__(self, chance):
        self.chance = chance
        found = (re.findall(r'bus_failpoint\("([a-z-]+)"\)', file.read_text()) for file in ROOT.glob("libbus/*/*.c"))
        self.names = sorted({place for places in found for place in places})
        self.acted = collections.Counter()

    def plan(self):
        """BUS_FAILPOINT of the next process: rather what has seldom happened, and most of all what never has."""
        how = "STOP" if self.chance.random() < STOPS else "KILL"
        if self.chance.random() > NAMED:
            return f"*:{self.chance.randint(1, 40)}:{how}"
        rare = [1 / (1 + self.acted[name, how]) ** 2 for name in self.names]
        name = self.chance.choices(self.names, rare)[0]
        return f"{name}:{self.chance.randint(1, 3 if self.acted[name, how] else 1)}:{how}"

    def note(self, line, how):
        """`line`: the last one of the log of a process that ended or stopped. Whether it was its own doing."""
        at = re.fullmatch(rf"failpoint ([a-z-]+): {HOWS[how]}", line.strip())
        if at:
            self.acted[at[1], how] += 1
        return at is not None

    def missed(self):
        return [f"{how} at {name}" for how in HOWS for name in self.names if not self.acted[name, how]]

    def told(self):
        return ", ".join(f"{name} " + "/".join(str(self.acted[name, how]) for how in HOWS) for name in self.names)
