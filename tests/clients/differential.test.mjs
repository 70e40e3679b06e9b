// Validation equal to graphql-js: what one refuses, the other refuses, and what one takes, the other takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, execute, parse, validate } from 'graphql';
import { documents, values } from './documents.mjs';
import { base, post } from './ask.mjs';

// Documents that are judged otherwise here, each with its reason in docs/http.md.
const KNOWN = new Set([
  'lists of other lengths under one name',
  'oneOf with a variable that may be null',
  'a subscription with a directive',
]);

const schema = buildSchema(await (await fetch(`${base}/schema.graphql`)).text());

function judged(document) {
  try {
    return validate(schema, parse(document)).map((error) => error.message);
  } catch (error) {
    return [error.message];
  }
}

// What graphql-js says of the values of variables: an answer without data never ran.
async function coerced(document, variableValues) {
  const answer = await execute({ schema, document: parse(document), variableValues });
  return 'data' in answer ? [] : answer.errors.map((error) => error.message);
}

// Compares what was refused there with what is refused here.
async function compare(name, theirs, request) {
  const ours = await post(request);
  const refused = ours.status === 400;
  const told = `graphql-js: ${JSON.stringify(theirs)}; here: ${ours.status} ${ours.text.slice(0, 300)}`;
  assert.equal(refused === theirs.length > 0, !KNOWN.has(name), told);
  if (refused) assert.ok(!('data' in ours.json) && ours.json.errors.every((error) => error.extensions.code), told);
}

test('at least sixty documents are compared', () => assert.ok(documents.length >= 60, `${documents.length}`));

for (const [name, document] of documents) {
  const operationName = /query A/.test(document) ? 'A' : undefined;
  const variables = /\$b: Boolean!/.test(document) ? { b: true } : undefined;
  test(name, () => compare(name, judged(document), { query: document, operationName, variables }));
}

for (const [name, document, variables] of values) {
  test(`variables: ${name}`, async () => {
    assert.deepEqual(judged(document), []);
    await compare(name, await coerced(document, variables), { query: document, variables });
  });
}
