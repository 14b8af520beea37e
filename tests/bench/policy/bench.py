"""The same arrivals under different ways to match. bench.py [SEEDS [FOLDER]] puts the figures into
match-policy.md there and draws match-policy.svg."""
import collections
import json
import pathlib
import statistics
import subprocess
import sys

import chart
import page
from conditions import BUILD, ROOT

SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
FOLDER = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else BUILD / "bench")
PRESENT = "optimal, at once"
# What, parameters, how many times their size, share of the seeds, and who waits for somebody scarce.
TOWNS = (("Asse: volunteers are scarce", "asse", 1, 1, "newcomer"),
         ("Middenkempen: newcomers are scarce", "middenkempen", 1, 1, "volunteer"),
         ("A city: Asse ten times", "asse", 10, 0.2, "newcomer"))
COLUMNS = (
    ("newcomers wait: median", lambda o: o["newcomer_waited_p50"], 0), ("p90", lambda o: o["newcomer_waited_p90"], 0),
    ("longest", lambda o: o["newcomer_longest"], 0), ("passed over at most", lambda o: o["newcomer_passed"], 0),
    ("volunteers wait: median", lambda o: o["volunteer_waited_p50"], 0), ("p90 ", lambda o: o["volunteer_waited_p90"], 0),
    ("longest ", lambda o: o["volunteer_longest"], 0), ("passed over at most ", lambda o: o["volunteer_passed"], 0),
    ("km apart", lambda o: o["km"], 2), ("shared interests", lambda o: o["interests"], 2),
    ("a duo lasts, days", lambda o: o["expected_days"], 0), ("duos", lambda o: o["duos"], 0),
    ("newcomers without, %", lambda o: 100 * o["newcomers_without"] / o["newcomers"], 1),
    ("volunteers without, %", lambda o: 100 * o["volunteers_without"] / o["volunteers"], 1),
    ("taken back after a night, % of duos", lambda o: 100 * o["withdrawn"] / o["duos"], 0),
    ("days together for each newcomer", lambda o: o["days_together"] / o["newcomers"], 0),
)
TOGETHER = COLUMNS[-1][1]
DECIDING = (
    ("days newcomers wait, median", lambda o: o["newcomer_waited_p50"], 1), ("longest", lambda o: o["newcomer_longest"], 0),
    ("days volunteers wait, median", lambda o: o["volunteer_waited_p50"], 1), ("km apart", lambda o: o["km"], 2),
    ("days together for each newcomer", TOGETHER, 1),
)


def play(name, times, seeds):
    """{policy: [outcome by seed]}"""
    out = subprocess.run([BUILD / "bin/bench-policy", ROOT / f"data/simulation/{name}.json", ROOT / "data/places.csv",
                          str(times), str(seeds)], check=True, capture_output=True, text=True).stdout
    found = collections.defaultdict(list)
    for line in out.splitlines():
        outcome = json.loads(line)
        found[outcome["policy"]].append(outcome)
    return found


def cell(outcomes, of, digits):
    values = [of(one) for one in outcomes]
    return f"{statistics.mean(values):.{digits}f} ± {statistics.stdev(values):.{digits}f}"


def difference(found, policy, of):
    """Against the present default, seed by seed: the mean and twice its standard error."""
    each = [of(a) - of(b) for a, b in zip(found[policy], found[PRESENT])]
    return statistics.mean(each), 2 * statistics.stdev(each) / len(each) ** 0.5


def against(found, policy, of, digits):
    """Bold where it is more than chance."""
    if policy == PRESENT:
        return ""
    mean, error = difference(found, policy, of)
    told = f"{mean:+.{digits}f} ± {error:.{digits}f}"
    return f"**{told}**" if abs(mean) > error else told


def short_table(found):
    """What decides, as differences."""
    lines = ["| against the present | " + " | ".join(name for name, _, _ in DECIDING) + " |", "|---" * (len(DECIDING) + 1) + "|"]
    present = " | ".join(f"{statistics.mean(map(of, found[PRESENT])):.{digits}f}" for _, of, digits in DECIDING)
    lines.append(f"| *{PRESENT}: the present* | {present} |")
    lines += [f"| {policy} | " + " | ".join(against(found, policy, of, digits) for _, of, digits in DECIDING) + " |"
              for policy in found if policy != PRESENT]
    return "\n".join(lines)


def table(found):
    lines = ["| | " + " | ".join(name.strip() for name, _, _ in COLUMNS) + " | the last, against the present |",
             "|---" * (len(COLUMNS) + 2) + "|"]
    for policy, outcomes in found.items():
        cells = " | ".join(cell(outcomes, of, digits) for _, of, digits in COLUMNS)
        lines.append(f"| {policy} | {cells} | {against(found, policy, TOGETHER, 1)} |")
    return "\n".join(lines)


def bars(found, of):
    return [(policy, statistics.mean(map(of, outcomes)), f"{statistics.mean(map(of, outcomes)):.0f}")
            for policy, outcomes in found.items()]


def main():
    parts, groups = [], []
    for title, name, times, share, who in TOWNS:
        seeds = max(3, int(SEEDS * share))
        found = play(name, times, seeds)
        parts.append(f"### {title}\n\n{seeds} seeds. What decides:\n\n{short_table(found)}\n\n"
                     f"All of it, mean ± standard deviation between seeds:\n\n{table(found)}\n")
        if times == 1:
            groups += [(f"{title}. Days until a {who} has a duo, median", bars(found, lambda o: o[f"{who}_waited_p50"])),
                       (f"{name.capitalize()}: days a duo is expected to last", bars(found, lambda o: o["expected_days"]))]
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.put_and_tell(FOLDER / "match-policy.md", "\n".join(parts))
    chart.bars("The same arrivals under different ways to match", groups, FOLDER / "match-policy.svg")
    print(f"{FOLDER}/match-policy.svg")


if __name__ == "__main__":
    main()
