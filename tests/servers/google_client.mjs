// SPDX-License-Identifier: Apache-2.0
// Google's own client, beside ours: writes objects, or reads all below a prefix, and tells what is
// there then: {name without the prefix: content, or the SHA-256 of one that is long}.
//
//   node google_client.mjs --endpoint http://127.0.0.1:9000 --bucket charts --prefix some/
//       [--write '{"name": "content"}']
//
// google_client.py starts it, with the folder of the client in CLOUD_CLIENTS.

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { Storage } = createRequire(`${process.env.CLOUD_CLIENTS}/`)('@google-cloud/storage');

const { values: options } = parseArgs({
  options: {
    endpoint: { type: 'string' },
    bucket: { type: 'string' },
    prefix: { type: 'string', default: '' },
    write: { type: 'string', default: '{}' },
  },
});
const storage = new Storage({ apiEndpoint: options.endpoint, projectId: 'demo-charts' });
const bucket = storage.bucket(options.bucket);

for (const [name, content] of Object.entries(JSON.parse(options.write))) {
  await bucket.file(options.prefix + name).save(content, { resumable: false });
}
const [files] = await bucket.getFiles({ prefix: options.prefix });
const contents = {};
for (const file of files) {
  const [bytes] = await file.download({ validation: 'crc32c' });
  const text = bytes.length < 1000 ? bytes.toString() : createHash('sha256').update(bytes).digest('hex');
  contents[file.name.slice(options.prefix.length)] = text;
}
console.log(JSON.stringify(contents));
process.stdin.resume();  // to its end, as the servers
