// graphql-transport-ws: subscriptions and queries through graphql-ws, and every close code through a bare socket.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { post, socket, token } from './ask.mjs';

const INIT = { type: 'connection_init' };
const subscribe = (id, query = 'subscription { releasePublished { label } }') => ({ id, type: 'subscribe', payload: { query } });

// Sends messages, the first at once and the others once the server acknowledged, and returns how the connection ended.
function probe(first, then = [], protocol = 'graphql-transport-ws', patience = 8000) {
  return new Promise((done, failed) => {
    const ws = new WebSocket(socket, protocol);
    const heard = [];
    const send = (messages) => messages.forEach((message) => ws.send(typeof message === 'string' ? message : JSON.stringify(message)));
    const timer = setTimeout(() => { ws.terminate(); done({ code: 'open', heard }); }, patience);
    ws.on('open', () => send(first));
    ws.on('message', (data) => {
      const message = JSON.parse(data);
      heard.push(message);
      if (message.type === 'connection_ack') send(then);
    });
    ws.on('close', (code) => { clearTimeout(timer); done({ code, heard }); });
    ws.on('error', (error) => { clearTimeout(timer); failed(error); });
  });
}

for (const [name, code, first, then, protocol] of [
  ['what is not JSON', 4400, [INIT], ['{nope']],
  ['a type that is not of the protocol', 4400, [INIT], [{ type: 'start', id: '1', payload: {} }]],
  ['a payload without a document', 4400, [INIT], [{ type: 'subscribe', id: '1', payload: {} }]],
  ['a subscription before the handshake', 4401, [subscribe('1')], []],
  ['a wrong token', 4403, [{ ...INIT, payload: { authorization: 'Bearer wrong' } }], []],
  ['no subprotocol', 4406, [], [], []],
  ['the older protocol', 4406, [], [], 'graphql-ws'],
  ['no handshake', 4408, [], []],
  ['an id that is taken', 4409, [INIT], [subscribe('1'), subscribe('1')]],
  ['two handshakes', 4429, [INIT, INIT], []],
]) {
  test(`${name}: ${code}`, async () => {
    // A server that takes no offered protocol leaves the header out, which the library calls an error unless none was offered.
    if (protocol === 'graphql-ws') {
      await assert.rejects(probe(first, then, protocol), /subprotocol/i);
    } else {
      assert.equal((await probe(first, then, protocol)).code, code);
    }
  });
}

test('a ping is answered', async () => {
  const { code, heard } = await probe([INIT], [{ type: 'ping' }], undefined, 1000);
  assert.equal(code, 'open');
  assert.deepEqual(heard.map((message) => message.type), ['connection_ack', 'pong']);
});

test('a document that never ran is answered with error alone', async () => {
  const { heard } = await probe([INIT], [subscribe('1', '{ nothing }')], undefined, 1000);
  assert.deepEqual(heard.map((message) => message.type), ['connection_ack', 'error']);
  assert.equal(heard[1].payload[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
});

test('the gate stands before subscriptions too', async () => {
  const bomb = `{ ...f0 } ${Array.from({ length: 50 }, (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`).join(' ')} fragment f50 on Query { __typename }`;
  const { heard } = await probe([INIT], [subscribe('1', bomb)], undefined, 1500);
  assert.equal(heard[1].payload[0].extensions.code, 'QUERY_TOO_COSTLY');
});

test('one operation too many on a connection is refused, and the others go on', async () => {
  const many = Array.from({ length: 51 }, (_, n) => subscribe(`${n}`));
  const { code, heard } = await probe([INIT], [...many, { type: 'ping' }], undefined, 3000);
  assert.equal(code, 'open');
  assert.deepEqual(heard.map((message) => message.type), ['connection_ack', 'error', 'pong']);
  assert.deepEqual([heard[1].id, heard[1].payload[0].extensions.code], ['50', 'TOO_MANY_SUBSCRIPTIONS']);
});

test('a message larger than 256 kB ends the connection', async () => {
  const { code } = await probe([INIT], [subscribe('1', `{ __typename } #${'x'.repeat(300000)}`)]);
  assert.ok([1005, 1006, 1009].includes(code), `${code}`);
});

test('a query runs, and a subscription hears what a mutation started', async () => {
  const client = createClient({ url: socket, webSocketImpl: WebSocket });
  const one = client.iterate({ query: '{ service { roles } }' });
  const { value } = await one.next();
  assert.ok(value.data.service.roles > 800);
  const steps = client.iterate({ query: 'subscription { refreshProgress(source: "bls-ep") { stage source { key } rowsDone bytesDone } }' });
  const ended = (async () => {
    const stages = [];
    for await (const { data } of steps) {
      stages.push(data.refreshProgress.stage);
      if (['DONE', 'HELD', 'FAILED'].includes(stages.at(-1))) return stages;
    }
  })();
  await new Promise((later) => setTimeout(later, 1000));
  const queued = await post({ query: 'mutation { refreshSource(input: { source: "bls-ep" }) { job { id } userErrors { message } } }' }, { authorization: `Bearer ${token}` });
  assert.ok(queued.json.data.refreshSource.job.id, queued.text);
  // The server runs with --offline, so the refresh ends where it would ask the publisher.
  const stages = await ended;
  assert.deepEqual(stages, ['FETCH', 'FAILED']);
  await client.dispose();
});
