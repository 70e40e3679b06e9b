// Validation equal to graphql-js: what one refuses, the other refuses, and what one takes, the other takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildClientSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { documents } from './documents.mjs';
import { post } from './ask.mjs';

// Documents that are judged otherwise here, each with the reason; docs/http.md has the list.
const KNOWN = new Set([]);

const introspection = await post({ query: getIntrospectionQuery() });
const schema = buildClientSchema(introspection.json.data);

function judged(document) {
  try {
    return validate(schema, parse(document)).map((error) => error.message);
  } catch (error) {
    return [error.message];
  }
}

test('at least sixty documents are compared', () => assert.ok(documents.length >= 60, `${documents.length}`));

for (const [name, document] of documents) {
  test(name, async () => {
    const theirs = judged(document);
    const ours = await post({ query: document, operationName: /query A/.test(document) ? 'A' : undefined });
    const refused = ours.status === 400;
    const same = refused === theirs.length > 0;
    assert.equal(same, !KNOWN.has(name), `graphql-js: ${JSON.stringify(theirs)}; here: ${ours.status} ${ours.text.slice(0, 300)}`);
  });
}
