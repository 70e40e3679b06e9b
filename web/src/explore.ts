// The part of the first page that shows what a role pays. Its state is the address: it can be shared and reloaded.
import { chooser } from "./choose";
import { element, reason, words, type Child } from "./dom";
import { pay, POINTS, regions, roles, type Band, type Figure, type Growth, type Pay } from "./pay";

const FIRST = { role: "back-end-developer", places: ["US-CA", "US-NY", "CA", "GB"] };

interface State {
  role: string;
  places: string[];
}

function read(): State {
  const wanted = new URLSearchParams(location.search);
  const places = wanted.get("places")?.split(",").filter(Boolean);
  return { role: wanted.get("role") ?? FIRST.role, places: places?.length ? places.slice(0, 8) : FIRST.places };
}

function write({ role, places }: State): void {
  history.replaceState(null, "", `?${new URLSearchParams({ role, places: places.join(",") })}`);
}

const share = (value: number, most: number) => `${((100 * value) / most).toFixed(2)}%`;

/** What stands in place of an outer percentile that is not published. */
const ENDS: Partial<Record<(typeof POINTS)[number], "low" | "high">> = { p10: "low", p90: "high" };

/** The places along a band's axis: percentiles, an end of the range where the outer one has no amount, and the mean where nothing else stands between the ends. */
function marks(band: Band): [string, Figure][] {
  const places = POINTS.map((point) => {
    const end = ENDS[point];
    return end && band[point].amount === null && band[end].amount !== null ? end : point;
  });
  const between = places.slice(1, -1).some((place) => band[place].amount !== null);
  const shown = between ? places : [places[0]!, "mean" as const, places.at(-1)!];
  return shown.map((place) => [place, band[place]]);
}

const amounts = (band: Band) => marks(band).flatMap(([, figure]) => (figure.amount === null ? [] : [figure.amount]));

function bar(band: Band, most: number): HTMLElement {
  const known = amounts(band);
  const axis = element("div", { class: "axis", "aria-hidden": "true" });
  const add = (name: string, from: number, to = from) => {
    const piece = element("i", { class: name });
    piece.style.left = share(from, most);
    if (to > from) {
      piece.style.width = share(to - from, most);
    }
    axis.append(piece);
  };
  if (known.length > 0) {
    add("whole", Math.min(...known), Math.max(...known));
  }
  if (band.p25.amount !== null && band.p75.amount !== null) {
    add("half", band.p25.amount, band.p75.amount);
  }
  const middle = band.median.amount ?? band.mean.amount;
  if (middle !== null) {
    add("middle", middle);
  }
  return axis;
}

function row(code: string, band: Band | null, most: number, drop: () => void): HTMLElement {
  const away = element("button", { type: "button", class: "away", "aria-label": `Leave out ${code}` }, "×");
  away.addEventListener("click", drop);
  if (!band) {
    return element("section", { class: "band" }, element("h3", {}, code, away), element("p", { class: "none" }, "Nothing published here."));
  }
  const figures = marks(band).map(([name, figure]) => element("div", { class: words(figure.kind).replaceAll(" ", "-") }, element("dt", {}, name), element("dd", {}, figure.text)));
  const { source, release, locator, licence } = band.provenance;
  return element(
    "section",
    { class: "band" },
    element("h3", {}, band.region.name, element("small", {}, `${words(band.method)}, per ${words(band.period)}`), away),
    bar(band, most),
    element("dl", {}, ...figures),
    element("small", {}, `${source.title}, ${release.label} · ${locator} · ${licence}`),
  );
}

function outlook(growth: Growth): Child[] {
  const { source, release } = growth.provenance;
  const percent = growth.changePercent === null ? "not published" : `${growth.changePercent} %`;
  const average = growth.averageChangePercent === null ? "" : `, all occupations ${growth.averageChangePercent} %`;
  const said = growth.publishedCategory ? ` “${growth.publishedCategory}”.` : "";
  return [
    element("p", {}, `${growth.baseYear} to ${growth.targetYear}: ${percent}${average}.${said} Openings a year: ${growth.annualOpenings.text}.`),
    element("small", {}, `${source.title}, ${release.label}`),
  ];
}

/** Amounts share a scale where they share currency and period; others have one of their own. */
function scales(found: Pay): Map<string, number> {
  const most = new Map<string, number>();
  for (const { band } of found.bands) {
    if (band) {
      const unit = `${band.currency} ${band.period}`;
      most.set(unit, Math.max(most.get(unit) ?? 0, ...amounts(band)));
    }
  }
  return most;
}

/** A classification as its publisher writes it: ISCO-08, O*NET-SOC 2019, UK SOC 2020. */
const classification = (code: string) => code.replaceAll("_", " ").replace("ISCO 08", "ISCO-08").replace("ONET SOC", "O*NET-SOC");

function show(found: Pay, state: State, change: (next: State) => void): Child[] {
  const most = scales(found);
  const rows = found.bands.map(({ code, band }) =>
    row(code, band, (band && most.get(`${band.currency} ${band.period}`)) || 1, () =>
      change({ ...state, places: state.places.filter((place) => place !== code) }),
    ),
  );
  const codes = found.occupations.map(({ occupation }) => `${classification(occupation.classification)} ${occupation.code}`);
  const heading = element("h2", {}, found.title, element("small", {}, codes.join(" · ")));
  return [heading, ...rows, ...(found.growth ? outlook(found.growth) : [])];
}

/** Shows what the address asks for, and keeps the address at what is shown. */
export function explore(): void {
  const place = document.getElementById("pay")!;
  const change = async (state: State) => {
    write(state);
    try {
      const found = await pay(state.role, state.places);
      place.replaceChildren(...(found ? show(found, state, change) : [element("p", {}, `There is no role “${state.role}”.`)]));
    } catch (error) {
      place.replaceChildren(element("p", { class: "failed" }, `The API did not say what it pays: ${reason(error)}`));
    }
  };
  chooser("role", "role", roles, (role) => change({ ...read(), role }));
  chooser("place", "place", regions, (code) => change({ ...read(), places: [...new Set([...read().places, code])].slice(-8) }));
  void change(read());
}
