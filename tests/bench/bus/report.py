"""What bench.py found, as tables and a chart. report.py BUS.JSON FOLDER does it again."""
import json
import pathlib
import statistics
import sys

import chart
import page

AIMS = {"ceiling": 0.85, "jetstream": 1.5, "jetstream-flushed": 1.5, "redis": 1.7, "rabbitmq": 2.5}
RATES, PARTS = ("500", "2000"), ("10", "50", "90", "99")


def median(runs, since, part):
    return statistics.median(run[since][part] for run in runs)


def compared(found):
    """A row for each: events/s, ratio of Koppel to it by rounds, CPU."""
    rows = {}
    for name, runs in found.items():
        ratios = [mine / its for mine, its in zip(found["koppel"]["rate"], runs["rate"])]
        rows[name] = {"rate": statistics.median(runs["rate"]), "cpu": statistics.median(runs["cpu"]),
                      "ratio": statistics.median(ratios), "low": min(ratios), "high": max(ratios)}
    return rows


def table(found, titles):
    lines = ["| | events/s | CPU µs an event | Koppel is … times as fast (aim) |", "|---" * 4 + "|"]
    for name, row in compared(found).items():
        ratio = "" if name == "koppel" else f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f}; {AIMS[name]})"
        lines.append(f"| {titles[name]} | {row['rate']:,.0f} | {row['cpu']:.1f} | {ratio} |")
    return "\n".join(lines)


def latencies(runs, since):
    """At each rate: the median, the p99, and that of the events that met no pause of the machine."""
    return [median(runs[rate], since + which, part) for rate in RATES for which, part in (("", "50"), ("", "99"), (" calm", "99"))]


def latency_table(found, titles):
    lines = ["| ms from when an event was due | p50 at 500/s | p99 | … without pauses | pauses | p50 at 2,000/s | p99 "
             "| … without pauses | pauses |", "|---" * 9 + "|"]
    for name, runs in found.items():
        cells = [f"{ms:.2f}" for ms in latencies(runs, "due")]
        for at, rate in ((3, RATES[0]), (7, RATES[1])):
            cells.insert(at, f"{statistics.median(run['away'] for run in runs[rate]):.1%}")
        lines.append(f"| {titles[name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def turn_table(found, titles):
    """From the writer's turn: Koppel beside the ceiling."""
    lines = ["| from the writer's turn | p50 at 500/s | p99 | … without pauses | p50 at 2,000/s | p99 | … without pauses |",
             "|---" * 7 + "|"]
    late = {name: latencies(found[name], "turn") for name in ("ceiling", "koppel")}
    for name, values in late.items():
        lines.append(f"| {titles[name]} | " + " | ".join(f"{ms:.2f}" for ms in values) + " |")
    lines.append("| ratio (aim of p50: 1.1) | " + " | ".join(f"{b / a:.2f}" for a, b in zip(*late.values())) + " |")
    return "\n".join(lines)


def draw(result, path):
    found, titles = result["found"], result["titles"]
    sheet = chart.Sheet(f"{result['events']:,} events of 300 bytes to the reader's own Postgres table, exactly once")
    sheet.bars("events a second", [(titles[name], row["rate"], f"{row['rate']:,.0f}") for name, row in compared(found).items()])
    late = {rate: [(titles[name], {part: median(runs[rate], "due", part) for part in PARTS}) for name, runs in found.items()]
            for rate in RATES}
    seen = [ms for rows in late.values() for _, at in rows for ms in at.values()]
    for rate, rows in late.items():
        sheet.spans(f"latency at {int(rate):,} events a second, ms: the median, where 10 to 90% lie, and the line to 99%",
                    rows, (0.9 * min(seen), 1.1 * max(seen)))
    sheet.save(path)


def write(result, folder):
    found, titles = result["found"], result["titles"]
    servers = "\n".join(f"- {line}" for line in result["servers"].values())
    witness = found["koppel"][RATES[0]][0]["witness"]
    text = (f"{table(found, titles)}\n\n{latency_table(found, titles)}\n\n{turn_table(found, titles)}\n\n{servers}\n\n"
            f"Conditions: {result['events']:,} events of 300 bytes; latencies in milliseconds, over {result['seconds']} s at "
            f"each rate, the witness of pauses with {witness}; rounds in turns, of which the medians: {result['rounds']}. "
            f"{result['conditions']}.")
    page.put_and_tell(folder / "bench.md", text, "figures of the bus")
    draw(result, folder / "bench.svg")


if __name__ == "__main__":
    write(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]))
