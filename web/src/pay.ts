// What a role pays in some places, and whether it is growing: the questions and the shape of their answers.
import { ask } from "./api";
import type { Offer } from "./choose";
import query from "./pay.graphql?raw";

export interface Figure {
  amount: number | null;
  kind: string;
  text: string;
}

interface Origin {
  source: { title: string };
  release: { label: string };
}

export const POINTS = ["p10", "p25", "median", "p75", "p90"] as const;

export type Band = Record<(typeof POINTS)[number] | "mean" | "low" | "high", Figure> & {
  method: string;
  currency: string;
  period: string;
  region: { name: string };
  provenance: Origin & { locator: string; licence: string };
};

export interface Growth {
  changePercent: number | null;
  averageChangePercent: number | null;
  baseYear: number;
  targetYear: number;
  publishedCategory: string | null;
  annualOpenings: { text: string };
  provenance: Origin;
}

export interface Pay {
  title: string;
  occupations: { occupation: { classification: string; code: string; title: string }; relation: string }[];
  growth: Growth | null;
  bands: { code: string; band: Band | null }[];
}

interface Named {
  slug: string;
  title: string;
}

interface Found {
  roles: { nodes: Named[] };
  matchRoles: { matches: { role: Named }[] };
}

/** Roles whose titles have these words, then those that a title typed like this may mean; the key is the slug. */
export async function roles(text: string): Promise<Offer[]> {
  const { roles, matchRoles } = await ask<Found>(
    `query Roles($text: String!) {
      roles(filter: { text: $text }, first: 12) { nodes { slug title } }
      matchRoles(title: $text) { matches { role { slug title } } }
    }`,
    { text },
  );
  const all = [...roles.nodes, ...matchRoles.matches.map(({ role }) => role)];
  const known = new Map(all.map(({ slug, title }) => [slug, { key: slug, title, label: title }]));
  return [...known.values()];
}

/** Regions whose names or codes have these words; the key is the code. */
export async function regions(text: string): Promise<Offer[]> {
  const { regions } = await ask<{ regions: { nodes: { code: string; name: string }[] } }>(
    "query Regions($text: String!) { regions(filter: { text: $text }, first: 12) { nodes { code name } } }",
    { text },
  );
  return regions.nodes.map(({ code, name }) => ({ key: code, title: name, label: `${name} (${code})` }));
}

/** The best band of a role in each place, in one request; nothing where no role has that slug. */
export async function pay(slug: string, codes: string[]): Promise<Pay | null> {
  const names = codes.map((_, place) => `$r${place}: RegionCode!`).join(", ");
  const fields = codes.map((_, place) => `r${place}: salary(region: $r${place}) { ...band }`).join("\n    ");
  const document = query.replace("$slug: String!", `$slug: String!, ${names}`).replace("#regions", fields);
  const variables = Object.fromEntries(codes.map((code, place) => [`r${place}`, code]));
  const { role } = await ask<{ role: (Pay & Record<string, Band | null>) | null }>(document, { slug, ...variables });
  return role && { ...role, bands: codes.map((code, place) => ({ code, band: role[`r${place}`] ?? null })) };
}
