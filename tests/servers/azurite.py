#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts azurite: Azure Blob Storage in one process, over HTTPS with --tls.

It checks signatures, of bearer tokens (only with --tls) no more than issuer, audience and dates. Facts: url (with the account), account, account_key, bucket (the container),
connection_string; with --tls also ca_file, which lives as long as the server.
"""

import base64
import email.utils
import hashlib
import hmac

import launcher

ACCOUNT = "chartaccount"
KEY = base64.b64encode(b"a key that only the tests know..").decode()


def create_container(stage, url, container, authority):
    """https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key"""
    date = email.utils.formatdate(usegmt=True)
    # Verb, eleven headers that are not sent, x-ms-*, and the resource: the account stands there
    # twice, as its URL's path begins with it.
    to_sign = ("PUT" + "\n" * 12 + f"x-ms-date:{date}\nx-ms-version:2021-12-02\n"
               f"/{ACCOUNT}/{ACCOUNT}/{container}\nrestype:container")
    signature = hmac.digest(base64.b64decode(KEY), to_sign.encode(), hashlib.sha256)
    headers = {"x-ms-date": date, "x-ms-version": "2021-12-02", "Content-Length": "0",
               "Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(signature).decode()}"}
    stage.await_status({201}, "PUT", f"{url}/{container}?restype=container", headers,
                       authority)


def start(stage, arguments):
    module = launcher.tool("AZURITE") / "node_modules/azurite/dist/src/blob/main.js"
    port = arguments.port or launcher.free_port()
    authority, tls, facts = None, [], {}
    if arguments.tls:
        authority, certificate, key = launcher.issue_certificate(stage.folder)
        tls = ["--cert", certificate, "--key", key, "--oauth", "basic"]
        facts = {"ca_file": str(authority)}
    stage.spawn("azurite", ["node", module, "--inMemoryPersistence", "--disableTelemetry",
                            "--blobHost", "127.0.0.1", "--blobPort", port,
                            "--blobKeepAliveTimeout", "3600", "--skipApiVersionCheck",
                            "--silent", *tls],
                {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"})
    scheme = "https" if arguments.tls else "http"
    url = f"{scheme}://127.0.0.1:{port}/{ACCOUNT}"
    stage.await_port(port)
    create_container(stage, url, arguments.bucket, authority)
    connection = (f"DefaultEndpointsProtocol={scheme};AccountName={ACCOUNT};AccountKey={KEY};"
                  f"BlobEndpoint={url};")
    return {"server": "azurite", "url": url, "account": ACCOUNT, "account_key": KEY,
            "bucket": arguments.bucket, "connection_string": connection, **facts}


def add_options(parser):
    parser.add_argument("--tls", action="store_true", help="with a certificate of its own authority")


if __name__ == "__main__":
    launcher.run(start, __doc__, add_options)
