#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the public JMESPath compliance suite.

    SEARCH_JSON=build/dev/tests/unit/jmespath/search_json $(script/jmespath-suite) \
        tests/differential/jmespath_compliance.py

JMESPATH_SUITES names folders with the suite's JSON files, separated by colons; script/jmespath-suite
fetches them. Exits with 1 if a case fails. Skips (exit 77) where one of the two is not set.
"""

import json
import os
import subprocess
import sys
from pathlib import Path


def cases(folder):
    for file in sorted(folder.glob("*.json")):
        for group in json.loads(file.read_text()):
            for case in group["cases"]:
                if "result" in case or "error" in case:  # the others only measure
                    yield file.name, group["given"], case


def main():
    searcher, suites = os.environ.get("SEARCH_JSON"), os.environ.get("JMESPATH_SUITES")
    if not searcher or not suites:
        print("skipped: SEARCH_JSON names no binary, or JMESPATH_SUITES no folder")
        return 77
    wrong = 0
    for folder in map(Path, suites.split(":")):
        given = list(cases(folder))
        if not given:
            print(f"{folder} holds no suite")
            return 1
        requests = "".join(json.dumps({"expression": case["expression"], "document": document}) + "\n"
                           for _, document, case in given)
        run = subprocess.run([searcher], input=requests, check=True, capture_output=True, text=True)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        for (file, _, case), answer in zip(given, answers, strict=True):
            key = "error" if "error" in case else "result"
            if key in answer and answer[key] == case[key] and type(answer[key]) is type(case[key]):
                continue
            wrong += 1
            print(f"{file}: {case['expression']!r}\n  wanted: {case[key]!r}\n  got:    {answer}")
        print(f"{folder}: {len(given)} cases")
    print(f"{wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
