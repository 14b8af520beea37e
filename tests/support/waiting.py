"""Waiting for what must become true, as no test sleeps."""
import time

from client import Refused


def eventually(check, seconds=60, what="the condition"):
    """Waits until check() is true and returns what it returned; polls, with a deadline. Refused counts as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            value = check()
        except (OSError, AssertionError, LookupError, Refused) as error:
            value, reason = None, error
        else:
            reason = value
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come true in {seconds} s: {reason}")
        time.sleep(0.02)
