// SPDX-License-Identifier: Apache-2.0
// Runs s3rver: node s3rver.cjs <its package's folder> <port> <data folder> <bucket> [conditional]
'use strict';

// All that keeps its router from running on the Node.js of Debian 12.
Array.prototype.toReversed ??= function toReversed() { return [...this].reverse(); };

const { inTurn } = require('./in_turn.cjs');

const [packageFolder, port, directory, bucket, conditional] = process.argv.slice(2);
const S3rver = require(packageFolder);
const S3Error = require(`${packageFolder}/lib/models/error`);
const objects = require(`${packageFolder}/lib/controllers/object`);
const v4 = require(`${packageFolder}/lib/signature/v4`);

// Amazon takes If-None-Match: * since 2024, s3rver knows nothing of it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
function createOnly(controller) {
  return (context, next) => {
    if (context.get('If-None-Match') !== '*') return controller(context, next);
    const { bucket: name, key } = context.params;
    return inTurn(`${name}/${key}`, async () => {
      if (await context.store.existsObject(name, key)) {
        throw new S3Error('PreconditionFailed',
          'At least one of the pre-conditions you specified did not hold', { Condition: 'If-None-Match' });
      }
      return controller(context, next);
    });
  };
}
if (conditional) {
  objects.putObject = createOnly(objects.putObject);
  objects.completeMultipartUpload = createOnly(objects.completeMultipartUpload);
}

const server = new S3rver({
  address: '127.0.0.1', port: Number(port), directory, silent: true,
  serviceEndpoint: 'localhost', vhostBuckets: false, configureBuckets: [{ name: bucket }],
});

// It takes the signed path for /bucket/key, whatever was sent. Amazon signs the path of the
// request: with the slash after the bucket that its clients list with, without the bucket where
// that is in the host's name.
const sentPaths = new WeakMap();
server.middleware.unshift((context, next) => {
  sentPaths.set(context.headers, context.req.url.split('?')[0]);
  return next();
});
const stringToSign = v4.getStringToSign;
v4.getStringToSign = (request, signature) =>
  stringToSign({ ...request, uri: sentPaths.get(request.headers) }, signature);

server.run().then(() => {
  server.httpServer.keepAliveTimeout = 0;  // or it may close a connection while we ask for more
}).catch((error) => {
  console.error(error);
  process.exit(1);
});
