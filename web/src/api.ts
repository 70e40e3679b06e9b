// Asks the API, and tells a failed answer from a good one.

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string }[];
}

/** The data of an answer; throws with the API's own words when there is none. */
export async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json().catch(() => ({}))) as Answer<Data>;
  if (answer.data && !answer.errors?.length) {
    return answer.data;
  }
  throw new Error(answer.errors?.map((error) => error.message).join("; ") || `HTTP status ${response.status}`);
}
