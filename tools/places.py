#!/usr/bin/env python3
"""Finds the municipality of every postcode, once: the results are committed.

usage: places.py        reads data/postcodes.csv and data/municipalities.topojson,
                        writes data/places.csv and registry's migration that holds the same rows

A postcode with several places is represented by the one that is named as a municipality nearby, else by
the first. A place so named belongs to that municipality: the coordinates are rounded, and may lie just across
a border. Any other belongs to the municipality whose outline holds it, else to the nearest outline.
"""
import csv
import json
import math
import pathlib
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
MIGRATION = ROOT / "services/registry/migrations/0002_places.sql"
NEAR_KM = 12
# Merged into another municipality, or under a new code, on 1 January 2025.
ENDED = {
    "Beveren", "Kruibeke", "Zwijndrecht", "Lochristi", "Wachtebeke", "Lokeren", "Moerbeke", "Melle", "Merelbeke",
    "De Pinte", "Nazareth", "Wingene", "Ruiselede", "Tielt", "Meulebeke", "Ham", "Tessenderlo", "Hasselt",
    "Kortessem", "Bilzen", "Hoeselt", "Tongeren", "Borgloon", "Galmaarden", "Gooik", "Herne", "Borsbeek",
}

# Given with coordinates of a namesake elsewhere: the middle of their municipality stands in.
MISPLACED = {"1081": "21011", "1190": "21007", "1547": "23009"}


def fold(name):
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in letters if c.isalnum())


def read_outlines():
    topology = json.loads((DATA / "municipalities.topojson").read_text(encoding="utf-8"))
    sx, sy = topology["transform"]["scale"]
    tx, ty = topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)

    def ring(indices):
        points = []
        for i in indices:
            part = arcs[i] if i >= 0 else arcs[~i][::-1]
            points += part[1:] if points else part
        return points

    found = []
    for shape in topology["objects"]["municipalities"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [ring(r) for polygon in polygons for r in polygon]
        facts = shape["properties"]
        xs, ys = zip(*(point for r in rings for point in r))
        found.append({"box": (min(xs), min(ys), max(xs), max(ys)), "nis": facts["nis"], "name": facts["name_nl"] or facts["name_fr"], "rings": rings,
                      "folded": {fold(n) for n in (facts["name_nl"], facts["name_fr"]) if n},
                      "flemish": facts["reg_nis"] == "02000"})
    return sorted(found, key=lambda m: m["nis"])


def inside(rings, x, y):
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1]):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def distance_km(rings, x, y):
    """To the nearest point of the outline; 0 within. A degree is taken as flat: good for a few kilometres."""
    if inside(rings, x, y):
        return 0.0
    kx, ky = 111.32 * math.cos(math.radians(y)), 111.2
    best = math.inf
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
            ax, ay, bx, by = (x1 - x) * kx, (y1 - y) * ky, (x2 - x) * kx, (y2 - y) * ky
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            t = 0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
            best = min(best, math.hypot(ax + t * dx, ay + t * dy))
    return best


def rough_km(box, x, y):
    """To a box around an outline: never more than to the outline itself."""
    west, south, east, north = box
    dx, dy = max(west - x, 0, x - east), max(south - y, 0, y - north)
    return math.hypot(dx * 111.32 * math.cos(math.radians(y)) * 0.99, dy * 111.2 * 0.99)


def nearest(municipalities, x, y, within_km=math.inf):
    best, found = within_km, None
    for rough, m in sorted(((rough_km(m["box"], x, y), m) for m in municipalities), key=lambda pair: pair[0]):
        if rough > best:
            break
        km = distance_km(m["rings"], x, y)
        if km < best or (km == best and found is None):
            best, found = km, m
    return found


def place_of(municipalities, rows):
    for row in rows:
        named = [m for m in municipalities if fold(row["place"]) in m["folded"]]
        found = nearest(named, float(row["lon"]), float(row["lat"]), NEAR_KM)
        if found:
            return row, found
    return rows[0], nearest(municipalities, float(rows[0]["lon"]), float(rows[0]["lat"]))


def places(municipalities):
    by_postcode = {}
    with open(DATA / "postcodes.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_postcode.setdefault(row["postcode"], []).append(row)
    by_nis = {m["nis"]: m for m in municipalities}
    for postcode, rows in sorted(by_postcode.items()):
        if postcode in MISPLACED:
            m = by_nis[MISPLACED[postcode]]
            west, south, east, north = m["box"]
            yield (postcode, m["name"], m["nis"], m["name"],
                   round((south + north) * 5000), round((west + east) * 5000))
            continue
        row, m = place_of(municipalities, rows)
        yield (postcode, row["place"], m["nis"], m["name"],
               round(float(row["lat"]) * 10000), round(float(row["lon"]) * 10000))


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def migration(municipalities, rows):
    yield "-- Written by tools/places.py. Coordinates: GeoNames, CC BY 4.0; municipalities: Statbel, CC0."
    yield "INSERT INTO municipality (nis, name, valid_until) VALUES"
    lines = [f"({quoted(m['nis'])}, {quoted(m['name'])}, "
             + ("'2024-12-31')" if m["flemish"] and m["name"] in ENDED else "NULL)") for m in municipalities]
    yield ",\n".join(lines) + ";"
    yield "INSERT INTO place (postcode, place, nis, lat_e4, lon_e4) VALUES"
    yield ",\n".join(f"('{p}', {quoted(place)}, '{nis}', {lat}, {lon})" for p, place, nis, _, lat, lon in rows) + ";"


def main():
    municipalities = read_outlines()
    rows = list(places(municipalities))
    with open(DATA / "places.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["postcode", "place", "nis", "municipality", "lat_e4", "lon_e4"])
        out.writerows(rows)
    MIGRATION.write_text("\n".join(migration(municipalities, rows)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
