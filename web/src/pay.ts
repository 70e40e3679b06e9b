// What a role pays in some places, and whether it is growing: the questions and the shape of their answers.
import { ask } from "./api";
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

/** Roles whose titles have these words, by slug. */
export async function roles(text: string): Promise<Named[]> {
  const found = "query Roles($text: String!) { roles(filter: { text: $text }, first: 12) { nodes { slug title } } }";
  return (await ask<{ roles: { nodes: Named[] } }>(found, { text })).roles.nodes;
}

/** Regions whose names or codes have these words. */
export async function regions(text: string): Promise<{ code: string; name: string }[]> {
  const found = "query Regions($text: String!) { regions(filter: { text: $text }, first: 12) { nodes { code name } } }";
  return (await ask<{ regions: { nodes: { code: string; name: string }[] } }>(found, { text })).regions.nodes;
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
