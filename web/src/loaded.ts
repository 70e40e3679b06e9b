// What the API says is loaded.
import { ask } from "./api";
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

export const loaded = () => ask<Loaded>(query);
