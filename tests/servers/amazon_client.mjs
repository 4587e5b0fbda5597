// SPDX-License-Identifier: Apache-2.0
// Amazon's own client, beside ours: writes objects, or reads all below a prefix, and tells what is
// there then: {name without the prefix: content, or the SHA-256 of one that is long}.
//
//   node amazon_client.mjs --endpoint http://127.0.0.1:9000 --bucket charts --prefix some/
//       --access-key a --secret-key s [--write '{"name": "content"}']
//
// amazon_client.py starts it, with the folder of the client in CLOUD_CLIENTS.

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { S3Client, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } =
  createRequire(`${process.env.CLOUD_CLIENTS}/`)('@aws-sdk/client-s3');

const { values: options } = parseArgs({
  options: {
    endpoint: { type: 'string' },
    bucket: { type: 'string' },
    prefix: { type: 'string', default: '' },
    'access-key': { type: 'string' },
    'secret-key': { type: 'string' },
    write: { type: 'string', default: '{}' },
  },
});
const client = new S3Client({
  endpoint: options.endpoint, region: 'us-east-1', forcePathStyle: true,
  credentials: { accessKeyId: options['access-key'], secretAccessKey: options['secret-key'] },
  // Checksums behind the body are younger than the services that the tests ask.
  requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
});
const Bucket = options.bucket;

for (const [name, content] of Object.entries(JSON.parse(options.write))) {
  await client.send(new PutObjectCommand({ Bucket, Key: options.prefix + name, Body: content }));
}
const contents = {};
let token;
do {
  const page = await client.send(new ListObjectsV2Command(
    { Bucket, Prefix: options.prefix, ContinuationToken: token }));
  for (const { Key } of page.Contents ?? []) {
    const object = await client.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from(await object.Body.transformToByteArray());
    contents[Key.slice(options.prefix.length)] = bytes.length < 1000
      ? bytes.toString() : createHash('sha256').update(bytes).digest('hex');
  }
  token = page.NextContinuationToken;
} while (token);
console.log(JSON.stringify(contents));
process.stdin.resume();  // to its end, as the servers
