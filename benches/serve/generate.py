"""Writes the same made-up figures twice: a table with its definition for Rolecast, and tables for PostgreSQL.

800 detailed occupations in 500 regions, 400,000 bands of seven figures, and a national projection for each occupation.
"""

import csv
import random
import sys
from pathlib import Path

OCCUPATIONS, REGIONS = 800, 500
POINTS = ["p10", "p25", "median", "p75", "p90", "mean"]
CODES = Path(__file__).resolve().parents[2] / "jobs/codes"

DEFINITION = r"""
key              = "generated"
title            = "Generated pay"
publisher        = "Nobody"
homepage         = "https://example.org/"
method           = "SURVEY"
licence          = "none"
attribution      = "Made up for a measurement."
stale_after_days = 30

[[layout]]
dataset        = "pay"
rows           = "bands"
file           = 'pay_(?<year>\d{4})\.csv'
reference      = { label = "{year}", start = "{year}-01-01", end = "{year}-12-31" }
classification = [{ is = "SOC_2018" }]
region         = "code"
columns.code       = ["code"]
columns.title      = ["title"]
columns.region     = ["region"]
columns.employment = ["employment"]

[[layout.band]]
period   = "YEAR"
currency = "USD"
cells    = { p10 = ["p10"], p25 = ["p25"], median = ["median"], p75 = ["p75"], p90 = ["p90"], mean = ["mean"] }

[[layout]]
dataset        = "outlook"
rows           = "projections"
file           = 'outlook_(?<base>\d{4})-(?<target>\d\d)\.csv'
reference      = { label = "{base}-{target}", start = "{base}-01-01", end = "20{target}-12-31" }
classification = [{ is = "SOC_2018" }]
region         = { fixed = "US" }
columns.code              = ["code"]
columns.title             = ["title"]
columns.base-employment   = ["base"]
columns.target-employment = ["target"]
columns.change            = ["change"]
columns.change-percent    = ["percent"]
columns.openings          = ["openings"]
"""


def read(name):
    with open(CODES / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)


def pay(dice):
    middle = dice.randrange(30_000, 180_000, 10)
    points = [round(middle * share, -1) for share in (0.62, 0.78, 1, 1.27, 1.58, 1.06)]
    return [int(point) for point in points] + [dice.randrange(30, 90_000, 10)]


def main(world):
    dice = random.Random(20)
    listed = [row for row in read("occupations.csv") if row["classification"] == "SOC_2018"]
    occupations = [(row["code"], row["title"]) for row in listed if row["level"] == "DETAILED"][:OCCUPATIONS]
    american = lambda row: row["code"] == "US" or row["code"].startswith(("US-", "CBSA:"))
    regions = [(row["code"], row["name"], row["kind"]) for row in read("regions.csv") if american(row)]
    others = [(row["code"], row["name"], row["kind"]) for row in read("regions.csv") if not american(row)]
    regions = (regions + others)[:REGIONS]
    assert (len(occupations), len(regions)) == (OCCUPATIONS, REGIONS)
    bands = [(o, r, *pay(dice)) for o in range(OCCUPATIONS) for r in range(REGIONS)]
    outlook = []
    for place in range(OCCUPATIONS):
        base, percent = dice.randrange(1_000, 900_000, 100), dice.randrange(-200, 300)
        change = base * percent // 1000
        outlook.append((place, base, base + change, change, percent / 10, base // 9))

    (world / "sources").mkdir()
    (world / "sources/generated.toml").write_text(DEFINITION)
    named = lambda place: occupations[place]
    write(world / "pay_2024.csv", ["code", "title", "region", *POINTS, "employment"],
          ((*named(o), regions[r][0], *figures) for o, r, *figures in bands))
    write(world / "outlook_2024-34.csv", ["code", "title", "base", "target", "change", "percent", "openings"],
          ((*named(o), *figures) for o, *figures in outlook))
    write(world / "occupation.csv", ["id", "code", "title"], ((i, *row) for i, row in enumerate(occupations)))
    write(world / "region.csv", ["id", "code", "name", "kind"], ((i, *row) for i, row in enumerate(regions)))
    write(world / "salary_band.csv", ["id", "occupation_id", "region_id", *POINTS, "employment"],
          ((i, *row) for i, row in enumerate(bands)))
    write(world / "growth_projection.csv", ["id", "occupation_id", "base", "target", "change", "percent", "openings"],
          ((i, *row) for i, row in enumerate(outlook)))


main(Path(sys.argv[1]))
