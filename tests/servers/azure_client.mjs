// SPDX-License-Identifier: Apache-2.0
// Microsoft's own client (@azure/storage-blob): reads blobs that others wrote, and writes some.
//
//   azure_client.py <connection string> <container> <prefix> <name>...
//
// Facts: read0, read1 ... are the texts of the blobs of these names (a long one's SHA-256), type0 ...
// their content types, listed how many it finds below the prefix. It writes, below <prefix>theirs/, a
// blob of each name whose text is "theirs: " and the name, and
//
//   appended.tgz, appended-large.tgz   append blobs, as the Go server makes them
//   blocks.tgz                         a block blob of several blocks
//   pending.tgz                        a block that is never committed

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const { BlobServiceClient } = createRequire(`${process.env.CLOUD_CLIENTS}/node_modules/`)('@azure/storage-blob');

const [connection, containerName, prefix, ...names] = process.argv.slice(2);
const container = BlobServiceClient.fromConnectionString(connection).getContainerClient(containerName);
const facts = {};

for (const [index, name] of names.entries()) {
  const blob = container.getBlobClient(prefix + name);
  const bytes = await blob.downloadToBuffer();
  const properties = await blob.getProperties();
  const md5 = createHash('md5').update(bytes).digest('base64');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (Buffer.from(properties.contentMD5 ?? '').toString('base64') !== md5) throw new Error(`MD5 of ${name}`);
  if (properties.metadata.sha256 !== sha256) throw new Error(`SHA-256 of ${name}`);
  facts[`read${index}`] = bytes.length > 1000 ? sha256 : bytes.toString();
  facts[`type${index}`] = properties.contentType;
}

let listed = 0;
for await (const blob of container.listBlobsFlat({ prefix })) listed += blob.name.startsWith(prefix) ? 1 : 0;
facts.listed = String(listed);

const theirs = `${prefix}theirs/`;
for (const name of names) {
  const text = `theirs: ${name}`;
  await container.getBlockBlobClient(theirs + name).upload(text, Buffer.byteLength(text));
}
for (const name of ['appended.tgz', 'appended-large.tgz']) {
  const appended = container.getAppendBlobClient(theirs + name);
  await appended.create();
  for (const piece of ['the first, ', 'the second']) await appended.appendBlock(piece, piece.length);
}
await container.getBlockBlobClient(`${theirs}blocks.tgz`)
  .uploadData(Buffer.alloc(3_000_000, 't'), { blockSize: 1_000_000, maxSingleShotSize: 1 });
await container.getBlockBlobClient(`${theirs}pending.tgz`).stageBlock(Buffer.from('1').toString('base64'), 'x', 1);

console.log(JSON.stringify(facts));
process.stdin.on('end', () => process.exit(0)).resume();
