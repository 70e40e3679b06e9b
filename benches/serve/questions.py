"""Prints question A, B or C as the JSON body of a request, for `rolecast` or for `postgraphile`.

A: one role, three bands with percentiles and region. B: fifty roles in five regions, with projections.
C: a word of the title and a span of pay, the best paid twenty with occupation and region.
"""

import base64
import csv
import json
import re
import sys
from pathlib import Path

POINTS = ["p10", "p25", "median", "p75", "p90"]
WORDS, PLACE, LEAST, MOST = "engineer", "US-CA", 60_000, 160_000


def rolecast(which, occupations, regions):
    points = " ".join(f"{point} {{ amount kind }}" for point in POINTS)
    if which == "A":
        return f"""{{ role(by: {{ code: {{ classification: SOC_2018, code: "{occupations[0]["code"]}" }} }}) {{ title
          salaryBands(first: 3) {{ nodes {{ {points} region {{ code name }} }} }} }} }}"""
    if which == "B":
        slug = lambda title: "-".join(re.sub(r"\W", " ", title).lower().split())
        ids = [base64.urlsafe_b64encode(f"Role:{slug(row['title'])}".encode()).decode().rstrip("=") for row in occupations[:50]]
        bands = " ".join(f'r{place}: salary(region: "{row["code"]}") {{ {points} }}' for place, row in enumerate(regions[:5]))
        growth = "growth { changePercent baseEmployment { count } targetEmployment { count } annualOpenings { count } }"
        return f"{{ nodes(ids: {json.dumps(ids)}) {{ ... on Role {{ title {bands} {growth} }} }} }}"
    return f"""{{ roles(first: 20, filter: {{ text: "{WORDS}", median: {{ region: "{PLACE}", min: {LEAST}, max: {MOST} }} }},
      orderBy: {{ field: MEDIAN, direction: DESC, region: "{PLACE}" }}) {{ nodes {{ title occupations {{ occupation {{ code title }} }}
      salary(region: "{PLACE}") {{ {points} region {{ code name }} }} }} }} }}"""


def postgraphile(which, occupations, regions):
    points = " ".join(POINTS)
    if which == "A":
        return f"""{{ occupationByCode(code: "{occupations[0]["code"]}") {{ title
          salaryBandsByOccupationId(first: 3) {{ nodes {{ {points} regionByRegionId {{ code name }} }} }} }} }}"""
    if which == "B":
        bands = " ".join(
            f"r{place}: salaryBandsByOccupationId(condition: {{ regionId: {row['id']} }}) {{ nodes {{ {points} }} }}"
            for place, row in enumerate(regions[:5]))
        growth = "growthProjectionByOccupationId { percent base target openings }"
        return f"{{ allOccupations(first: 50) {{ nodes {{ title {bands} {growth} }} }} }}"
    return f"""{{ found(words: "{WORDS}", place: "{PLACE}", lowest: {LEAST}, highest: {MOST}, first: 20) {{ nodes {{
      {points} occupationByOccupationId {{ code title }} regionByRegionId {{ code name }} }} }} }}"""


def main(world, server, which):
    read = lambda name: list(csv.DictReader(open(Path(world) / name, newline="", encoding="utf-8")))
    ask = {"rolecast": rolecast, "postgraphile": postgraphile}[server]
    print(json.dumps({"query": ask(which, read("occupation.csv"), read("region.csv"))}))


main(*sys.argv[1:])
