# SPDX-License-Identifier: Apache-2.0
"""What tests of access control have in common: the form of a refusal, starts that must fail."""

import os
import pathlib
import subprocess

from museum import PATIENCE

UNAUTHORIZED = {"error": "unauthorized"}
FORBIDDEN = {"error": "forbidden"}


def refused(answer, *challenges):
    """Whether this is a proper 401 with these challenges, in this order."""
    given = answer.raw.headers.getlist("WWW-Authenticate")
    assert answer.status_code == 401, answer.text
    assert given == list(challenges)
    if answer.request.method != "HEAD":
        assert answer.json() == UNAUTHORIZED
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return True


def complaint(binary, folder, *options, variables=None):
    """What a server says that must not start, and says why in one line."""
    done = subprocess.run(
        [str(binary), "--port=0", "--listen-host=127.0.0.1", "--storage=local",
         f"--storage-local-rootdir={folder}", *options],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
        env={"PATH": os.environ["PATH"], **(variables or {})})
    assert done.returncode == 1, done.stderr
    complaints = [line for line in done.stderr.splitlines() if line.startswith("chartmuseum: ")]
    assert len(complaints) == 1, done.stderr
    return done.stderr


def replace(path, text):
    """As careful programs do it: the new file at once."""
    new = pathlib.Path(f"{path}.new")
    new.write_text(text)
    os.replace(new, path)
