# SPDX-License-Identifier: Apache-2.0
"""The real Helm client, with configuration, cache and data of its own."""

import json
import os
import subprocess


class Helm:
    def __init__(self, binary, home):
        self.binary = binary
        home.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "HELM_CONFIG_HOME": str(home / "config"),
            "HELM_CACHE_HOME": str(home / "cache"),
            "HELM_DATA_HOME": str(home / "data"),
        }

    def run(self, *arguments, cwd=None):
        return subprocess.run([self.binary, *map(str, arguments)], env=self.environment, cwd=cwd,
                              capture_output=True, text=True, timeout=180, check=False)

    def __call__(self, *arguments, cwd=None):
        """Runs a command that must succeed; its standard output."""
        done = self.run(*arguments, cwd=cwd)
        assert done.returncode == 0, f"helm {' '.join(map(str, arguments))}:\n{done.stderr}"
        return done.stdout

    def search(self, term):
        """[(name, version)], in Helm's order."""
        found = json.loads(self("search", "repo", term, "--versions", "--devel", "-o", "json"))
        return [(chart["name"], chart["version"]) for chart in found]
