// What the OWASP list for GraphQL names, sent to a server with its defaults: what was sent, and what came back.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { base, post, socket, token, url } from './ask.mjs';

const came = [];
const INSIDES = /sqlite|postgres|SELECT .* FROM|\/src\/|\.rs:|panicked|apalis|rolecast_[A-Za-z0-9_-]{20}|\/home\/|\/root\//i;

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
    ['an input object of 4000 fields', `{ role(by: { ${'slug: "a" '.repeat(4000)} }) { title } }`],
    ['a list of 30000 ids', `{ nodes(ids: [${'"a" '.repeat(30000)}]) { id } }`],
    ['3000 variables', `query(${repeat(3000, (n) => `$a${n}: Int`)}) { __typename }`],
    ['2000 operations', repeat(2000, (n) => `query q${n} { nothing }`)],
    ['3000 names that are nearly right', `{ ${repeat(3000, (n) => `rolse${n}`)} }`],
    ['a name of 60 kB', `{ ${'a'.repeat(60000)} }`],
    ['fields in conflict', `{ ${repeat(2000, (n) => `a: ${n % 2 ? '__typename' : 'service { roles }'}`)} }`],
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
  assert.equal((await attack('100,000 ids in a variable', { query: 'query($i: [ID!]!) { nodes(ids: $i) { id } }', variables: { i: Array(100000).fill('a') } })).code, 'BAD_USER_INPUT');
  assert.equal((await attack('a list of a million in a variable', { query: 'query($n: Int) { roles(first: $n) { nodes { title } } }', variables: { n: 1e6 } })).code, 'QUERY_TOO_COSTLY');
  assert.equal((await attack('a title of 100 kB', { query: 'query($t: String!) { matchRoles(title: $t) { matches { confidence } } }', variables: { t: 'senior '.repeat(15000) } })).code, 'BAD_USER_INPUT');
  assert.equal((await attack('claims of 500 kB', { query: 'query($t: String!) { checkClaims(text: $t) { verdict } }', variables: { t: '$1 per year. '.repeat(40000) } })).code, 'BAD_USER_INPUT');
  assert.ok((await attack('claims of 20 kB', { query: 'query($t: String!) { checkClaims(text: $t) { verdict } }', variables: { t: 'Nurses earn $1 to $2 per year. '.repeat(640) } })).took < 10000);
  assert.notEqual((await attack('a packed body', gzipSync('x'.repeat(1e6)), { 'content-encoding': 'gzip' })).code, 'data');
  await attack('variables nested 5000 deep', `{"query":"{ __typename }","variables":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`);
});

test('injection', async () => {
  for (const text of ["' OR 1=1 --", "'; DROP TABLE release; --", '${jndi:ldap://x}', '../../etc/passwd', '{{7*7}}', '\u0000', '<script>alert(1)</script>',
    '$(id)', '; cat /etc/passwd', '| sleep 5', '{"$gt": ""}', 'a\r\nset-cookie: x=1', 'http://169.254.169.254/latest/meta-data/', '%00', '\ud800', '*)(uid=*']) {
    const query = 'query($t: String!) { roles(filter: { text: $t }) { totalCount } source(key: $t) { title } role(by: { slug: $t }) { title } }';
    const { json } = await attack(`injection: ${JSON.stringify(text)}`, { query, variables: { t: text } });
    assert.ok(json.errors || json.data.role === null);
  }
  assert.ok((await post({ query: '{ service { roles } }' })).json.data.service.roles > 800, 'everything is still there');
});

test('injection beside the document', async () => {
  for (const [name, body] of [
    ['an operation name with a line break', { query: 'query A { __typename }', operationName: 'A\r\nset-cookie: x=1' }],
    ['a hash that is a path', { extensions: { persistedQuery: { version: 1, sha256Hash: '../../../etc/passwd' } } }],
    ['a document id that is a path', { documentId: 'sha256:../../etc/passwd' }],
    ['variables of a prototype', '{"query":"{ __typename }","variables":{"__proto__":{"admin":true},"constructor":{"prototype":{}}}}'],
    ['the same key twice', '{"query":"{ __typename }","query":"{ service { roles } }"}'],
  ]) {
    const { headers } = await attack(name, body);
    assert.equal(headers.get('set-cookie'), null, name);
  }
  const long = await post({ query: '{ __typename }' }, { 'x-request-id': 'a'.repeat(5000) });
  came.push(`${'a request id of 5 kB'.padEnd(52)} ${long.status}`);
  assert.ok(long.status < 500);
});

// What a bare connection answers to bytes that no well-behaved client sends.
function bytes(text) {
  const { hostname, port } = new URL(base);
  return new Promise((done) => {
    let heard = '';
    const open = net.connect(Number(port), hostname, () => open.write(text));
    open.setTimeout(3000, () => open.destroy());
    open.on('data', (data) => { heard += data; });
    open.on('error', () => {});
    open.on('close', () => done(heard));
  });
}

test('request smuggling', async () => {
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
  const hidden = 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n';
  for (const [name, sent] of [
    ['two lengths', `${head}content-length: 0\r\ncontent-length: 44\r\n\r\n${hidden}`],
    ['a length and chunks', `${head}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
    ['chunks under another name', `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
    ['a header folded over lines', `${head}x: a\r\n b\r\ncontent-length: 2\r\n\r\n{}`],
  ]) {
    const heard = await bytes(sent);
    came.push(`${name.padEnd(52)} ${heard.slice(9, 12) || 'closed'}`);
    assert.ok(!/^HTTP\/1\.1 5/.test(heard), heard);
    assert.ok((heard.match(/HTTP\/1\.1 200/g) ?? []).length === 0, `${name}: ${heard.slice(0, 300)}`);
  }
});

test('many guesses in one request', async () => {
  const guesses = `mutation { ${repeat(100, (n) => `a${n}: cancelJob(input: { job: "${n}" }) { job { id } }`)} }`;
  assert.equal((await attack('100 mutations without a token', { query: guesses })).code, 'UNAUTHENTICATED');
  const wrong = { authorization: 'Bearer rolecast_0000' };
  const began = performance.now();
  for (let n = 0; n < 50; n += 1) assert.equal((await post({ query: '{ __typename }' }, wrong)).status, 401);
  came.push(`${'50 tokens guessed'.padEnd(52)} 401 ${(performance.now() - began).toFixed(0)} ms`);
});

test('what a careless server leaves open', async () => {
  for (const path of ['/.env', '/.git/config', '/debug/pprof', '/actuator', '/playground', '/altair', '/voyager', '/graphql/schema', '/rolecast.db', '/admin', '/server-status', '/..%2f..%2fetc%2fpasswd', '/assets/..%2f..%2fCargo.toml']) {
    const answer = await fetch(`${base}${path}`);
    came.push(`${path.padEnd(52)} ${answer.status}`);
    assert.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
    assert.doesNotMatch(await answer.text(), INSIDES, path);
  }
  const traced = await fetch(base, { method: 'OPTIONS' });
  assert.ok(traced.status < 500 && !traced.headers.get('server'), 'the server does not say what it is made of');
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
  for (const [name, method] of [['x-http-method-override', 'POST'], ['x-http-method', 'POST'], ['x-method-override', 'POST']]) {
    const overridden = await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers: { authorization: `Bearer ${token}`, [name]: method } });
    came.push(`${`a mutation over GET with ${name}`.padEnd(52)} ${overridden.status}`);
    assert.equal(overridden.status, 405, name);
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
