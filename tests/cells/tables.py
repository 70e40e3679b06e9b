"""Compares every cell of Job Bank, Projections Central and COPS, read with Python's csv, with the API's answers."""

import csv
import sys

import api

URL, SHARED = sys.argv[1], sys.argv[2]
FIPS = dict(row[:2] for row in list(csv.reader(open(sys.argv[3], encoding="utf-8")))[1:])
PROVINCES = {"10": "NL", "11": "PE", "12": "NS", "13": "NB", "24": "QC", "35": "ON", "46": "MB",
             "47": "SK", "48": "AB", "59": "BC", "60": "YT", "61": "NT", "62": "NU"}
BANDS = """query($filter: SalaryBandFilter!, $after: String) { found: salaryBands(filter: $filter, first: 500, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { occupation { code } region { code } period
    low { ...F } median { ...F } high { ...F } mean { ...F } p25 { ...F } p75 { ...F } } } }
fragment F on PayFigure { amount kind }"""
PROJECTIONS = """query($filter: GrowthProjectionFilter!, $after: String) { found: growthProjections(filter: $filter, first: 500, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { occupation { code } region { code } baseYear targetYear changePercent
    publishedCategory base: baseEmployment { count } target: targetEmployment { count } change { count }
    openings: annualOpenings { count } spanOpenings: openings { count } jobSeekers { count } } } }"""


def served(query, **filters):
    """Everything that `filters` let through, by region and code."""
    found = api.nodes(URL, query, filters)
    by_place = {(node["region"]["code"], node["occupation"]["code"]): node for node in found}
    assert len(by_place) == len(found), "two figures for one place and code"
    return by_place


def table(path):
    return list(csv.DictReader(open(f"{SHARED}/{path}", encoding="utf-8-sig", newline="")))


def number(cell):
    return float(cell.replace(",", "")) if cell not in ("", "N/A", "NA") else None


class Tally:
    def __init__(self, name):
        self.name, self.cells, self.differences = name, 0, []

    def same(self, place, wanted, got):
        self.cells += 1
        if wanted != got:
            self.differences.append(f"{place}: printed {wanted}, served {got}")

    def close(self, nodes, seen):
        self.differences += [f"{key} is served and not printed" for key in nodes.keys() - seen]
        print(f"{self.name}: {self.cells} cells, {len(self.differences)} differences")
        for line in self.differences[:10]:
            print("   ", line)
        return len(self.differences)


def economic_region(code):
    digits = code.removeprefix("ER")
    if digits == "00":
        return "CA"
    whole = len(digits) == 2 or digits in ("1110", "6010", "6110", "6210")
    return f"CA-{PROVINCES[digits[:2]]}" if whole else f"ER:{digits}"


def job_bank(name, path, columns, flag, **filters):
    tally, nodes, seen = Tally(name), served(BANDS, sources=["job-bank"], releases="ALL", period=None, **filters), set()
    for row in table(path):
        region = economic_region(row["ER_Code_Code_RE"])
        if region.startswith("ER:") and " PR NOC" in row.get("Source2025_NHQ", ""):
            continue
        key = (region, row["NOC_CNP"].removeprefix("NOC_"))
        seen.add(key)
        node = nodes.get(key)
        if node is None:
            tally.differences.append(f"{key} is not served")
            continue
        tally.same((key, "period"), flag(row), node["period"])
        withheld = row["Wage_Comment_E"].startswith("Due to data limitations")
        for figure, column in columns.items():
            # The copy holds the noise of binary numbers: 202675.19999999998.
            printed = number(row[column])
            printed = None if printed is None else round(printed, 2)
            kind = "EXACT" if printed is not None else "SUPPRESSED" if withheld else "NOT_PUBLISHED"
            tally.same((key, figure), (printed, kind), (node[figure]["amount"], node[figure]["kind"]))
    return tally.close(nodes, seen)


def projections(name, source, path, place, columns, **filters):
    tally, seen = Tally(name), set()
    nodes = served(PROJECTIONS, sources=[source], releases="ALL", **filters)
    for row in table(path):
        key = place(row)
        if key is None:
            continue
        seen.add(key)
        node = nodes.get(key)
        if node is None:
            tally.differences.append(f"{key} is not served")
            continue
        for figure, column in columns.items():
            got = node[figure]["count"] if isinstance(node[figure], dict) else node[figure]
            printed = row[column]
            wanted = (None if printed == "N/A" else printed) if figure == "publishedCategory" else number(printed)
            tally.same((key, figure), wanted, got)
    return tally.close(nodes, seen)


def cops_place(row):
    code = row["Code"]
    if code.startswith("TEER"):
        return None
    return ("CA", code.removeprefix("NOC1_") if code.startswith("NOC1_") else code.zfill(5))


def main():
    low = {"low": "Low_Wage_Salaire_Minium", "median": "Median_Wage_Salaire_Median", "high": "High_Wage_Salaire_Maximal"}
    more = {"mean": "Average_Wage_Salaire_Moyen", "p25": "Quartile1_Wage_Salaire_Quartile1",
            "p75": "Quartile3_Wage_Salaire_Quartile3"}
    flag = lambda row: "YEAR" if row["Annual_Wage_Flag_Salaire_annuel"] == "1" else "HOUR"
    wrong = job_bank("Job Bank 2025", "job-bank/job_bank_wages_2025_FRAGMENT.csv", low | more, flag, releaseLabel="2025")
    ontario = "job-bank/job_bank_wages_2021_ontario_annualised.csv"
    wrong += job_bank("Job Bank Ontario 2021", ontario, low, lambda _: "YEAR", releaseLabel="2021")
    old = {"base": "base", "target": "proj", "change": "change", "changePercent": "percentchange",
           "openings": "avgannualopenings", "baseYear": "baseyear", "targetYear": "projyear"}
    wrong += projections("Projections Central 2020-30", "projections-central", "state-projections/ltprojections_2020-30.csv",
                         lambda row: (FIPS[row["stfips"].zfill(2)], row["code"]), old, releaseLabel="2020-30")
    new = {"base": "Base", "target": "Projected", "changePercent": "PercentChange", "openings": "AvgAnnualOpenings"}
    wrong += projections("Projections Central 2022-32", "projections-central",
                         "state-projections/longterm_stfips-all_885_occupations.csv",
                         lambda row: (FIPS[row["STFIPS"].zfill(2)], row["OccCode"]), new, releaseLabel="2022-32")
    cops = {"base": "Employment_emploi_2023", "change": "Employment_Growth_croissance_emploi",
            "spanOpenings": "Total_Job_Openings_Perspective_d'emploi", "jobSeekers": "Job_Seekers_Chercheurs_emploi",
            "publishedCategory": "Future_Labour_Market_Conditions"}
    wrong += projections("COPS", "cops", "job-bank/cops_summary_2024_2033_noc2021_FRAGMENT.csv", cops_place, cops)
    sys.exit(1 if wrong else 0)


main()
