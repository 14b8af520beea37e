"""What peers_bench.py found, as a table and a chart. peers_report.py PEERS.JSON FOLDER does it again."""
import json
import pathlib
import statistics
import sys

import chart
import page

AIMS = {"ceiling": 0.85, "jetstream": 1.5, "redis": 1.7, "rabbitmq": 2.5}


def medians(found):
    """A row for each: events/s, ratio of Koppel to it, CPU, and latency (p50, p99) by rate."""
    rows = {}
    for name, runs in found.items():
        ratios = [mine / its for mine, its in zip(found["koppel"]["rate"], runs["rate"])]
        row = {"rate": statistics.median(runs["rate"]), "cpu": statistics.median(runs["cpu"]),
               "ratio": statistics.median(ratios), "low": min(ratios), "high": max(ratios)}
        for rate in ("500", "2000"):
            row[rate] = [statistics.median(run[i] for run in runs[rate]) for i in (0, 1)]
        rows[name] = row
    return rows


def table(rows, titles):
    lines = ["| | events/s | CPU µs an event | Koppel is … times as fast (aim) | p50 at 500/s | p99 | p50 at 2,000/s | p99 |",
             "|---|---|---|---|---|---|---|---|"]
    for name, row in rows.items():
        ratio = "" if name == "koppel" else f"{row['ratio']:.2f} ({row['low']:.2f} to {row['high']:.2f}; {AIMS[name]})"
        late = " | ".join(f"{ms:.2f}" for rate in ("500", "2000") for ms in row[rate])
        lines.append(f"| {titles[name]} | {row['rate']:,.0f} | {row['cpu']:.0f} | {ratio} | {late} |")
    return "\n".join(lines)


def write(result, folder):
    rows, titles, where = medians(result["found"]), result["titles"], result["conditions"]
    load = ", ".join(f"{x:.1f}" for x in where["load"])
    text = (f"{where['events']:,} events of 300 bytes, medians of {where['rounds']} rounds in turns; milliseconds; "
            f"{where['cores']} cores ({where['cpu']}), load average at the end {load}\n\n{table(rows, titles)}\n\n"
            + "\n".join(f"- {titles[name]} {one['version']}: {one['settings']}" for name, one in where["servers"].items()) + "\n")
    page.put(folder / "bench-peers.md", text)
    chart.bars(f"{where['events']:,} events of 300 bytes to the reader's own Postgres table, exactly once", [
        ("events a second", [(titles[name], row["rate"], f"{row['rate']:,.0f}") for name, row in rows.items()]),
        *((f"median latency at {rate} events/s, ms", [(titles[name], row[rate][0], f"{row[rate][0]:.2f} (p99 {row[rate][1]:.1f})")
                                                     for name, row in rows.items()]) for rate in ("500", "2000")),
    ], folder / "bench-peers.svg")
    print(text)
    print(f"{folder}/bench-peers.md and {folder}/bench-peers.svg")


if __name__ == "__main__":
    write(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]))
