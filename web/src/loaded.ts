// Asks the API what is loaded, and tells a failed answer from a good one.
import query from "./loaded.graphql?raw";

export interface Release {
  dataset: string;
  label: string;
  rowsRead: number;
  rowsLoaded: number;
  rowsRejected: number;
  rowsSkipped: number;
}

export interface Source {
  key: string;
  title: string;
  publisher: string;
  homepage: string;
  licence: string;
  freshness: string;
  lastError: string | null;
  currentReleases: Release[];
}

export interface Service {
  version: string;
  dataVersion: number;
  roles: number;
  regions: number;
  salaryBands: number;
  growthProjections: number;
}

export interface Loaded {
  service: Service;
  sources: Source[];
}

interface Answer {
  data?: Loaded | null;
  errors?: { message: string }[];
}

/** What the server serves now; throws with the API's own words when it cannot say. */
export async function ask(): Promise<Loaded> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (answer.data && !answer.errors?.length) {
    return answer.data;
  }
  throw new Error(answer.errors?.map((error) => error.message).join("; ") || `HTTP status ${response.status}`);
}
