// SPDX-License-Identifier: Apache-2.0
// A reverse proxy in front of any of the servers here, that delays and counts calls, and lets the
// ones fail that it is told to. What it forwards it does not change: signatures stay valid.
//
//   node fault_proxy.mjs --upstream http://127.0.0.1:9000 --port 9001 --control 9002 --delay 20
//       [--certificate server.pem --key server.key]
//
// The control port speaks JSON:
//
//   POST /faults     one rule, or a list of them (below)
//   DELETE /faults   no call fails any more
//   GET /calls       {total, by_method, in_flight, most_in_flight, faults, faults_left, log}
//   DELETE /calls    counts from nought
//   PUT /delay       {"milliseconds": 20}, added to every call
//
// A rule is {"kind": ..., "method": "GET", "path": <regular expression, looked for in the target as
// sent>, "after": <matching calls that pass first>, "times": <calls that fail: 1; 0 is all of them>}
// and, by kind:
//
//   answer          does not forward; status, headers, body
//   delay           forwards after milliseconds
//   reset           does not forward; resets the connection
//   reset_request   resets both connections after bytes of the request's body
//   lose_response   forwards, waits for the answer, resets the connection
//   reset_body      resets the connection after bytes of the answer's body
//   truncate        closes the connection after bytes of the answer's body
//   stall           keeps silent after bytes of the answer's body; without bytes, from the start
//   wrong_length    the answer claims to have length bytes, then the connection is closed
//   replace_body    the answer has this body, and its length, instead
//   change_headers  the answer has these headers; null takes one away
//   raw             does not forward; sends text as it is, and closes

import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Calls, Faults } from './faults.mjs';
import { Reader, write } from './http_framing.mjs';

const HOST = '127.0.0.1';
const IDLE_FOR_LONG = 2000;  // milliseconds; an upstream may be about to close such a connection

const { values: options } = parseArgs({
  options: {
    upstream: { type: 'string' },
    port: { type: 'string' },
    control: { type: 'string' },
    delay: { type: 'string', default: '0' },
    certificate: { type: 'string' },
    key: { type: 'string' },
  },
});
const upstream = new URL(options.upstream);
const faults = new Faults();
const calls = new Calls();
let delay = Number(options.delay);

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function reset(socket) {
  if (socket instanceof tls.TLSSocket) socket.destroy();  // Node resets no TLS connection
  else socket.resetAndDestroy();
}

/** Sends what is left in the socket's buffer, then the end. */
function close(socket) {
  return new Promise((resolve) => {
    socket.on('close', resolve);
    socket.end(() => socket.destroySoon());
  });
}

/** A fault that ends the connections of a call. */
class Broken extends Error {}

class Upstream {
  #usedAt = 0;

  async connect() {
    if (this.socket && !this.socket.destroyed && !this.reader.ended && Date.now() - this.#usedAt < IDLE_FOR_LONG) return;
    this.close();
    const where = { host: upstream.hostname, port: Number(upstream.port) };
    this.socket = upstream.protocol === 'https:'
      ? tls.connect({ ...where, rejectUnauthorized: false })
      : net.connect(where);
    this.socket.setNoDelay(true);
    this.reader = new Reader(this.socket);
    await new Promise((resolve, reject) => {
      this.socket.once(upstream.protocol === 'https:' ? 'secureConnect' : 'connect', resolve);
      this.socket.once('error', reject);
    });
  }

  used() { this.#usedAt = Date.now(); }
  close() { this.socket?.destroy(); }
}

async function drain(body) {
  for await (const piece of body) void piece;
}

async function answer(client, fault, method) {
  const body = method === 'HEAD' ? '' : Buffer.from(fault.body ?? '');
  const headers = { 'Content-Length': Buffer.byteLength(fault.body ?? ''), Date: new Date().toUTCString(), ...fault.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  await write(client, [`HTTP/1.1 ${fault.status} ${http.STATUS_CODES[fault.status] ?? ''}`, ...lines, '', ''].join('\r\n'));
  if (body.length > 0) await write(client, body);
}

/** Passes on the body, or as much of it as the fault lets through. */
async function passBody(client, body, fault) {
  const breaks = fault && ['reset_body', 'truncate', 'stall'].includes(fault.kind);
  let left = breaks ? fault.bytes ?? 0 : Infinity;
  for await (const piece of body) {
    if (piece.length < left) {
      left -= piece.length;
      await write(client, piece);
      continue;
    }
    await write(client, piece.subarray(0, left));
    left = 0;
    break;
  }
  if (!breaks) return;
  if (fault.kind === 'stall') await new Promise((resolve) => { client.on('close', resolve); });
  if (fault.kind === 'truncate') await close(client);
  if (fault.kind === 'reset_body') {
    await sleep(20);  // a reset overtakes what was sent
    reset(client);
  }
  throw new Broken(fault.kind);
}

async function passRequest(server, request, body, fault) {
  await write(server.socket, request.bytes);
  let left = fault?.kind === 'reset_request' ? fault.bytes ?? 0 : Infinity;
  for await (const piece of body) {
    await write(server.socket, left < piece.length ? piece.subarray(0, left) : piece);
    left -= piece.length;
    if (left <= 0) break;
  }
}

async function passResponse(client, server, method, fault, call) {
  let head = await server.reader.head();
  while (head && head.status < 200) {  // 100 Continue
    await write(client, head.bytes);
    head = await server.reader.head();
  }
  if (!head) throw new Broken('the upstream closed the connection');
  call.answered(head.status);
  const body = server.reader.body(head.responseLength(method));
  if (fault?.kind === 'lose_response') {
    await drain(body);
    reset(client);
    throw new Broken(fault.kind);
  }
  if (fault?.kind === 'replace_body') {
    await drain(body);
    const bytes = Buffer.from(fault.body ?? '');
    await write(client, head.with({ 'Content-Length': bytes.length, 'Transfer-Encoding': null }));
    if (method !== 'HEAD') await write(client, bytes);
  } else if (fault?.kind === 'wrong_length') {
    await write(client, head.with({ 'Content-Length': fault.length, 'Transfer-Encoding': null }));
    await passBody(client, body);
    await close(client);
    throw new Broken(fault.kind);
  } else {
    await write(client, fault?.kind === 'change_headers' ? head.with(fault.headers ?? {}) : head.bytes);
    await passBody(client, body, fault);
  }
  server.used();
  return head.persistent && head.responseLength(method) !== 'to the end';
}

/** One call; may the connections be used again? */
async function serve(client, server, request, reader, fault, call) {
  const [method] = request.words;
  const body = reader.body(request.requestLength());
  const wait = delay + (fault?.kind === 'delay' ? fault.milliseconds : 0);
  if (wait > 0) await sleep(wait);

  if (fault?.kind === 'reset') {
    reset(client);
    return false;
  }
  if (fault?.kind === 'stall' && fault.bytes === undefined) {
    await new Promise((resolve) => { client.on('close', resolve); });
    return false;
  }
  if (fault?.kind === 'answer' || fault?.kind === 'raw') {
    if (request.get('expect')) await write(client, 'HTTP/1.1 100 Continue\r\n\r\n');
    await drain(body);
    if (fault.kind === 'raw') {
      await write(client, fault.text ?? '');
      await close(client);
      return false;
    }
    call.answered(fault.status);
    await answer(client, fault, method);
    return request.persistent;
  }

  await server.connect();
  // Both at once: a server may answer before it has read everything.
  const sent = passRequest(server, request, body, fault);
  if (fault?.kind === 'reset_request') {
    await sent;
    reset(server.socket);
    reset(client);
    return false;
  }
  sent.catch(() => server.close());
  const reusable = await passResponse(client, server, method, fault, call);
  await sent;
  return reusable && request.persistent;
}

async function converse(client) {
  client.setNoDelay(true);
  client.on('error', () => {});
  const reader = new Reader(client);
  const server = new Upstream();
  client.on('close', () => server.close());
  try {
    for (;;) {
      const request = await reader.head();
      if (!request) break;
      const [method, target] = request.words;
      const fault = faults.take(method, target);
      const call = calls.begin(method, target, fault);
      try {
        if (!(await serve(client, server, request, reader, fault, call))) break;
      } finally {
        call.end();
      }
    }
    if (!client.destroyed) await close(client);
  } catch {
    // Where the upstream breaks off, so do we.
    if (!client.destroyed) reset(client);
  } finally {
    server.close();
  }
}

const control = http.createServer(async (request, response) => {
  let text = '';
  for await (const piece of request) text += piece;
  const reply = (status, value) => {
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(JSON.stringify(value));
  };
  try {
    const command = `${request.method} ${request.url}`;
    if (command === 'POST /faults') [JSON.parse(text)].flat().forEach((rule) => faults.add(rule));
    else if (command === 'DELETE /faults') faults.clear();
    else if (command === 'DELETE /calls') calls.reset();
    else if (command === 'PUT /delay') delay = JSON.parse(text).milliseconds;
    else if (command !== 'GET /calls') return reply(404, { error: `no ${command} here` });
    reply(200, command === 'GET /calls' ? { ...calls, faults_left: faults.left } : {});
  } catch (error) {
    reply(400, { error: error.message });
  }
});

const proxy = options.certificate
  ? tls.createServer({ cert: readFileSync(options.certificate), key: readFileSync(options.key) }, converse)
  : net.createServer({ allowHalfOpen: true }, converse);
proxy.on('tlsClientError', () => {});  // a test's client may trust us or not
proxy.listen(Number(options.port), HOST, 1024);
control.listen(Number(options.control), HOST);
