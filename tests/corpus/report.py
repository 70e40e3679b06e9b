"""Ingests every file below a folder that a source's definition claims, twice, and prints a table of what came of it.

report.py BINARY FOLDER DEFINITIONS; the database is the environment's.
"""

import json
import os
import re
import sys
import time
import tomllib
import zipfile
from pathlib import Path

# Folders whose files do not say which release they are.
RELEASES = {"onet-27.0": "27.0", "onet-29.0": "29.0"}
# Folders of pages, which definitions claim by their reader and not by a name.
PAGES = {"seed": "career-page", "bls-ooh": "bls-ooh"}


def patterns(folder):
    """Source to the patterns of its files' names."""
    found = {}
    for path in sorted(Path(folder).glob("*.toml")):
        source = tomllib.loads(path.read_text())
        # A layout that is like another may leave the name of its files to it.
        texts = [layout["file"] for layout in source.get("layout", []) if "file" in layout]
        found[source["key"]] = [re.compile(text.replace("(?<", "(?P<"), re.I) for text in texts]
    return found


def names(path):
    """The names by which a definition may know a file: its own, and those of its members."""
    yield path.name
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (f"{path.name}/{member}" for member in archive.namelist())


def claims(path, known):
    if path.parent.name in PAGES:
        return [PAGES[path.parent.name]]
    called = list(names(path))
    return [key for key, wanted in known.items() if any(p.fullmatch(name) for p in wanted for name in called)]


def ingest(binary, source, path):
    """Runs one ingest; returns its output, exit code, seconds and peak memory in MB."""
    arguments = [binary, "refresh", source, "--from", str(path)]
    if path.parent.name in RELEASES:
        arguments += ["--release", RELEASES[path.parent.name]]
    out_read, out_write = os.pipe()
    began = time.monotonic()
    child = os.posix_spawn(
        arguments[0],
        arguments,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, out_write, 1), (os.POSIX_SPAWN_DUP2, out_write, 2)],
    )
    os.close(out_write)
    with os.fdopen(out_read, errors="replace") as stream:
        said = stream.read()
    _, status, usage = os.wait4(child, 0)
    return said, os.waitstatus_to_exitcode(status), time.monotonic() - began, usage.ru_maxrss / 1024


def counts(said):
    last = re.findall(r"^read (\d+), loaded (\d+), rejected (\d+), skipped (\d+)$", said, re.M)
    return [int(number) for number in last[-1]] if last else [0, 0, 0, 0]


def lines(said, word):
    return "; ".join(f"{n} {what}" for n, what in re.findall(rf"^{word} (\d+): (.+)$", said, re.M)) or "-"


def releases(binary):
    import subprocess

    text = subprocess.run([binary, "sources", "--json"], check=True, capture_output=True, text=True).stdout
    return sum(source["releases"]["totalCount"] for source in json.loads(text))


def main():
    binary, folder, definitions = sys.argv[1:]
    known, failed, unclaimed, jobs = patterns(definitions), [], [], []
    for path in sorted(p for p in Path(folder).rglob("*") if p.is_file() and p.name != "README.md"):
        found = claims(path, known)
        jobs += [(source, path) for source in found]
        if not found:
            unclaimed.append(path)
    print("file | source | read | loaded | rejected by code | skipped by rule | seconds | MB | again, s | again, MB")
    print("---|---|---:|---:|---|---|---:|---:|---:|---:")
    first, total, peak = {}, 0.0, 0.0
    for source, path in jobs:
        first[source, path] = ingest(binary, source, path)
    before, again, second = releases(binary), {}, 0.0
    for source, path in jobs:
        again[source, path] = ingest(binary, source, path)
    for (source, path), (said, code, seconds, memory) in first.items():
        read, loaded, rejected, skipped = counts(said)
        said_again, _, seconds_again, memory_again = again[source, path]
        print(
            f"{path.relative_to(folder)} | {source} | {read} | {loaded} | {lines(said, 'rejected')} | "
            f"{lines(said, 'skipped')} | {seconds:.1f} | {memory:.0f} | {seconds_again:.1f} | {memory_again:.0f}"
        )
        total, peak, second = total + seconds, max(peak, memory, memory_again), second + seconds_again
        if read != loaded + rejected + skipped:
            failed.append(f"{path.name}: {read} rows read, {loaded + rejected + skipped} accounted for")
        if code and not re.search(r"held", said):
            failed.append(f"{path.name} ({source}): {said.strip()}")
        elif code:
            print(f"  held: {path.name}: {'; '.join(re.findall(r'^check .*', said, re.M))}", file=sys.stderr)
        if counts(said_again)[0] != read:
            failed.append(f"{path.name}: {read} rows read, and {counts(said_again)[0]} the second time")
    after = releases(binary)
    print(f"\n{len(first)} ingests, {total:.0f} s, then {second:.0f} s again, {peak:.0f} MB at most; {before} releases, then {after}")
    for path in unclaimed:
        print(f"no source claims {path.relative_to(folder)}")
    if before != after:
        failed.append(f"{after - before} releases more the second time")
    sys.exit("\n".join(failed))


main()
