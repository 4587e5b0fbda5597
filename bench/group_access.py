# SPDX-License-Identifier: Apache-2.0
"""What asking for credentials and speaking TLS cost, beside nginx that does the same."""

import base64
import contextlib
import itertools
import json
import os
import pathlib
import subprocess

from bench import Bench
from report import Row
from servers import Running, museum, nginx
from traffic import Figures, wrk

TITLE = "Credentials and HTTPS"
CONNECTIONS = 32
LOGIN = {"Authorization": "Basic " + base64.b64encode(b"admin:secret").decode()}


def run(bench: Bench) -> list[Row]:
    storage = bench.work / "access"
    storage.mkdir()
    for path in itertools.islice(bench.data.small_charts.iterdir(), 100):  # so few are indexed at once
        os.link(path, storage / path.name)
    package = f"/charts/{min(path.name for path in storage.iterdir())}"
    files = bench.work / "access-files"
    files.mkdir()
    root = bench.work / "access-root"
    root.mkdir()
    (root / "charts").symlink_to(storage)
    certificate, key = _certificate(files)
    token = {"Authorization": f"Bearer {_token(files)}"}
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "secret"], check=True, capture_output=True, text=True).stdout
    (files / "users").write_text(f"admin:{hashed}")
    (files / "htpasswd").write_text("admin:" + _sha_crypt("secret") + "\n")

    # nginx hashes the password for each request; $apr1$ is the cheapest form that it has and that anybody uses.
    their_login = f'auth_basic "ChartMuseum"; auth_basic_user_file {files}/users;'
    their_tls = (f"ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3; "
                 "ssl_session_cache shared:bench:1m; ssl_session_tickets on;")
    one_login = ("--basic-auth-user=admin", "--basic-auth-pass=secret")
    cases = [("no credentials", (), {}, "", False), ("one login", one_login, LOGIN, their_login, False),
             ("a login of --auth-htpasswd", (f"--auth-htpasswd={files}/htpasswd",), LOGIN, their_login, False),
             ("a bearer token", ("--bearer-auth", f"--auth-cert-path={files}/token.pub"), token, None, False),
             ("HTTPS", (f"--tls-cert={certificate}", f"--tls-key={key}"), {}, their_tls, True),
             ("HTTPS and one login", (f"--tls-cert={certificate}", f"--tls-key={key}", *one_login), LOGIN,
              their_tls + their_login, True)]
    rows = [_measure(bench, storage, root, package, *case) for case in cases]
    bench.put_away(storage)
    bench.put_away(root)
    return rows


def _measure(bench: Bench, storage, root, package, what, options, headers, their_settings, secure) -> Row:
    row = Row(f"small package, {what}, {CONNECTIONS} connections", "/s", rival="nginx")
    rival = contextlib.nullcontext() if their_settings is None else nginx(root, bench.work, their_settings, secure)
    with museum(bench.binary, storage, bench.work, options, index=False) as ours, rival as theirs:
        def ask(server: Running, path: str) -> Figures:
            return wrk(server, path, CONNECTIONS, bench.seconds, headers, secure=secure)

        for _ in range(bench.rounds):
            for server, rates, cpu, path in ((ours, row.ours, row.cpu_ours, package), (theirs, row.theirs, row.cpu_theirs, package)):
                if server:
                    figures = ask(server, path)
                    rates.append(figures.rate)
                    cpu.append(figures.cpu)
    if their_settings is None:
        row.rival = ""
    return bench.add(row)


def _certificate(folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    certificate, key = folder / "tls.crt", folder / "tls.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                    "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"],
                   check=True, capture_output=True)
    return certificate, key


def _token(folder: pathlib.Path) -> str:
    """A token that lets its bearer pull, and the public key to check it with."""
    key = folder / "token.key"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", folder / "token.pub"], check=True, capture_output=True)

    def encoded(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    claims = {"access": [{"type": "artifact-repository", "name": "repo", "actions": ["pull"]}]}
    text = encoded(b'{"alg":"RS256"}') + "." + encoded(json.dumps(claims).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), check=True,
                               capture_output=True).stdout
    return text + "." + encoded(signature)


def _sha_crypt(password: str) -> str:
    return subprocess.run(["openssl", "passwd", "-6", password], check=True, capture_output=True, text=True).stdout.strip()
