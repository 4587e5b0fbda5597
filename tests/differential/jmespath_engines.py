#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes JMESPath expressions and documents and compares what the npm package and we find.

    SEARCH_JSON=build/dev/tests/unit/jmespath/search_json env $(script/jmespath-suite) \
        tests/differential/jmespath_engines.py [--count 20000] [--seed 1]

Where the two differ, the reference implementation (Debian's python3-jmespath) is asked: the npm package
has faults of its own (it counts UTF-16 units, takes NaN for an average). It is asked with the
specification's rule that only numbers have an order, which both of them have given up. Exits with 1
where we agree with neither. Cases of the compliance suite are varied too where it is at hand. Skips
(exit 77) where SEARCH_JSON or JMESPATH_NODE is not set, or node or python3-jmespath is missing.
"""

import argparse
import functools
import json
import os
import random
import shutil
import subprocess
import sys
import types
from pathlib import Path

NODE = """
const engine = require(process.argv[1]);
for (const line of require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean)) {
  const {expression, document} = JSON.parse(line);
  let answer;
  try {
    const result = engine.search(document, expression);
    answer = {result: result === undefined ? null : result};
  } catch (error) { answer = {error: String(error.message)}; }
  console.log(JSON.stringify(answer));
}
"""
# What we refuse on purpose (docs/design/jmespath.md): some things already when compiling, and
EAGER = ("unknown-function", "invalid-arity", "invalid-value")
# what the specification does not have, although the others let it pass.
STRICT = ("not JSON between these quotes", "an expression reference stands only where", "merge() takes object")

KEYS = ["a", "b", "c", "name", "type", "actions", "a b", "é"]
STRINGS = ["", "a", "b", "abc", "10", "-1.5", "org/chart", "pull", "é", "日本", "it's", 'say "x"', "a`b", "\\"]
NUMBERS = [0, 1, 2, -1, 3, 10, 1.5, -0.5, 100, 12345678]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def value(self, depth=3):
        kind = self.random.random()
        if depth == 0 or kind < 0.35:
            return self.one(None, True, False, *NUMBERS, *STRINGS)
        if kind < 0.65:
            make = self.one(lambda: self.value(depth - 1), lambda: self.one(*NUMBERS), lambda: self.one(*STRINGS),
                            lambda: {"a": self.one(*NUMBERS), "name": self.one(*STRINGS)})
            return [make() for _ in range(self.random.randint(0, 4))]
        return {self.one(*KEYS): self.value(depth - 1) for _ in range(self.random.randint(0, 4))}

    def identifier(self):
        key = self.one(*KEYS)
        return json.dumps(key, ensure_ascii=self.one(True, False)) if not key.isascii() or " " in key else \
            self.one(key, key, key, json.dumps(key))

    def literal(self):
        if self.random.random() < 0.4:
            return "'" + self.one(*[text for text in STRINGS if "'" not in text and "\\" not in text]) + "'"
        text = json.dumps(self.value(1), ensure_ascii=self.one(True, False))
        return "`" + text.replace("`", "\\u0060") + "`"

    def slice(self):
        numbers = ["", "", "0", "1", "2", "-1", "-2", "10", "-10"]
        text = self.one(*numbers) + ":" + self.one(*numbers)
        return "[" + text + self.one("", "", ":", ":1", ":2", ":-1", ":-2", ":7") + "]"

    def call(self, depth):
        inner = lambda: self.expression(depth - 1)
        one = ["abs", "avg", "ceil", "floor", "keys", "length", "max", "min", "reverse", "sort", "sum", "to_array",
               "to_number", "to_string", "type", "values", "not_null", "merge"]
        name = self.one(*one, "contains", "ends_with", "starts_with", "join", "map", "sort_by", "max_by", "min_by",
                        "not_null", "merge")
        if name in ("map",):
            return f"map(&{inner()}, {inner()})"
        if name in ("sort_by", "max_by", "min_by"):
            return f"{name}({inner()}, &{inner()})"
        if name in ("contains", "ends_with", "starts_with", "join"):
            return f"{name}({inner()}, {inner()})"
        if name in ("not_null", "merge"):
            return f"{name}({', '.join(inner() for _ in range(self.random.randint(1, 3)))})"
        return f"{name}({inner()})"

    def expression(self, depth=4):
        if depth <= 0:
            return self.one(self.identifier(), self.identifier(), "@", self.literal())
        inner = lambda: self.expression(depth - 1)
        return self.one(
            self.identifier,
            self.literal,
            lambda: f"{inner()}.{self.identifier()}",
            lambda: f"{inner()}.{self.one('*', '*.' + self.identifier())}",
            lambda: f"{inner()}[{self.one('0', '1', '-1', '5', '*', '*')}]",
            lambda: f"{inner()}[*].{self.identifier()}",
            lambda: f"{inner()}{self.slice()}",
            lambda: f"{inner()}[]",
            lambda: f"{inner()}[?{inner()}]",
            lambda: f"{inner()}[?{self.identifier()} {self.one('==', '!=', '<', '>=')} {self.literal()}].{self.identifier()}",
            lambda: f"{inner()} | {inner()}",
            lambda: f"{inner()} {self.one('||', '&&')} {inner()}",
            lambda: f"{inner()} {self.one('==', '!=', '<', '<=', '>', '>=')} {inner()}",
            lambda: f"!{inner()}",
            lambda: f"({inner()})",
            lambda: f"{inner()}.[{inner()}, {inner()}]",
            lambda: f"[{inner()}, {inner()}]",
            lambda: f"{{{self.identifier()}: {inner()}, {self.identifier()}: {inner()}}}",
            lambda: self.call(depth),
            lambda: self.call(depth),
        )()

    def spoiled(self, text):
        """`text` with a small piece gone, doubled or in another place."""
        begin = self.random.randint(0, len(text))
        end = min(len(text), begin + self.random.randint(0, 3))
        return text[:begin] + self.one("", text[begin:end] * 2, self.one(*"[]{}().,:|&!*@`'\"<>=? 0a")) + text[end:]


def suite_cases():
    for folder in filter(None, os.environ.get("JMESPATH_SUITES", "").split(":")):
        for file in sorted(Path(folder).glob("*.json")):
            for group in json.loads(file.read_text()):
                for case in group["cases"]:
                    yield case["expression"], group["given"]


def cases(maker, count):
    """Expressions, documents, and whether an expression was spoiled."""
    known = list(suite_cases())
    for expression, document in known:
        yield expression, document, True  # some are meant to be refused
    for _ in range(count):
        choice = maker.random.random()
        if known and choice < 0.2:
            expression, document = maker.one(*known)
            yield (maker.spoiled(expression), document, True) if choice < 0.1 else (expression, maker.value(), True)
        else:
            expression, spoil = maker.expression(maker.one(1, 2, 3, 4)), choice < 0.3
            yield maker.spoiled(expression) if spoil else expression, maker.value(maker.one(2, 3, 4)), spoil


def same(left, right):
    """By JSON's types: true is not 1, and 1 is 1.0."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or abs(left - right) <= 1e-12 * max(abs(left), abs(right))
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right


def agree(left, right):
    if "error" in left or "error" in right:
        return "error" in left and "error" in right
    return same(left["result"], right["result"])


def reference(jmespath, expression, document):
    try:
        return {"result": jmespath.search(expression, document)}
    except (jmespath.exceptions.JMESPathError, ValueError) as error:
        return {"error": str(error)}
    except TypeError:  # Python's own: it has no answer either
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    searcher, package = os.environ.get("SEARCH_JSON"), os.environ.get("JMESPATH_NODE")
    if not searcher or not package or not shutil.which("node"):
        print("skipped: SEARCH_JSON or JMESPATH_NODE is not set, or there is no node")
        return 77
    try:
        import jmespath
        import jmespath.functions
        import jmespath.visitor
    except ImportError:
        print("skipped: python3-jmespath is not installed")
        return 77
    jmespath.visitor._is_comparable = jmespath.visitor._is_actual_number
    jmespath.functions.json = types.SimpleNamespace(dumps=functools.partial(json.dumps, ensure_ascii=False))

    given = list(cases(Maker(options.seed), options.count))
    lines = "".join(json.dumps({"expression": expression, "document": document}) + "\n"
                    for expression, document, _ in given)

    def ask(*command):
        run = subprocess.run(command, input=lines, check=True, capture_output=True, text=True)
        return [json.loads(line) for line in run.stdout.splitlines()]

    theirs, ours = ask("node", "-e", NODE, package), ask(searcher)
    found = alone = early = wrong = 0
    for (expression, document, spoiled), their, our in zip(given, theirs, ours, strict=True):
        found += our.get("result") not in (None, [], {})
        if agree(our, their):
            continue
        # Both read "f(a,)", "[1 2:]", "{a: b c: d}", and numbers that are none in JSON.
        lax = spoiled and (our.get("error") == "syntax" or "to_number" in expression)
        if lax or our.get("error") in EAGER or any(text in our.get("message", "") for text in STRICT):
            early += 1
            continue
        judge = reference(jmespath, expression, document)
        if judge is None or agree(our, judge):
            alone += 1
            continue
        wrong += 1
        if wrong <= 20:
            print(f"{expression!r} on {json.dumps(document, ensure_ascii=False)}\n  ours:      {our}\n"
                  f"  npm:       {their}\n  reference: {judge}")
    print(f"{len(given)} searches, {found} found something, {alone} where npm stands alone, "
          f"{early} refused on purpose, {wrong} where we do")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
