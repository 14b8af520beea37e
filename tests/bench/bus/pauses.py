"""When the machine itself was away, as build/bin/bench-pauses witnesses it: no contestant answers for that."""
import bisect
import subprocess

from conditions import BUILD


def joined(pauses, apart_us=1000):
    """Those that touch or overlap, of whichever core, as one: in between nobody got far."""
    ret = []
    for begin, end in sorted(pauses):
        if ret and begin <= ret[-1][1] + apart_us:
            ret[-1][1] = max(ret[-1][1], end)
        else:
            ret.append([begin, end])
    return ret


class Pauses:
    """Looks from its beginning to its end. `right`: by what it came before the contestants."""

    def __enter__(self):
        self.witness = subprocess.Popen([BUILD / "bin/bench-pauses"], stdout=subprocess.PIPE, text=True)
        self.right = self.witness.stdout.readline().strip()
        return self

    def __exit__(self, *_):
        self.witness.terminate()
        told, _ = self.witness.communicate()
        self.found = joined(tuple(map(int, line.split())) for line in told.splitlines())

    def met(self, begin, end):
        """Whether one fell into the time from begin to end, in microseconds of the wall clock."""
        i = bisect.bisect_left(self.found, [end])
        return i > 0 and self.found[i - 1][1] > begin

    def away(self, begin, end):
        """Which part of that time they took."""
        return sum(max(0, min(end, to) - max(begin, since)) for since, to in self.found) / (end - begin)
