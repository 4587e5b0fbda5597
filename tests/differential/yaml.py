#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes odd YAML texts and compares what Helm's template functions (fromYaml, toJson, toYaml) and
our parser and writers make of them: which are refused, what they mean, and how that is written,
byte by byte.

    HELM=/usr/bin/helm CONVERT_YAML=build/dev/tests/unit/encoding/convert_yaml \
        tests/differential/yaml.py [--count 20000] [--seed 1] [FILE.yaml ...]

Given files are compared too. Exits with 1 if the two disagree; differing error texts are only
counted. Skips (exit 77) where HELM or CONVERT_YAML is not set.
"""

import argparse
import base64
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TEMPLATE = """{{- range $i, $text := (.Files.Get "texts.json" | fromJsonArray) }}
{{- $value := $text | b64dec | fromYaml }}
t{{ $i }}: "{{ $value | toJson | b64enc }} {{ $value | toYaml | b64enc }}"
{{- end }}
"""
BATCH = 5000  # texts, and
BATCH_SIZE = 3_000_000  # bytes: Helm takes no larger file into a chart than 5 MiB, in base64

FRAGMENTS = ["true", "yes", "No", "null", "~", "1", "0", "08", "0x1F", "0b1", "0o7", "1_000", "1e3", ".5", "-",
             ".inf", ".nan", "+", "<<", "2001-01-01", "T10:00:00Z", " ", "  ", "\n", "\n\n", "\t", ":", "#", "a",
             "b", "word", "é", "日本", "\U0001F600", "\u00a0", "\r", "'", '"', "\\", "[", "]", "{", "}", ",", "&",
             "*", "!", "|", ">", "%", "@", "`", "?", "---", "...", "=", ".", "x" * 30,
             "lorem ipsum dolor sit amet ", "\ue000", "\u200b", "\xad", "0", "9", ":30", "_", "e", "E", "-1",
             "12345678901234567890", "/"]
ESCAPED = ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9f", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff"]
KEYS = ["ab01", "a0129-", "aAé09._- ", "0123456789", "a1²٣５Ⅷ一b", "xyz/.-0123", "Aaß日本語_09"]
TAGS = ["", "", "!!str ", "!!int ", "!!float ", "!!bool ", "!!timestamp ", "!!null ", "! ", "!foo ", "!!binary "]
LINES = ["*a", "*b", "&a", "&a 1", "&b {x: 1, y: 2}", "[a, b]", "{c: d}", "|", "|-", ">", "[*a, *b]", "!!str 1",
         "[", "{", "'", '"']

# Where we write something else on purpose (docs/design/yaml.md); it must still mean the same.
LAYOUT_MAY_DIFFER = re.compile(r"<<|[\x7f\x85\u2028\u2029\ufeff\ufffe\uffff]|\\u(007f|0085|009f|2028|2029|feff|fffe|ffff)|!!binary")
# Where libyaml and its Go port scan differently.
SCANNED_OTHERWISE = re.compile(r"![^\s]*[,\[\]{}]|\ufeff")


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def text(self, most=6, fragments=FRAGMENTS):
        return "".join(self.random.choice(fragments) for _ in range(self.random.randint(0, most)))

    def number(self):
        return "".join(self.random.choice("0123456789+-._eExbo:T Zaf") for _ in range(self.random.randint(1, 9)))

    def float(self):
        number = self.one(self.random.uniform(-1e7, 1e7), float(self.random.randint(-2**63, 2**64)),
                          self.random.random() * 10 ** self.random.randint(-50, 50))
        return self.one(repr(number), f"{number:g}", f"{number:.3f}")

    def date(self):
        date = f"{self.one('2001', '999', '0000')}-{self.random.randint(0, 13):{self.one('', '02')}}-" \
               f"{self.random.randint(0, 32):{self.one('', '02')}}"
        time = ":".join(f"{self.random.randint(0, most):{self.one('', '02')}}" for most in (25, 61, 61))
        time += self.one("", ".5", ",5", ".123456789012", ".")
        zone = self.one("Z", "", "+01:00", "-24:60", "+25:00", "z", "+1:00", "+0100")
        return self.one(date, date + self.one(" ", "  ", "_") + time, date + self.one("T", "t") + time + zone)

    def string(self):
        fragments = FRAGMENTS + ESCAPED * (3 if self.random.random() < 0.1 else 0)
        return self.one(self.text(6, fragments), self.text(60, fragments), self.number(), self.date())

    def strings(self):
        value = {"k": self.string(), "l": [self.string(), {self.string(): self.string()}],
                 "m" + self.text(): {"n": [[self.string()]]}}
        return json.dumps(value)

    def scalars(self):
        number = self.one(self.number, self.date, self.float)
        quote = self.one("", "", "'", '"')
        return f"k: {number()}\nl:\n- {number()}\n{number()}: {self.one(*TAGS)}{quote}{number()}{quote}\n"

    def keys(self):
        alphabet = self.random.choice(KEYS)
        key = ["".join(self.random.choice(alphabet) for _ in range(self.random.randint(1, 8))) for _ in range(2)]
        return json.dumps({key[0]: 1, key[1]: 2}, ensure_ascii=False)  # of more, some orders are circles

    def structure(self):
        lines = []
        for _ in range(self.random.randint(1, 7)):
            lines.append(" " * self.one(0, 0, 0, 2, 2, 4) + self.one("", "- ", "- - ", "? ", ": ", "<<: ", "&a ", "&b ") +
                         self.one("k: ", "a: ", "'q': ", "", self.text(1) + ": ", "[1]: ", "null: ") +
                         self.one(self.text(2), *LINES))
        return "\n".join(lines) + self.one("", "\n", "\n---\nx: 1\n", "\n...\n")

    def document(self):
        return self.one(self.strings, self.scalars, self.keys, self.structure)()


def helm(texts):
    """For each text {"json", "yaml"} or {"error"}."""
    with tempfile.TemporaryDirectory() as folder:
        chart = Path(folder) / "texts"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: texts\nversion: 1.0.0\n")
        (chart / "templates" / "texts.yaml").write_text(TEMPLATE)
        (chart / "texts.json").write_text(json.dumps([base64.b64encode(text).decode() for text in texts]))
        run = subprocess.run([os.environ["HELM"], "template", "x", chart], capture_output=True, text=True, check=True)
    results = [None] * len(texts)
    for index, encoded_json, encoded_yaml in re.findall(r'^t(\d+): "(\S*) (\S*)"$', run.stdout, re.M):
        value = base64.b64decode(encoded_json).decode()
        error = re.fullmatch(r'\{"Error":(".*")\}', value, re.S)
        if error:
            results[int(index)] = {"error": json.loads(error[1])}
        else:
            results[int(index)] = {"json": value, "yaml": base64.b64decode(encoded_yaml).decode()}
    return results


def ours(texts):
    lines = "\n".join(text.hex() for text in texts) + "\n"
    run = subprocess.run([os.environ["CONVERT_YAML"]], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def batches(texts):
    batch, size = [], 0
    for text in texts:
        if len(batch) == BATCH or (batch and size + len(text) > BATCH_SIZE):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


class Comparison:
    def __init__(self):
        self.compared = self.worded = self.laid_out = 0
        self.failures = []

    def add(self, texts):
        for text, theirs, mine in zip(texts, helm(texts), ours(texts)):
            self.compared += 1
            if not self.agree(text, theirs, mine):
                self.failures.append((text, theirs, mine))

    def agree(self, text, theirs, mine):
        shown = text.decode("utf-8", "replace")
        if "error" in theirs:
            if "cannot unmarshal" in theirs["error"]:  # fromYaml takes nothing but mappings
                return not mine.get("json", "{").startswith("{")
            if "error" in mine:
                self.worded += mine["error"] not in theirs["error"]
                return True
            return bool(SCANNED_OTHERWISE.search(shown))
        if "error" in mine:
            return bool(SCANNED_OTHERWISE.search(shown))
        if mine["json"] == "null":
            return theirs["json"] in ("null", "{}")
        if mine["json"] != theirs["json"]:
            return False
        if mine["yaml"].rstrip("\n") == theirs["yaml"].rstrip("\n"):
            return True
        self.laid_out += 1
        if not LAYOUT_MAY_DIFFER.search(shown):
            return False
        # U+0085 in a value is folded by design; the reference does so too, where it can write at all.
        return "\x85" in mine["json"] or helm([mine["yaml"].encode()])[0].get("json") == mine["json"]


def main():
    if not os.environ.get("HELM") or not os.environ.get("CONVERT_YAML"):
        print("skipped: HELM or CONVERT_YAML is not set")
        return 77
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=20000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("files", nargs="*", type=Path)
    options = options.parse_args()

    generator = Generator(options.seed)
    texts = [generator.document().encode("utf-8", "surrogatepass") for _ in range(options.count)]
    texts += [file.read_bytes() for file in options.files]
    comparison = Comparison()
    for batch in batches(texts):
        comparison.add(batch)
    for text, theirs, mine in comparison.failures[:20]:
        print(f"text: {text!r}\n  Helm: {theirs}\n  ours: {mine}")
    print(f"{comparison.compared} texts, {len(comparison.failures)} disagreements, "
          f"{comparison.worded} refusals worded otherwise, {comparison.laid_out} laid out otherwise on purpose")
    return 1 if comparison.failures else 0


if __name__ == "__main__":
    sys.exit(main())
