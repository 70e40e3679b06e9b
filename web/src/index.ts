// The page at /: what a role pays, and what is loaded, source by source.
import { element, reason, words } from "./dom";
import { explore } from "./explore";
import { loaded, type Loaded, type Release, type Service, type Source } from "./loaded";

const count = (value: number) => value.toLocaleString("en");
const number = (value: number) => element("td", { class: "number" }, count(value));

function counts(service: Service): HTMLElement {
  const pairs: [string, number][] = [
    ["Roles", service.roles],
    ["Regions", service.regions],
    ["Salary bands", service.salaryBands],
    ["Growth projections", service.growthProjections],
  ];
  const items = pairs.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, count(value))));
  return element("dl", {}, ...items);
}

function about(source: Source, rows: number): HTMLElement {
  const title = /^https?:/.test(source.homepage)
    ? element("a", { href: source.homepage, rel: "noreferrer" }, source.title)
    : element("span", {}, source.title);
  const cell = element("td", { rowspan: String(rows) }, title);
  cell.append(element("small", {}, `${source.key} · ${source.publisher} · ${source.licence}`));
  if (source.lastError) {
    cell.append(element("small", { class: "failed" }, source.lastError));
  }
  return cell;
}

function releaseCells(release: Release): HTMLElement[] {
  return [
    element("td", {}, release.dataset),
    element("td", {}, release.label),
    number(release.rowsRead),
    number(release.rowsLoaded),
    number(release.rowsRejected),
    number(release.rowsSkipped),
  ];
}

function rows(source: Source): HTMLElement[] {
  const releases = source.currentReleases;
  const first = about(source, Math.max(1, releases.length));
  const state = element("td", { rowspan: String(Math.max(1, releases.length)) }, words(source.freshness));
  if (releases.length === 0) {
    return [element("tr", {}, first, state, element("td", { colspan: "6", class: "none" }, "nothing loaded"))];
  }
  return releases.map((release, index) =>
    element("tr", {}, ...(index === 0 ? [first, state] : []), ...releaseCells(release)),
  );
}

function table(sources: Source[]): HTMLElement {
  const names = ["Source", "State", "Dataset", "Release", "Rows read", "Loaded", "Rejected", "Skipped"];
  const head = names.map((name, index) => element("th", { scope: "col", class: index > 3 ? "number" : "" }, name));
  const body = element("tbody", {}, ...sources.flatMap(rows));
  return element("div", { class: "wide" }, element("table", {}, element("thead", {}, element("tr", {}, ...head)), body));
}

function show({ service, sources }: Loaded): void {
  document.getElementById("state")!.textContent = `Version ${service.version}, data version ${service.dataVersion}.`;
  document.getElementById("loaded")!.replaceChildren(counts(service), table(sources));
}

explore();
try {
  show(await loaded());
} catch (error) {
  const state = document.getElementById("state")!;
  state.className = "failed";
  state.textContent = `The API did not say what is loaded: ${reason(error)}`;
}
