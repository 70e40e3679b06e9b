// Validation equal to graphql-js: what one refuses, the other refuses, and what one takes, the other takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { documents } from './documents.mjs';
import { base, post } from './ask.mjs';

// Documents that are judged otherwise here, each with the reason; docs/http.md has the list.
const KNOWN = new Set([
  'the same input field twice',
  'a String for an enum',
  'a variable of another type',
  'a nullable variable for what must be',
  'a list variable of nullable items',
  'a fragment called on',
  'a conflict below',
  'a conflict deep below',
  'other shapes of one name where both cannot be',
  'nullable and not under one name',
  'a directive on a variable',
  'an unknown directive on __typename',
]);

const schema = buildSchema(await (await fetch(`${base}/schema.graphql`)).text());

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
