"""The commands of a page of docs/, run as its reader runs them."""
import re
import subprocess
import textwrap

from built import ROOT


def run(page, places, seconds=120):
    """All of them, one after the other, in a shell that ends at the first that fails; `places`: what is elsewhere here."""
    blocks = re.findall(r"(?m)^\n((?:    .*\n|\n(?=    ))+)", (ROOT / "docs" / page).read_text())
    script = "".join(map(textwrap.dedent, blocks))
    for there, here in places.items():
        if there not in script:
            raise AssertionError(f"{page} does not say {there}")
        script = script.replace(there, here)
    done = subprocess.run(["bash", "-e", "-o", "pipefail"], input=script, capture_output=True, text=True, cwd=ROOT, timeout=seconds)
    if done.returncode != 0:
        raise AssertionError(f"{page} ended with {done.returncode}: {done.stderr[-1000:]}\nafter it had told\n{done.stdout[-1000:]}")
    return done
