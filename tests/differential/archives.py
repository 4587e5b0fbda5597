#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what Helm and our reader make of odd chart archives (odd_archives.py): which are
refused, and with what words.

    HELM=/usr/bin/helm READ_PACKAGE=build/dev/tests/unit/chart/read_package \
        tests/differential/archives.py [--every 10] [--only PATTERN] [--folder FOLDER]

--every takes one case in so many, --only those whose name begins
with a match of a pattern, --folder real packages in
place of the odd ones. Exits with 1 if the two disagree about a package; differing texts are
listed, but only counted. Skips (exit 77) where HELM or READ_PACKAGE is not set. Helm 3 is meant:
Helm 4 words some errors differently.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import odd_archives


def helm_error(helm, path):
    """What Helm refuses the package with; empty if it loads it."""
    run = subprocess.run([helm, "show", "chart", path], capture_output=True, timeout=120)
    if run.returncode == 0:
        return ""
    text = run.stderr.decode(errors="replace")
    return text[text.index("Error: ") + len("Error: "):].strip("\n")


def our_errors(reader, paths):
    run = subprocess.run([reader], input="\n".join(paths).encode() + b"\n", capture_output=True, timeout=1200, check=True)
    return [json.loads(line).get("error", "") for line in run.stdout.decode().split("\n")[:-1]]


def wrapped(package):
    """Packed into a sound chart: there Helm reads it as a server does, without its checks of files on disk."""
    return odd_archives.packed((b"charts/odd.tgz", package))


def comparable(text):
    return re.sub(r"line \d+: ", "", text).replace("\ufffd", "?")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--folder")
    parser.add_argument("--verbose", action="store_true", help="list differing texts in full")
    options = parser.parse_args()
    helm, reader = os.environ.get("HELM"), os.environ.get("READ_PACKAGE")
    if not helm or not reader:
        print("skipped: set HELM and READ_PACKAGE")
        return 77

    with tempfile.TemporaryDirectory() as folder:
        if options.folder:
            paths = [str(p) for p in sorted(Path(options.folder).rglob("*.tgz"))]
            names = paths
        else:
            names, paths = [], []
            cases = [("archive", case) for case in odd_archives.archives()]
            cases += [("package", case) for case in odd_archives.package_cases()]
            for kind, (name, data) in cases:
                if re.match(options.only, name) and (len(data) < odd_archives.MIB or kind == "package"):
                    names.append(name)
                    paths.append(f"{folder}/{len(paths)}.tgz")
                    Path(paths[-1]).write_bytes(wrapped(data) if kind == "archive" else data)
        names, paths = names[::options.every], paths[::options.every]
        ours = our_errors(reader, paths)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            theirs = list(pool.map(lambda path: helm_error(helm, path), paths))

    disagreements = texts = 0
    for name, our, their in zip(names, ours, theirs, strict=True):
        if bool(our) != bool(their):
            disagreements += 1
            print(f"DISAGREE {name!r}\n  helm: {their or 'loads it'}\n  ours: {our or 'loads it'}")
        elif comparable(our) != comparable(their):
            texts += 1
            if options.verbose:
                print(f"text {name!r}\n  helm: {their}\n  ours: {our}")
    refused = sum(1 for text in theirs if text)
    print(f"{len(names)} archives, {refused} refused by Helm, {disagreements} disagreements, {texts} differing texts")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
