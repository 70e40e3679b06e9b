// The clients of the trade, each with a page after a page, an error, and a subscription where it has one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core/index.js';
import { CombinedGraphQLErrors } from '@apollo/client/errors/index.js';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions/index.js';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries/index.js';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { createHash } from 'node:crypto';
import { buildSchema, parse } from 'graphql';
import { GraphQLClient, ClientError } from 'graphql-request';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { base, post, socket, token, url } from './ask.mjs';

const PAGE = `query Page($after: String) {
  roles(first: 50, after: $after) { totalCount nodes { id slug } pageInfo { hasNextPage endCursor } }
}`;
const WRONG = '{ roles(first: 1000) { totalCount } }';
const WATCH = 'subscription { refreshProgress { stage source { key } } }';

// Two pages must join without a gap or a double.
function joined(first, second) {
  const ids = [...first.nodes, ...second.nodes].map((role) => role.id);
  assert.equal(new Set(ids).size, 100);
  assert.deepEqual(ids.map(String), [...ids].map(String));
  assert.ok(first.totalCount > 800 && first.pageInfo.hasNextPage);
}

async function refresh(source) {
  const query = `mutation { refreshSource(input: { source: "${source}" }) { job { id } } }`;
  const answer = await post({ query }, { authorization: `Bearer ${token}` });
  assert.ok(answer.json.data.refreshSource.job, answer.text);
}

test('Apollo Client', async () => {
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const link = new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(new HttpLink({ uri: url }));
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const page = async (after) => (await client.query({ query: gql(PAGE), variables: { after } })).data.roles;
  const first = await page(null);
  joined(first, await page(first.pageInfo.endCursor));
  await assert.rejects(client.query({ query: gql(WRONG) }), (error) => CombinedGraphQLErrors.is(error) && error.errors[0].extensions.code === 'BAD_USER_INPUT');
  const sockets = createClient({ url: socket, webSocketImpl: WebSocket });
  const watching = new ApolloClient({ link: new GraphQLWsLink(sockets), cache: new InMemoryCache() });
  const heard = new Promise((done, failed) => {
    watching.subscribe({ query: gql(WATCH) }).subscribe({ next: ({ data }) => done(data), error: failed });
  });
  await new Promise((later) => setTimeout(later, 1000));
  await refresh('bls-oews');
  assert.equal((await heard).refreshProgress.source.key, 'bls-oews');
  watching.stop();
  await sockets.dispose();
});

test('urql', async () => {
  const sockets = createClient({ url: socket, webSocketImpl: WebSocket });
  const forward = (request) => ({
    subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ ...request, query: request.query ?? '' }, sink) }),
  });
  const client = new Client({ url, preferGetMethod: false, exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription: forward })] });
  const page = async (after) => (await client.query(PAGE, { after }).toPromise()).data.roles;
  const first = await page(null);
  joined(first, await page(first.pageInfo.endCursor));
  const wrong = await client.query(WRONG, {}).toPromise();
  assert.equal(wrong.error.graphQLErrors[0].extensions.code, 'BAD_USER_INPUT');
  const heard = new Promise((done) => client.subscription(WATCH, {}).subscribe((result) => done(result.data)));
  await new Promise((later) => setTimeout(later, 1000));
  await refresh('ons-ashe');
  assert.equal((await heard).refreshProgress.source.key, 'ons-ashe');
  await sockets.dispose();
});

test('graphql-request', async () => {
  const client = new GraphQLClient(url);
  const page = async (after) => (await client.request(PAGE, { after })).roles;
  const first = await page(null);
  joined(first, await page(first.pageInfo.endCursor));
  await assert.rejects(client.request(WRONG), (error) => error instanceof ClientError && error.response.errors[0].extensions.code === 'BAD_USER_INPUT');
});

test('types made by graphql-codegen compile under --strict', async () => {
  const schema = buildSchema(await (await fetch(`${base}/schema.graphql`)).text());
  const document = parse(`query Pay($slug: String!) { role(by: { slug: $slug }) { title salary(region: "US-CA") {
    method median { amount kind text } provenance { source { key } release { label } } } } }`);
  const code = await codegen({
    filename: 'types.ts', schema: parse((await import('graphql')).printSchema(schema)), schemaAst: schema,
    documents: [{ document }], config: { strictScalars: true, scalars: { Date: 'string', DateTime: 'string', CurrencyCode: 'string', RegionCode: 'string' } },
    plugins: [{ operations: {} }], pluginMap: { operations },
  });
  const folder = mkdtempSync(join(import.meta.dirname, '.types-'));
  const use = `import type { PayQuery } from './types';
export const amount = (pay: PayQuery): number | null => pay.role?.salary?.median.amount ?? null;
`;
  writeFileSync(join(folder, 'types.ts'), code);
  writeFileSync(join(folder, 'use.ts'), use);
  const compile = () => execFileSync(process.execPath, [join(import.meta.dirname, 'node_modules/typescript/bin/tsc'), '--strict', '--noEmit', '--skipLibCheck', join(folder, 'use.ts')], { encoding: 'utf8' });
  try {
    assert.equal(compile(), '');
    writeFileSync(join(folder, 'use.ts'), use.replace('.amount ??', '.amuont ??'));
    assert.throws(compile, (error) => /amuont/.test(error.stdout));
  } finally {
    const { rmSync } = await import('node:fs');
    rmSync(folder, { recursive: true });
  }
});

test('curl, as in the README', () => {
  const curl = (...args) => JSON.parse(execFileSync('curl', ['-sS', ...args], { encoding: 'utf8' }));
  const body = (query) => ['-H', 'content-type: application/json', '-d', JSON.stringify({ query }), url];
  const role = curl(...body('{ role(by: { slug: "data-scientist" }) { salary { median { text } } } }'));
  assert.match(role.data.role.salary.median.text, /^\$/);
  assert.equal(curl(...body(WRONG)).errors[0].extensions.code, 'BAD_USER_INPUT');
  const got = curl('-G', url, '--data-urlencode', 'query={ service { roles } }');
  assert.ok(got.data.service.roles > 800);
});
