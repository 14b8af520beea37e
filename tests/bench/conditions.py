"""What a figure was measured under, in a line: without it the figure says nothing."""
import os
import pathlib
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()


def processor():
    with open("/proc/cpuinfo") as lines:
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))


def system():
    with open("/etc/os-release") as lines:
        return next(line.split("=")[1].strip().strip('"') for line in lines if line.startswith("PRETTY_NAME"))


class Conditions:
    """From here to `tell`: the load was that of others before, and partly our own after."""

    def __init__(self):
        self.before = os.getloadavg()[0]

    def tell(self):
        return (f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores ({processor()}), {system()}, "
                f"load {self.before:.1f} before and {os.getloadavg()[0]:.1f} after")
