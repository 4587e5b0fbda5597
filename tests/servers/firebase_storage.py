#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts the storage emulator of firebase-tools: Google Cloud Storage in one process.

It checks no credentials, knows every bucket and takes a resumable upload for complete after the
first piece. That ifGenerationMatch=0 creates only is our addition. Facts: url, emulator_host (what
STORAGE_EMULATOR_HOST is set to), bucket, project.
"""

import launcher


def start(stage, arguments):
    modules = launcher.tool("FIREBASE_TOOLS") / "node_modules"
    port = arguments.port or launcher.free_port()
    stage.spawn("firebase", ["node", launcher.HERE / "firebase_storage.cjs", modules, port])
    url = f"http://127.0.0.1:{port}"
    stage.await_status({200}, "GET", f"{url}/storage/v1/b/{arguments.bucket}/o")
    return {"server": "firebase_storage", "url": url, "emulator_host": f"127.0.0.1:{port}",
            "bucket": arguments.bucket, "project": "demo-charts"}


if __name__ == "__main__":
    launcher.run(start, __doc__)
