// SPDX-License-Identifier: Apache-2.0
// Runs the storage emulator alone, without the command line around it and without Java:
// node firebase_storage.cjs <node_modules> <port>
'use strict';

const http = require('node:http');
const { inTurn } = require('./in_turn.cjs');

const [modules, port] = process.argv.slice(2);
const { StorageEmulator } = require(`${modules}/firebase-tools/lib/emulator/storage`);
const { createApp } = require(`${modules}/firebase-tools/lib/emulator/storage/server`);
const { EmulatorRegistry } = require(`${modules}/firebase-tools/lib/emulator/registry`);

const host = '127.0.0.1';
const emulator = new StorageEmulator({
  projectId: 'demo-charts', host, port: Number(port), rules: { name: 'none', content: '' },
});
EmulatorRegistry.INSTANCES.set('storage', emulator);

// The emulator knows nothing of ifGenerationMatch=0, which creates and never overwrites.
// https://cloud.google.com/storage/docs/request-preconditions
const creating = new Set();  // resumable uploads

function exists(bucket, object) {
  const path = `/storage/v1/b/${bucket}/o/${encodeURIComponent(object)}`;
  return new Promise((resolve, reject) => {
    http.get({ host, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).on('error', reject);
  });
}

function refuse(request, response) {
  const message = 'At least one of the pre-conditions you specified did not hold.';
  const reason = { message, domain: 'global', reason: 'conditionNotMet', locationType: 'header', location: 'If-Match' };
  request.resume();
  response.writeHead(412, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error: { code: 412, message, errors: [reason] } }));
}

function handle(app, request, response) {
  const url = new URL(request.url, `http://${host}`);
  const [, bucket] = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/.exec(url.pathname) ?? [];
  const object = url.searchParams.get('name');
  const upload = url.searchParams.get('upload_id');
  if (!bucket || !object || !(url.searchParams.get('ifGenerationMatch') === '0' || creating.has(upload))) {
    app(request, response);
    return;
  }
  inTurn(`${bucket}/${object}`, async () => {
    if (await exists(bucket, object)) {
      refuse(request, response);
      return;
    }
    const ended = new Promise((resolve) => { response.on('close', resolve); });
    app(request, response);
    await ended;
    const location = response.getHeader('location');
    if (location) creating.add(new URL(location).searchParams.get('upload_id'));
  }).catch((error) => response.destroy(error));
}

createApp('demo-charts', emulator).then((app) => {
  const server = http.createServer((request, response) => handle(app, request, response));
  server.listen(Number(port), host);
  server.keepAliveTimeout = 0;  // or it may close a connection while we ask for more
  server.on('error', (error) => {
    console.error(error);
    process.exit(1);
  });
});
