#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes version constraints, good and odd, and compares which versions Helm and we find by them.

    HELM=/usr/bin/helm MATCH_CONSTRAINTS=build/dev/tests/unit/chart/match_constraints \
        tests/differential/constraints.py [--count 1000] [--seed 1]

Helm is asked by `helm search repo --version`, on an index in a cache of its own: no network.
Exits with 1 if they disagree. Skips (exit 77) where HELM or MATCH_CONSTRAINTS is not set. Helm 4 is
meant: with older ones a pre-release had to be named by each part of a constraint.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

VERSIONS = """0.0.0 0.0.0-0 0.0.1 0.0.3 0.1.0 0.2.0 0.2.3 0.2.9 0.3.0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-rc.1
1.0.0 1.0.1 1.0.1+b1 1.1.0 1.2.0 1.2.3-beta 1.2.3 1.2.4 1.3.0 1.9.9 2.0.0-0 2.0.0 2.1.0 2.3.0 2.3.4 2.4.0-rc.2
2.4.0 3.0.0 10.2.3 11.0.0 11.1.1 11.2.0 v4.5.6 5 6.7 007.08.09 18446744073709551615.0.0""".split()
OPERATORS = ["", "", "", "=", "!=", ">", "<", ">=", "<=", "=>", "=<", "~", "~>", "^"]
NUMBERS = ["0", "1", "2", "3", "11", "x", "X", "*"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def version(self, odd):
        if not odd:
            numbers = [self.one("0", "1", "2", "3", "0", "1", "2", "x", "*") for _ in range(self.one(1, 2, 3, 3))]
            return self.one("", "", "v") + ".".join(numbers) + self.one(*[""] * 6, "-alpha", "-0", "-rc.1", "+b")
        numbers = NUMBERS + ["00", "01", "18446744073709551615", "18446744073709551616", "xx", "1x", "|", ""]
        text = ".".join(self.one(*numbers) for _ in range(self.one(1, 2, 3, 3, 3, 4)))
        tail = self.one("", "", "", "-alpha", "-0", "-rc.1", "-01", "-a..b", "-", "+b1", "+", "-rc+x.y", "--", "- ")
        return self.one("", "", "", "v", "V", "vv") + text + tail

    def comparison(self, odd):
        operators = OPERATORS + (["==", "! =", "~ >"] if odd else [])
        return self.one(*operators) + self.one("", "", " ", *(["\t", "  "] if odd else [])) + self.version(odd)

    def alternative(self, odd):
        if self.random.random() < 0.15:
            hyphen = self.one(" - ", " - ", "  -  ", "-", " -", "- ") if odd else " - "
            return self.version(odd) + hyphen + self.version(odd)
        separators = [" ", ", ", ","] + ([" , ", ",,", "", " ,", " ; ", "\t", "|", " | "] if odd else [])
        parts = [self.comparison(odd) for _ in range(self.one(1, 1, 1, 2, 2, 3))]
        text = parts[0] + "".join(self.one(*separators) + part for part in parts[1:])
        return self.one("", "", "", " ", ",") + text + self.one("", "", " ", ",") if odd else text

    def constraint(self):
        odd = self.random.random() < 0.3
        bars = ["||", " || "] + (["||||", "|"] if odd else [])
        parts = [self.alternative(odd) for _ in range(self.one(1, 1, 1, 2))]
        return parts[0] + "".join(self.one(*bars) + part for part in parts[1:])


def prepare(folder):
    (folder / "repositories.yaml").write_text("repositories:\n- name: local\n  url: http://127.0.0.1:1/\n")
    entries = "".join(f'  - {{name: chart, apiVersion: v2, version: "{version}", urls: [{number}.tgz]}}\n'
                      for number, version in enumerate(VERSIONS))
    (folder / "local-index.yaml").write_text("apiVersion: v1\nentries:\n  chart:\n" + entries)


def found_by_helm(helm, folder, constraint):
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "HELM_REPOSITORY_CACHE": str(folder),
                   "HELM_REPOSITORY_CONFIG": str(folder / "repositories.yaml")}
    run = subprocess.run([helm, "search", "repo", "local/chart", "-l", "--version=" + constraint, "-o", "json"],
                         capture_output=True, text=True, env=environment)
    return {"refused"} if run.returncode else {entry["version"] for entry in json.loads(run.stdout)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    helm, matcher = os.environ.get("HELM"), os.environ.get("MATCH_CONSTRAINTS")
    if not helm or not matcher:
        print("skipped: HELM and MATCH_CONSTRAINTS name no binaries")
        return 77

    maker = Maker(options.seed)
    constraints = list(dict.fromkeys(maker.constraint() for _ in range(options.count)))
    run = subprocess.run([matcher, *VERSIONS], input="".join(text + "\n" for text in constraints), check=True,
                         capture_output=True, text=True)
    ours = [set(line.split()) for line in run.stdout.splitlines()]
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        folder = Path(temporary)
        prepare(folder)
        theirs = list(pool.map(lambda text: found_by_helm(helm, folder, text), constraints))

    wrong = 0
    for text, our, their in zip(constraints, ours, theirs, strict=True):
        if our != their:
            wrong += 1
            print(repr(text), "\n  ours:  ", *sorted(our), "\n  theirs:", *sorted(their))
    print(f"{len(constraints)} constraints, {theirs.count({'refused'})} refused by Helm, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
