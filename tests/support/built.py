"""Where the sources lie, and what was built of them."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
STAND_IN = BUILD / "bin/test-speaker"  # says what it is told to say, under the name of any service
