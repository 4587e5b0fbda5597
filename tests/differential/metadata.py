#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes odd Chart.yaml and requirements.yaml files and compares what Helm and our reader make of
them: which packages are refused, why, and which fields come out.

    HELM=/usr/bin/helm READ_METADATA=build/dev/tests/unit/chart/read_metadata \
        tests/differential/metadata.py [--count 1500] [--seed 1] [--keep FOLDER]

Exits with 1 if they disagree about a package or a field. Differing error texts are listed, but
only counted. Skips (exit 77) where HELM or READ_METADATA is not set.
"""

import argparse
import io
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TEXT_FIELDS = ["name", "home", "version", "description", "icon", "apiVersion", "condition", "tags",
               "appVersion", "kubeVersion", "type"]
LIST_FIELDS = ["sources", "keywords"]
DEPENDENCY_FIELDS = ["name", "version", "repository", "condition", "tags", "enabled",
                     "import-values", "alias"]

NUMBERS = """0 -0 +0 1 -1 +7 00 017 018 08 0o17 0O17 0x1F 0X1f 0xfg 0b101 0b12 -0x10 -0b11 1_000 1__0 _1
1_ 0_7 0x_1F 9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616
-9223372036854775808 -9223372036854775809 1.0 1.10 1.2.3 -1.5 +.5 -.5 .5 5. 1. .e1 1e3 1E3 1e+3 1e-3
1e5 1e6 1e400 -1e400 1e-400 0.1 1.1e1 123456.0 1234567.0 123456789.0 999999.5 16777217.0 16777216
3.14159265358979 0.00001 0.0001 0.00012 1e-05 1e20 1e21 1e22 1e38 3.5e38 1e39 -1e39 1e-45 1e-46 1e-50
.1_0 1_0.5 1.5_0 -0.0 0.0 0e0 0x1p3 1:30 190:20:30 1:30.5 -1:30 0.1e 1e 1e+ 0x 0b 0o - + . .. ...
2001-01-01 2001-1-1 2001-02-30 2001-01-01T00:00:00Z 2001-01-01t00:00:00+01:00 12345678901234567890
123456789012345678901234567890 1.7976931348623157e308 1e308 0.30000001 33554433.5 8388607.75 2e-7
.inf .Inf .INF +.inf -.inf -.INF .nan .NaN .NAN .iNf inf nan +.nan""".split()
WORDS = """y Y yes Yes YES yEs n N no NO on On off OFF true True TRUE tRUE false ~ null Null NULL nULL
a b x chart = << v1.2.3 1.2.3-rc.1 application library""".split()
QUOTED = ["''", '""', "'a b'", '"a\\tb"', '"a\\nb"', '"\\x7f"', '"\\0"', '"\\u200b"', '"\\u0085x"',
          '"a\\u00a0b"', '"\\ufeff"', '"\\ue000z"', '"\\U0001F600"', '"\\u2028"', '"\\U00031350"',
          '"\\u0378"', '"\\ud7ff"', '"\\ufffd"', '"\\e\\a\\b\\v\\f"', "'it''s'", '"1.10"', "'true'",
          "' lead'", '"trail "', '"\\\\"', '"\\""', "'<&>'", "é", "日本語", "\u200bz", "a\u00adb",
          "\U0001F600", "e\u0301", "ſ", "\u212A", "\u3000", "a\u2003b", "\U000E0001x", "\uffef"]
TAGGED = ["!!str 1.10", "!!str true", "!!int 7", "!!int '7'", "!!int x", "!!float 1",
          "!!float 1.5", "!!float x", "!!bool yes", "!!bool 1", "!!null null", "!!null ''",
          "!!null x", "!!binary aGVsbG8=", "!!binary '***'", "!!binary /w==", "!!timestamp 2001-01-01",
          "!!timestamp x", "!local x", "! 12", "!!omap x", "!<tag:yaml.org,2002:str> 5",
          "!!str [a]", "!!map [a]", "!!seq {a: b}", "!!set {a, b}", "!!merge x"]
BLOCKS = ["|\n{i}  two\n{i}  lines\n", "|-\n{i}  text\n", ">\n{i}  folded\n{i}  text\n", "|+\n{i}  x\n\n",
          "|2\n{i}    x\n", ">-\n{i}  1.10\n"]
VERSIONS = """1.0.0 v1.0.0 1 1.2 01.02.03 1.0.0-rc.1 1.0.0-01 1.0.0-0 1.0.0+b.1 1.0.0+01 1.0.0-a..b 1.0.0-
1.0.0+ 1.0.0.0 V1.0.0 18446744073709551615.0.0 18446744073709551616.0.0 1.18446744073709551616 1.x *
latest 1.0.0-é 1.0.0_1 1.0.0-x+y+z 1..0 .1 1. ../1 1/2 1\\2 0 00 1e3 1.10 0x10 1_0 1-1 -1 +1 vv1
1.0.0-18446744073709551616 1.0.0--1 1.0.0-- 1.2-rc 1+x""".split() + [
    "'1.0.0 '", "' 1.0.0'", '"1.0.0\\n"', "''", "null", "[1]", "{a: 1}", "true", '"1.0.0\\u200b"']
NAMES = ["x", "a b", "X", ".", "..", "...", "a/b", "/a", "a/", "../x", "a\\b", "-", "-a", ".a", "a.", "%2F",
         "'.'", '"\\u200b"', '"\\u200b."', '"\\t"', '"a\\nb"', "é", "\U0001F600", "1.10", "true", "null",
         "''", "~", "[a]", "{a: b}", "a+b", "a#b", "a?b", "'a: b'", "x" * 300]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def chance(self, part):
        return self.random.random() < part

    def scalar(self):
        kinds = [NUMBERS, WORDS, QUOTED, TAGGED, VERSIONS, NAMES]
        return self.random.choice(self.random.choices(kinds, [6, 4, 4, 1, 1, 1])[0])

    def flow(self, depth=0):
        kind = self.random.random()
        if depth > 2 or kind < 0.6:
            text = self.scalar()
            return "''" if re.search(r"[,\[\]{}#?]", text) and text[0] not in "'\"[{" else text
        if kind < 0.8:
            return "[" + ", ".join(self.flow(depth + 1) for _ in range(self.random.randrange(4))) + "]"
        return "{" + ", ".join(f"{self.key_text()}: {self.flow(depth + 1)}"
                               for _ in range(self.random.randrange(4))) + "}"

    def key_text(self):
        return self.one("a", "b", "name", "NAME", "email", "Url", "1", "1.5", "yes", "'x y'", "~", "0x1F",
                        "child", "parent", "12345678901234567890", ".inf", "é", '"\\u0085"', "<<", "'<<'")

    def spelling(self, field):
        kind = self.random.random()
        if kind < 0.75:
            return field
        if kind < 0.80:
            return field.upper()
        if kind < 0.85:
            return field.lower()
        if kind < 0.89:
            return field[0].upper() + field[1:]
        if kind < 0.93:
            return re.sub("s", "ſ", field, count=1)
        if kind < 0.96:
            return re.sub("k", "\u212A", field, count=1)
        if kind < 0.98:
            return '"' + field + '"'
        return self.one(field + " ", field + "s", field.replace("V", "-v"), "!!str " + field)

    def text_list(self, items=None):
        if self.chance(0.08):
            return self.one("", "null", "''", "x", "{}", "{a: b}", "12", "yes", "[[a]]", "[{a: b}]", ".inf")
        return "[" + ", ".join(self.flow(9) if self.chance(0.9) else self.one("null", "~", "")
                               for _ in range(items or self.random.randrange(5))) + "]"

    def objects(self, make):
        if self.chance(0.08):
            return self.one("", "null", "''", "x", "{}", "{a: b}", "12", "[x]", "[1.5]", "[[]]", "[null]",
                            "[{}]", "[yes]", "[[{name: a}]]")
        items = ["null" if self.chance(0.03) else make() for _ in range(self.random.randrange(4))]
        return "[" + ", ".join(items) + "]"

    def maintainer(self):
        fields = self.random.sample(["name", "email", "url", "other"], self.random.randrange(4))
        fields += ["name"] if self.chance(0.1) else []
        return "{" + ", ".join(f"{self.spelling(f)}: {self.flow(9 if self.chance(0.95) else 2)}"
                               for f in fields) + "}"

    def dependency(self):
        members = []
        for field in self.random.sample(DEPENDENCY_FIELDS, self.random.randrange(6)):
            if field == "tags":
                value = self.text_list()
            elif field == "enabled":
                value = self.one("true", "false", "yes", "no", "null", "on") if self.chance(0.9) else self.flow(9)
            elif field == "import-values":
                value = "[" + ", ".join(self.flow() for _ in range(self.random.randrange(4))) + "]"
                value = value if self.chance(0.95) else self.flow(2)
            elif field == "alias":
                value = self.one("a", "b_c", "D-1", "1.5", "é", "a b", "a.b", "''", "null", '"a\\n"', "7")
            elif field == "name":
                value = self.one("a", "b", "c", "d", "e", "1.10") if self.chance(0.8) else self.flow(9)
            else:
                value = self.flow(9)
            members.append(f"{self.spelling(field)}: {value}")
        return "{" + ", ".join(members) + "}"

    def annotations(self):
        if self.chance(0.1):
            return self.one("", "null", "''", "x", "[]", "[a]", "12", "yes", "{a: [b]}", "{a: {}}", "{? [a] : b}")
        return "{" + ", ".join(f"{self.one('a', 'A', 'b/c', '1', '1.50', '.inf', '-.NaN', '~', 'yes', 'no', '1e7', '0o17', 'é')}: "
                               f"{self.flow(9)}" for _ in range(self.random.randrange(5))) + "}"

    def member(self, field):
        key = self.spelling(field)
        if field in LIST_FIELDS:
            value = self.text_list()
        elif field == "maintainers":
            value = self.objects(self.maintainer)
        elif field == "dependencies":
            value = self.objects(self.dependency)
        elif field == "annotations":
            value = self.annotations()
        elif field == "deprecated":
            value = self.one("true", "false", "yes", "OFF", "null", "y", "~") if self.chance(0.8) else self.flow(9)
        elif field == "version":
            value = self.one(*VERSIONS) if self.chance(0.5) else "1.2.3"
        elif field == "name":
            value = self.one(*NAMES) if self.chance(0.5) else "x"
        elif field == "type":
            value = self.one("application", "library", "''", "null", "Library", "x", "yes")
        elif self.chance(0.08):
            value = self.one(*BLOCKS).replace("{i}", "")
        else:
            value = self.scalar() if self.chance(0.93) else self.flow()
        return f"{key}: {value}\n"

    def document(self, base):
        fields = TEXT_FIELDS + LIST_FIELDS + ["maintainers", "dependencies", "annotations", "deprecated",
                                              "engine", "urls", "digest"]
        count = self.one(1, 1, 2, 2, 3, 5)
        lines = [self.member(self.random.choice(fields)) for _ in range(count)]
        if self.chance(0.3):  # several spellings of one field
            field = self.random.choice(fields)
            lines += [self.member(field) for _ in range(self.one(1, 2, 3))]
        if base:
            # What the odd fields do not set.
            given = {re.sub(r"[^a-z]", "", line.split(":")[0].lower()) for line in lines}
            lines += [f"{key}: {value}\n" for key, value in
                      (("apiVersion", "v2"), ("name", "x"), ("version", "1.2.3"))
                      if key.lower() not in given and self.chance(0.97)]
        self.random.shuffle(lines)
        text = "".join(lines)
        odd = self.random.random()
        if odd < 0.02:
            text = "---\n" + text + self.one("", "...\n", "---\nname: [\n", "...\n\x01")
        elif odd < 0.03:
            text = self.one("", "null\n", "[]\n", "x\n", "12\n", "--- \n", "{}\n", "~", "- a\n", "%YAML 1.1\n---\n") + \
                self.one("", text)
        elif odd < 0.04:
            text = text.replace("\n", self.one("\r\n", "\r", "\u0085", "\u2028"))
        elif odd < 0.05:
            text += self.one("# \x7f\n", "# \u0080\n", "# \ufffe\n", "\tx: y\n", "x: \x01\n", "{", "a: b: c\n",
                             "*x : 1\n", "<<: {home: m}\n", "<<: [{home: m}, {icon: n}]\n", "<<: 1\n",
                             "home: &a [*a]\n", "&a name: y\nhome: *a\n", "x: *unknown\n", "? [a]\n: b\n")
        return text

    def lock(self):
        return self.one("", "generated: " + self.scalar() + "\n", "digest: " + self.flow() + "\n",
                        "dependencies: " + self.objects(self.dependency) + "\n",
                        "generated: '" + self.one("2020-01-02T3:04:05Z", "2020-01-02T03:04:05,5+24:60",
                                                  "2020-13-01T00:00:00Z", "2020-01-02", "2020-01-02T03:04:05Zx",
                                                  "2020-02-30T00:00:00Z", "2020-01-02T03:04:05+0100") + "'\n")

    def package(self):
        """A list of (path, text or bytes); the first is a Chart.yaml."""
        files = self.files()
        if self.chance(0.02):
            at = self.random.randrange(len(files))
            files[at] = (files[at][0], self.in_bytes(files[at][1]))
        return files

    def in_bytes(self, text):
        """In UTF-16, or with bytes that are no UTF-8."""
        if self.chance(0.5):
            return text.encode(self.one("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"))
        data = bytearray(text.encode())
        data.insert(self.random.randrange(len(data) + 1), self.one(0x80, 0xC3, 0xFF, 0xED, 0xF5, 0, 0x1B))
        return bytes(data)

    def files(self):
        files = [("Chart.yaml", self.document(True))]
        if self.chance(0.15):
            files.append(("Chart.yaml", self.document(False)))
        if self.chance(0.25):
            files.append(("requirements.yaml", self.document(False)))
        if self.chance(0.05):
            files.append((self.one("Chart.lock", "requirements.lock"), self.lock()))
        if self.chance(0.05):
            files.append(("values.yaml", self.one("a: 1\n", "[]\n", "x\n", "~\n", "a: .inf\n", "a: '.inf'\n",
                                                  ".nan: 1\n", "[a\n", "? {a: b}\n: c\n", "a: " + self.flow() + "\n")))
        return files


def write_package(path, files):
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT, compresslevel=1) as archive:
        for name, text in files:
            data = text if isinstance(text, bytes) else text.encode("utf-8")
            member = tarfile.TarInfo("x/" + name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def helm_environment(folder):
    return {"HOME": str(folder), "PATH": "/usr/bin:/bin"}


def helm_entries(helm, folder):
    """File name -> metadata of every package that Helm takes."""
    subprocess.run([helm, "repo", "index", str(folder), "--json"], check=True, capture_output=True,
                   env=helm_environment(folder))
    index = json.loads((folder / "index.yaml").read_text(encoding="utf-8"))
    entries = {}
    for versions in (index["entries"] or {}).values():
        for entry in versions:
            name = entry.pop("urls")[0]
            entry.pop("created"), entry.pop("digest")
            entries[name] = entry
    return entries


def helm_error(helm, folder, name):
    run = subprocess.run([helm, "show", "chart", str(folder / name)], capture_output=True, text=True,
                         env=helm_environment(folder))
    lines = [line for line in run.stderr.splitlines() if "Warning: " not in line]
    return "\n".join(lines).removeprefix("Error: ")


def essence(error):
    """An error without what may differ: Helm 4 moved its types to another package, lines are
    counted a little differently by libyaml, and Go prints mappings in random order."""
    if error is None:
        return None
    error = re.sub(r"\bv2\.(Maintainer|Dependency|Metadata|Lock)\b", r"chart.\1", error)
    error = error.replace("cannot unmarshal yaml document: ", "")
    error = re.sub(r"yaml: line \d+: ", "yaml: ", error)
    return re.sub(r"(unsupported map key of type: \S+, key: ).*", r"\1", error, flags=re.DOTALL)


def our_results(reader, folder, names):
    """File name -> metadata, and file name -> error."""
    paths = "".join(f"{folder / name}\n" for name in names)
    run = subprocess.run([reader], input=paths, check=True, capture_output=True, text=True)
    entries, errors = {}, {}
    for name, line in zip(names, run.stdout.removesuffix("\n").split("\n"), strict=True):
        result = json.loads(line)
        if "metadata" in result:
            entries[name] = result["metadata"]
        else:
            errors[name] = result["error"]
    return entries, errors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    options = parser.parse_args()
    helm, reader = os.environ.get("HELM"), os.environ.get("READ_METADATA")
    if not helm or not reader:
        print("skipped: HELM and READ_METADATA name no binaries")
        return 77

    maker = Maker(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.keep or temporary)
        folder.mkdir(exist_ok=True)
        packages = {f"{number:05}.tgz": maker.package() for number in range(options.count)}
        for name, files in packages.items():
            write_package(folder / name, files)
        theirs = helm_entries(helm, folder)
        ours, our_errors = our_results(reader, folder, packages)
        refused = [name for name in packages if name not in theirs]
        with ThreadPoolExecutor(2) as pool:
            their_errors = dict(zip(refused, pool.map(lambda name: helm_error(helm, folder, name), refused)))

    wrong, texts = 0, 0
    for name, files in packages.items():
        if ours.get(name) != theirs.get(name):
            wrong += 1
        elif essence(our_errors.get(name)) != essence(their_errors.get(name)):
            texts += 1
        else:
            continue
        print(f"== {name}")
        for path, text in files:
            print(f"-- {path}\n{text!r}")
        print("ours:  ", ours.get(name, our_errors.get(name)))
        print("theirs:", theirs.get(name, their_errors.get(name)))
    print(f"{len(packages)} packages, {len(theirs)} accepted by Helm, {wrong} differ, "
          f"{texts} refused with another text")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
