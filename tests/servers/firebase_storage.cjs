// SPDX-License-Identifier: Apache-2.0
// Runs the storage emulator alone, without the command line around it and without Java:
// node firebase_storage.cjs <node_modules> <port>
'use strict';

const [modules, port] = process.argv.slice(2);
const { StorageEmulator } = require(`${modules}/firebase-tools/lib/emulator/storage`);
const { createApp } = require(`${modules}/firebase-tools/lib/emulator/storage/server`);
const { EmulatorRegistry } = require(`${modules}/firebase-tools/lib/emulator/registry`);

const host = '127.0.0.1';
const emulator = new StorageEmulator({
  projectId: 'demo-charts', host, port: Number(port), rules: { name: 'none', content: '' },
});
EmulatorRegistry.INSTANCES.set('storage', emulator);
createApp('demo-charts', emulator).then((app) => {
  const server = app.listen(Number(port), host);
  server.keepAliveTimeout = 0;  // or it may close a connection while we ask for more
  server.on('error', (error) => {
    console.error(error);
    process.exit(1);
  });
});
