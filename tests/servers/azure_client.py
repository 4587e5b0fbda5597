#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Becomes azure_client.mjs: Microsoft's own client, which reads and writes blobs."""

import os
import sys

import launcher

try:
    launcher.tool("CLOUD_CLIENTS")
except launcher.CannotBeHad as reason:
    print(reason, file=sys.stderr)
    sys.exit(launcher.CANNOT_BE_HAD)
os.execvp("node", ["node", str(launcher.HERE / "azure_client.mjs"), *sys.argv[1:]])
