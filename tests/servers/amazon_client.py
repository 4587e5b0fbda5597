#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs amazon_client.mjs: Amazon's own client, which tells what it reads as a server tells its facts."""

import os
import sys

import launcher

try:
    folder = launcher.tool("CLOUD_CLIENTS")
except launcher.CannotBeHad as reason:
    print(reason, file=sys.stderr)
    sys.exit(launcher.CANNOT_BE_HAD)
os.environ["CLOUD_CLIENTS"] = str(folder)
os.execvp("node", ["node", str(launcher.HERE / "amazon_client.mjs"), *sys.argv[1:]])
