"""Compares every cell of three workbooks, read with openpyxl and xlrd, with the API's answers."""

import sys
import zipfile

import api
import openpyxl
import xlrd

URL, SHARED = sys.argv[1], sys.argv[2]
POINTS = {"p10": "p10", "p25": "p25", "median": "median", "p75": "p75", "p90": "p90", "mean": "mean"}
DECILES = ["p10", "p20", "p25", "p30", "p40", "p60", "p70", "p75", "p80", "p90"]
QUERY = """query($filter: SalaryBandFilter!, $after: String) {
  found: salaryBands(filter: $filter, first: 500, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      occupation { code } region { code } period segment { sex workTime }
      p10 { ...F } p25 { ...F } median { ...F } p75 { ...F } p90 { ...F } mean { ...F }
      p20: percentile(p: 20) { ...F } p30: percentile(p: 30) { ...F } p40: percentile(p: 40) { ...F }
      p60: percentile(p: 60) { ...F } p70: percentile(p: 70) { ...F } p80: percentile(p: 80) { ...F }
      employment { count kind }
    } } }
fragment F on PayFigure { amount kind }"""


def bands(**filters):
    """Every band that `filters` let through, page by page."""
    return api.nodes(URL, QUERY, filters)


def money(cell):
    """A printed number as a float, or None."""
    try:
        return float(str(cell).replace(",", ""))
    except ValueError:
        return None


class Tally:
    def __init__(self, name):
        self.name, self.cells, self.differences = name, 0, []

    def same(self, place, printed, wanted, served):
        self.cells += 1
        if wanted != served:
            self.differences.append(f"{place}: printed {printed!r}, wanted {wanted}, served {served}")

    def close(self):
        print(f"{self.name}: {self.cells} cells, {len(self.differences)} differences")
        for line in self.differences[:10]:
            print("   ", line)
        return len(self.differences)


def wanted_oews(printed, bound, other_only):
    number = money(printed)
    if printed in (None, ""):
        return (None, "NOT_PUBLISHED")
    if number is not None:
        return (number, "EXACT")
    if printed == "#":
        return (bound, "AT_LEAST")
    return (None, "NOT_APPLICABLE" if printed == "*" and other_only else "SUPPRESSED")


def oews(name, rows, bounds, states, **filters):
    tally = Tally(name)
    served = {}
    for band in bands(period=None, **filters):
        served[(band["region"]["code"], band["occupation"]["code"], band["period"])] = band
    header = [str(cell).strip().lower() for cell in rows[0]]
    seen = set()
    for row in rows[1:]:
        row = dict(zip(header, row))
        if not row.get("occ_code"):
            continue
        region = states.get(str(row.get("st", "")), "US") if states else "US"
        for period, prefix in (("YEAR", "a"), ("HOUR", "h")):
            key = (region, row["occ_code"], period)
            band = served.get(key)
            seen.add(key)
            if band is None:
                tally.differences.append(f"{key} is not served")
                continue
            other = str(row["hourly" if period == "YEAR" else "annual"]).upper() in ("TRUE", "1", "1.0")
            for point, column in POINTS.items():
                column = f"{prefix}_pct{column[1:]}" if column[0] == "p" else f"{prefix}_{column}"
                want = wanted_oews(row[column], bounds[period], other)
                tally.same((*key, point), row[column], want, (band[point]["amount"], band[point]["kind"]))
            jobs = money(row["tot_emp"])
            want = (jobs, "EXACT") if jobs is not None else (None, "SUPPRESSED")
            tally.same((*key, "employment"), row["tot_emp"], want, (band["employment"]["count"], band["employment"]["kind"]))
    tally.differences += [f"{key} is served and not printed" for key in served.keys() - seen]
    return tally.close()


def ashe_rows(path):
    book = openpyxl.load_workbook(path, read_only=True)
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            title, code = str(row[0] or "").strip(), str(row[1] or "").strip()
            if code.isdigit() or title == "All employees":
                yield sheet.title.strip(), code or "0", row


def ashe(values, variations):
    tally = Tally("ASHE 2024")
    served = {}
    for band in bands(sources=["ons-ashe"], period="YEAR", segment={"any": True}):
        served[(band["segment"]["sex"], band["segment"]["workTime"], band["occupation"]["code"])] = band
    poor = {(sheet, code): row for sheet, code, row in ashe_rows(variations)}
    columns = {"median": 3, "mean": 5} | {point: 7 + place for place, point in enumerate(DECILES)}
    seen = set()
    for sheet, code, row in ashe_rows(values):
        words = sheet.lower()
        sex = "FEMALE" if "female" in words else "MALE" if "male" in words else "ALL"
        time = "FULL_TIME" if "full" in words else "PART_TIME" if "part" in words else "ALL"
        key = (sex, time, code)
        seen.add(key)
        band = served.get(key)
        if band is None:
            tally.differences.append(f"{key} is not served")
            continue
        for point, column in columns.items():
            printed, cv = row[column], money(poor[(sheet, code)][column])
            number = money(printed)
            if number is not None:
                want = (number, "UNRELIABLE" if cv is not None and cv > 20 else "EXACT")
            else:
                kinds = {"x": "UNRELIABLE", "..": "SUPPRESSED", ":": "NOT_APPLICABLE", "": "NOT_PUBLISHED"}
                want = (0.0, "EXACT") if printed == "-" else (None, kinds[str(printed or "").strip()])
            tally.same((*key, point), printed, want, (band[point]["amount"], band[point]["kind"]))
    tally.differences += [f"{key} is served and not printed" for key in served.keys() - seen]
    return tally.close()


def main():
    national = openpyxl.load_workbook(f"{SHARED}/bls-oews/national_M2024_dl.xlsx", read_only=True)
    rows = list(national["national_M2024_dl"].iter_rows(values_only=True))
    new = {"YEAR": 239200.0, "HOUR": 115.0}
    wrong = oews("OEWS national 2024", rows, new, None, sources=["bls-oews"], regions=["US"], releaseLabel="May 2024")

    archive = zipfile.ZipFile(f"{SHARED}/bls-oews/oesm13st.zip")
    sheet = xlrd.open_workbook(file_contents=archive.read("state_M2013_dl.xls")).sheet_by_index(0)
    rows = [sheet.row_values(place) for place in range(sheet.nrows)]
    places = {str(row[1]) for row in rows[1:]}
    states = {place: f"US-{place}" for place in places}
    old = {"YEAR": 187200.0, "HOUR": 90.0}
    wrong += oews("OEWS states 2013", rows, old, states, sources=["bls-oews"], within="US", releaseLabel="May 2013")

    stem = f"{SHARED}/ons-ashe/PROV - Occupation SOC20 (4) Table 14.7"
    wrong += ashe(f"{stem}a   Annual pay - Gross 2024.xlsx", f"{stem}b   Annual pay - Gross 2024 CV.xlsx")
    sys.exit(1 if wrong else 0)


main()
