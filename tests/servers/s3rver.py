#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts s3rver: Amazon S3 in one process.

It checks the signature, but not the hash of a body; it takes the encryption headers and does
nothing with them, nor with If-None-Match but with --conditional-writes. Facts: url, bucket, region, access_key, secret_key,
storage_domain (below which virtual hosts are looked for).
"""

import launcher


def start(stage, arguments):
    module = launcher.tool("S3RVER") / "node_modules/@20minutes/s3rver"
    port = arguments.port or launcher.free_port()
    data = stage.folder / "data"
    data.mkdir()
    # The tokens of its listings are encrypted with an old cipher.
    stage.spawn("s3rver", ["node", "--openssl-legacy-provider", launcher.HERE / "s3rver.cjs", module,
                           port, data, arguments.bucket,
                           *(["conditional"] if arguments.conditional_writes else [])])
    url = f"http://127.0.0.1:{port}"
    stage.await_status({200}, "GET", url)
    return {"server": "s3rver", "url": url, "bucket": arguments.bucket, "region": "us-east-1",
            "access_key": "S3RVER", "secret_key": "S3RVER", "storage_domain": "s3.localhost"}


def add_options(parser):
    parser.add_argument("--conditional-writes", action="store_true", help="take If-None-Match: *")


if __name__ == "__main__":
    launcher.run(start, __doc__, add_options)
