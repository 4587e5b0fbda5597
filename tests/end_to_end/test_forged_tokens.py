# SPDX-License-Identifier: Apache-2.0
"""Tokens that nobody should believe: forged, malformed, huge."""

import hashlib
import hmac

import pytest

from refusals import refused
from tokens import MISFITS, PULL, Signer, access, base64url, bearer, claims, compact, token_options


# Forgeries.

def hmac_token(secret, algorithm="HS256"):
    text = f"{base64url(compact({'alg': algorithm}))}.{base64url(compact(claims(access('repo', 'pull'))))}"
    return f"{text}.{base64url(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def test_refuses_tokens_that_nobody_signed(guarded, signer):
    payload = base64url(compact(claims(access("repo", "pull"))))
    good = signer.grant("repo", "pull").split(".")[2]
    for algorithm in ("none", "None", "NONE", "nOnE", "", None, 1, [], ["RS256"], {"alg": "RS256"}):
        head = base64url(compact({"alg": algorithm}))
        for signature in ("", good, base64url(b"none")):
            assert refused(guarded.get("/index.yaml",
                                       headers=bearer(f"{head}.{payload}.{signature}")), PULL)
    assert refused(guarded.get("/index.yaml", headers=bearer(f"{base64url(b'{}')}.{payload}.{good}")),
                   PULL)


def test_refuses_the_public_key_as_a_shared_secret(guarded, signer):
    public = signer.public.read_bytes()
    for secret in (public, public.strip(), public.replace(b"\n", b"\r\n"), b""):
        for algorithm in ("HS256", "hs256", "RS256", "ES256"):
            assert refused(guarded.get("/index.yaml",
                                       headers=bearer(hmac_token(secret, algorithm))), PULL)


def test_an_algorithm_must_fit_its_key(guarded, signer):
    for algorithm in ("ES256", "EdDSA", "PS256", "RS512"):
        token = signer.token(claims(access("repo", "pull")), alg=algorithm)
        assert refused(guarded.get("/index.yaml", headers=bearer(token)), PULL)


def test_takes_no_keys_from_the_token_itself(guarded, tmp_path):
    stranger = Signer(tmp_path, name="stranger")
    for header in ({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, {"kid": "../../etc/passwd"},
                   {"x5c": ["AAAA"]}, {"jku": "http://127.0.0.1/keys"}, {"crit": ["exp"]},
                   {"kid": 7}, {"kid": "' or 1=1"}):
        token = stranger.token(claims(access("repo", "pull")), **header)
        assert refused(guarded.get("/index.yaml", headers=bearer(token)), PULL)


@pytest.mark.parametrize("token", ["x", "..", "a.b", "a.b.c.d", "a.b.c", "." * 1000, "ey.ey.ey",
                                   "eyJhbGciOiJSUzI1NiJ9.e30.", "=.=.=", "a b.c.d", '"a.b.c"'])
def test_refuses_what_is_no_token(guarded, token):
    assert refused(guarded.get("/index.yaml", headers=bearer(token)), PULL)


def test_refuses_huge_tokens(guarded, signer):
    for size in (7_000, 20_000, 1_000_000):
        padding = b'{"access":[],"x":"' + b"a" * size + b'"}'
        token = signer.token(padding)
        status, _ = guarded.raw(f"GET /index.yaml HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}"
                                "\r\nConnection: close\r\n\r\n".encode())
        assert status in (401, 431)
    assert guarded.get("/health").status_code == 200


# Claims.

@pytest.mark.parametrize("name", ["exp", "nbf", "iat", "access", "type", "name", "actions", "sub"])
def test_claims_of_the_wrong_type_open_nothing_and_break_nothing(start_museum, signer, name):
    museum = start_museum(*token_options(signer.public))
    for value in MISFITS:
        if name in ("type", "name", "actions"):
            payload = claims({**access("repo", "pull"), name: value})
        else:
            payload = claims(access("repo", "pull"), **{name: value})
        status = museum.get("/index.yaml", headers=bearer(signer.token(payload))).status_code
        harmless = name == "sub" or (name in ("nbf", "iat") and value in (-1,))
        assert status in ((200, 401) if harmless else (401,)), (name, value)
    assert "PANIC" not in museum.log() and museum.alive()


@pytest.mark.parametrize("payload", [
    b"", b"null", b"[]", b'"text"', b"{", b"{}", b"\xff\xfe", b'{"access":' + b"[" * 5000,
    b'{"exp":1e999,"access":[]}', b'{"access":[{"type":"artifact-repository"}]}',
    b'{"access":[],"access":[{"type":"artifact-repository","name":"other","actions":["pull"]}]}'])
def test_payloads_that_say_nothing_open_nothing(guarded, signer, payload):
    assert refused(guarded.get("/index.yaml", headers=bearer(signer.token(payload))), PULL)
