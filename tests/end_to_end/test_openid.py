# SPDX-License-Identifier: Apache-2.0
"""Tokens of a real OpenID Connect provider, found by its name: `oidc-provider` of npm."""

import base64
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

import pytest
import requests

from museum import PATIENCE, eventually, free_port
from packages import package
from refusals import FORBIDDEN, complaint, refused
from tokens import bearer

SERVICE = "https://charts.example.com"
CHALLENGE = f'Bearer realm="",service="{SERVICE}",scope="artifact-repository:repo:pull"'
POLICY = """\
rules:
  - {users: "token:robot", repositories: ".", actions: [pull, push]}
  - {users: "token:reader", repositories: ".", actions: [pull]}
"""


class Provider:
    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            ["node", pathlib.Path(__file__).parent / "openid_provider.mjs", folder, str(self.port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.kid = self.read_kid()

    def read_kid(self):
        for line in self.process.stdout:
            if line.startswith("kid "):
                return line.split()[1]
        self.process.wait(PATIENCE)
        self.errors.seek(0)
        return pytest.skip(f"the OpenID provider does not run here: {self.errors.read()}")

    def rotate(self):
        self.process.stdin.write("rotate\n")
        self.process.stdin.flush()
        self.kid = self.read_kid()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)

    def token(self, client="robot", resource=SERVICE):
        answer = requests.post(
            self.url + "/token", timeout=PATIENCE, proxies={"http": None},
            data={"grant_type": "client_credentials", "client_id": client,
                  "client_secret": f"secret of {client}", "resource": resource, "scope": "charts"})
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        assert header_of(token)["kid"] == self.kid
        return token


def header_of(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))


@pytest.fixture
def provider():
    folder = os.environ.get("OIDC_PROVIDER")
    if not folder or not shutil.which("node"):
        pytest.skip("OIDC_PROVIDER names no oidc-provider (script/openid-provider fetches it), "
                    "or there is no node")
    provider = Provider(folder)
    yield provider
    provider.stop()


def options(provider, folder):
    policy = folder.parent / "policy.yaml"
    policy.write_text(POLICY)
    return ("--bearer-auth", f"--auth-oidc-issuer={provider.url}", f"--auth-service={SERVICE}",
            f"--auth-policy={policy}")


@pytest.fixture
def museum(start_museum, folder, provider):
    return start_museum(*options(provider, folder))


def pulled(museum, token):
    return museum.get("/index.yaml", headers=bearer(token))


def test_takes_tokens_of_the_issuer(museum, provider):
    robot, reader = provider.token(), provider.token("reader")
    assert museum.push(package(), headers=bearer(robot)).status_code == 201
    assert pulled(museum, robot).status_code == 200
    assert pulled(museum, reader).status_code == 200
    answer = museum.push(package(), headers=bearer(reader))
    assert answer.status_code == 403 and answer.json() == FORBIDDEN
    assert refused(museum.get("/index.yaml"), CHALLENGE)


def test_refuses_tokens_that_are_meant_for_others(museum, provider):
    assert refused(pulled(museum, provider.token(resource="https://other.example.com")), CHALLENGE)
    assert refused(pulled(museum, provider.token(resource=SERVICE + "/x")), CHALLENGE)


def test_refuses_tokens_that_the_issuer_did_not_sign(museum, provider, signer):
    now = int(time.time())
    claims = {"iss": provider.url, "aud": SERVICE, "sub": "robot", "exp": now + 600}
    for header in ({}, {"kid": provider.kid}, {"kid": "unknown"}):
        assert refused(pulled(museum, signer.token(claims, **header)), CHALLENGE)
    head, payload, signature = provider.token().split(".")
    assert refused(pulled(museum, f"{head}.{payload}.{signature[:-8]}AAAAAAAA"), CHALLENGE)


def test_takes_the_issuers_new_keys_at_once(museum, provider):
    old = provider.token()
    assert pulled(museum, old).status_code == 200
    provider.rotate()
    new = provider.token()
    # At once, or as soon as the issuer may be asked again: a stranger must not make us ask often.
    eventually(lambda: pulled(museum, new).status_code == 200, "the new key holds")
    assert refused(pulled(museum, old), CHALLENGE)


def test_goes_on_while_the_issuer_is_down(museum, provider):
    known, fresh = provider.token(), provider.token("reader")
    assert pulled(museum, known).status_code == 200
    provider.stop()
    assert pulled(museum, known).status_code == 200
    assert pulled(museum, fresh).status_code == 200  # signed with a key that is known
    assert museum.get("/health").status_code == 200


def test_says_so_while_it_cannot_get_the_issuers_keys(start_museum, folder, provider):
    token = provider.token()
    provider.stop()
    museum = start_museum(*options(provider, folder))
    answer = pulled(museum, token)
    assert answer.status_code == 503
    assert answer.json() == {"error": "credentials cannot be checked at the moment"}
    assert int(answer.headers["Retry-After"]) > 0
    assert "WWW-Authenticate" not in answer.headers
    assert museum.get("/health").status_code == 200
    eventually(lambda: provider.url in museum.log(), "the log says whom it cannot reach")
    assert token.split(".")[2] not in museum.log()


def test_works_with_helm(helm, museum, provider, tmp_path):
    chart = package("alpha", "1.0.0")
    assert museum.push(chart, headers=bearer(provider.token())).status_code == 201
    helm("repo", "add", "museum", museum.url, "--username", "x", "--password",
         provider.token("reader"))
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == chart


class OddIssuer(http.server.BaseHTTPRequestHandler):
    """Answers like no issuer that is meant well; `self.server.oddity` says how."""

    def do_GET(self):  # pylint: disable=invalid-name
        oddity, url = self.server.oddity, f"http://127.0.0.1:{self.server.server_port}"
        status, headers = 200, {}
        body = json.dumps({"issuer": url, "jwks_uri": url + "/keys"}).encode()
        if oddity == "redirects":
            status, headers = 302, {"Location": url + "/keys"}
        elif oddity == "fails":
            status = 500
        elif oddity == "is huge":
            body = b'{"issuer":"' + bytes(5_000_000)
        elif oddity == "is no JSON":
            body = b"<html>"
        elif oddity == "is another":
            body = json.dumps({"issuer": url + "/", "jwks_uri": url + "/keys"}).encode()
        elif oddity == "names a file":
            body = json.dumps({"issuer": url, "jwks_uri": "file:///etc/passwd"}).encode()
        elif self.path == "/keys":
            body = b'{"keys":' + b"[" * 100_000
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("oddity, reason", [
    ("redirects", "302"), ("fails", "500"), ("is huge", "larger than"), ("is no JSON", "no JSON"),
    ("is another", "not of"), ("names a file", "jwks_uri"), ("nests deeply", "key set")])
def test_is_not_impressed_by_odd_issuers(start_museum, signer, oddity, reason):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OddIssuer) as server:
        server.oddity = oddity
        threading.Thread(target=server.serve_forever, daemon=True).start()
        issuer = f"http://127.0.0.1:{server.server_port}"
        museum = start_museum("--bearer-auth", f"--auth-oidc-issuer={issuer}",
                              f"--auth-service={SERVICE}")
        token = signer.token({"iss": issuer, "aud": SERVICE, "sub": "robot"})
        assert pulled(museum, token).status_code == 503
        eventually(lambda: "Cannot fetch the OpenID issuer's keys" in museum.log(), "it is logged")
        complaint_line = museum.log().split("Cannot fetch the OpenID issuer's keys")[1].splitlines()[0]
        assert issuer in complaint_line and reason in complaint_line
        assert museum.stop() == 0
        server.shutdown()


@pytest.mark.parametrize("issuer, said", [
    ("http://login.example.com", "https"), ("login.example.com", "URL"),
    ("https://user:geheim@login.example.com", "URL"), ("https://login.example.com/?a=b", "URL"),
    ("ftp://login.example.com", "URL")])
def test_does_not_start_with_an_issuer_that_cannot_be_meant(binary, folder, issuer, said):
    text = complaint(binary, folder, "--bearer-auth", f"--auth-oidc-issuer={issuer}",
                     f"--auth-service={SERVICE}")
    assert said in text and "geheim" not in text


def test_does_not_take_every_token_of_an_issuer(binary, folder, signer):
    issuer = "--auth-oidc-issuer=https://login.example.com"
    assert "--auth-service" in complaint(binary, folder, "--bearer-auth", issuer)
    assert "--auth-cert-path" in complaint(binary, folder, "--bearer-auth", issuer,
                                           f"--auth-service={SERVICE}",
                                           f"--auth-cert-path={signer.public}")
