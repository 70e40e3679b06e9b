// What the tests share: where the server is, and how to ask it plainly.
export const base = process.env.ROLECAST_URL;
export const url = `${base}/graphql`;
export const socket = `${base.replace('http', 'ws')}/graphql/ws`;
export const token = process.env.ROLECAST_TOKEN;

// Sends a body, text and bytes as they are and anything else as JSON.
export async function post(body, headers = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  let json;
  try { json = JSON.parse(text); } catch { /* not every answer is JSON */ }
  return { status: answer.status, headers: answer.headers, text, json };
}
