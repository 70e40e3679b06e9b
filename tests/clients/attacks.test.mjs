// What the OWASP list for GraphQL names, sent to a server with its defaults: what was sent, and what came back.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { base, post, socket, token, url } from './ask.mjs';

const came = [];
const INSIDES = /sqlite|postgres|SELECT |\/src\/|\.rs:|panicked|apalis|rolecast_[A-Za-z0-9_-]{20}|\/home\/|\/root\//i;

// Sends something and notes what came back. Nothing may be a fault of ours, and nothing may show what is inside.
async function attack(name, body, headers) {
  const began = performance.now();
  const answer = await post(body, headers);
  const took = performance.now() - began;
  const code = answer.json?.errors?.[0]?.extensions?.code ?? (Array.isArray(answer.json) ? 'list' : 'data');
  came.push(`${name.padEnd(52)} ${answer.status} ${code} ${took.toFixed(0)} ms`);
  assert.ok(answer.status < 500, `${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
  assert.doesNotMatch(answer.text, INSIDES, name);
  return { ...answer, code, took };
}

after(() => console.log(came.join('\n')));

const repeat = (count, of) => Array.from({ length: count }, (_, n) => of(n)).join(' ');

test('denial of service by the shape of a document', async () => {
  for (const [name, query] of [
    ['deep nesting', `${'{ a'.repeat(3000)}${'}'.repeat(3000)}`],
    ['deep nesting of real fields', `{ ${'occupations(classification: SOC_2018) { nodes { parent { '.repeat(1)}${'parent { '.repeat(60)} id ${'} '.repeat(60)} } } } }`],
    ['9000 aliases', `{ ${repeat(9000, (n) => `a${n}: __typename`)} }`],
    ['2000 aliases of a page', `{ ${repeat(2000, (n) => `a${n}: roles(first: 100) { totalCount }`)} }`],
    ['a field repeated 9000 times', `{ ${'__typename '.repeat(9000)} }`],
    ['3000 directives', `{ __typename ${'@skip(if: false) '.repeat(3000)} }`],
    ['unknown directives', `{ service { roles ${'@a '.repeat(4000)} } }`],
    ['fragments that fan out', `{ ...f0 } ${repeat(200, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f200 on Query { __typename }`],
    ['fragments that fan out into nothing', `{ ...f0 } ${repeat(50, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)}`],
    ['fragments that fan out and nobody uses', `{ __typename } ${repeat(50, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f50 on Query { __typename }`],
    ['circular fragments', '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }'],
    ['circular introspection', `{ __schema { types { ${'fields { type { '.repeat(12)} name ${'} } '.repeat(12)} } } }`],
    ['a page of pages of pages', '{ roles(first: 100) { nodes { salaryBands(first: 500) { nodes { role { salaryBands(first: 500) { nodes { id } } } } } } } }'],
    ['a value nested 20000 deep', `{ roles(first: ${'['.repeat(20000)}1${']'.repeat(20000)}) { totalCount } }`],
    ['a document of 200 kB', `{ __typename } # ${'x'.repeat(200000)}`],
  ]) {
    const { code, took } = await attack(name, { query });
    assert.notEqual(code, 'data', name);
    assert.ok(took < 2000, `${name} took ${took} ms`);
  }
});

test('denial of service by size', async () => {
  assert.equal((await attack('a body of 2 MB', JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(2e6) } }))).status, 413);
  assert.equal((await attack('a batch of 1000', Array(1000).fill({ query: '{ __typename }' }))).code, 'BAD_REQUEST');
  assert.equal((await attack('a page of a million', { query: '{ roles(first: 1000000) { totalCount } }' })).code, 'QUERY_TOO_COSTLY');
  await attack('variables nested 5000 deep', `{"query":"{ __typename }","variables":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`);
});

test('injection', async () => {
  for (const text of ["' OR 1=1 --", "'; DROP TABLE release; --", '${jndi:ldap://x}', '../../etc/passwd', '{{7*7}}', '\u0000', '<script>alert(1)</script>']) {
    const query = 'query($t: String!) { roles(filter: { text: $t }) { totalCount } source(key: $t) { title } role(by: { slug: $t }) { title } }';
    const { json } = await attack(`injection: ${JSON.stringify(text)}`, { query, variables: { t: text } });
    assert.ok(json.errors || json.data.role === null);
  }
  assert.ok((await post({ query: '{ service { roles } }' })).json.data.service.roles > 800, 'everything is still there');
});

test('broken access control', async () => {
  const mutation = 'mutation { refreshSource(input: { source: "bls-oews" }) { job { id } } }';
  assert.equal((await attack('a mutation without a token', { query: mutation })).code, 'UNAUTHENTICATED');
  assert.equal((await attack('a mutation with a wrong token', { query: mutation }, { authorization: 'Bearer rolecast_0000' })).code, 'UNAUTHENTICATED');
  assert.equal((await attack('a token of another scheme', { query: mutation }, { authorization: `Basic ${token}` })).code, 'UNAUTHENTICATED');
  for (const path of ['/admin/jobs', '/api/v1/tasks', '/api/v1/queues/refresh/tasks']) {
    const answer = await fetch(`${base}${path}`);
    came.push(`${path.padEnd(52)} ${answer.status}`);
    assert.equal(answer.status, 401, path);
  }
  const put = await fetch(`${base}/api/v1/queues/refresh/tasks`, { method: 'PUT', body: '{"source":"bls-oews"}', headers: { 'content-type': 'application/json' } });
  assert.equal(put.status, 401);
  for (const id of ['UmVsZWFzZTox', 'Sm9iOjE', '../../x', '']) {
    const { json } = await attack(`node(id: ${JSON.stringify(id)})`, { query: 'query($i: ID!) { node(id: $i) { id } }', variables: { i: id } });
    assert.equal(json.data.node, null);
  }
});

test('requests from another site', async () => {
  const query = 'mutation { refreshSource(input: { source: "bls-oews" }) { job { id } } }';
  const get = await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers: { authorization: `Bearer ${token}` } });
  came.push(`${'a mutation over GET'.padEnd(52)} ${get.status}`);
  assert.equal(get.status, 405);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    assert.equal((await attack(`a form that sends ${type}`, JSON.stringify({ query }), { 'content-type': type })).status, 415);
  }
  const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } });
  assert.equal(preflight.headers.get('access-control-allow-credentials'), null);
});

test('broken JSON is told where it breaks', async () => {
  for (const body of ['', '{', '[', 'null', '"a"', '{"query":}', '{"query":"{a}"', '{"query":7}', '{"query":"{__typename}","variables":[]}', '{"query":"{__typename}","operationName":{}}', '\u0000']) {
    const { status, code } = await attack(`a body of ${JSON.stringify(body).slice(0, 40)}`, body);
    assert.deepEqual([status, code], [400, 'BAD_REQUEST'], body);
  }
});

test('nothing is remembered without bound', async () => {
  for (let n = 0; n < 50; n += 1) {
    const hash = n.toString(16).padStart(64, '0');
    const { json } = await post({ query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
    assert.equal(json.errors[0].extensions.code, 'BAD_REQUEST', 'a hash that is not of its document');
  }
  assert.ok(socket.startsWith('ws'));
});
