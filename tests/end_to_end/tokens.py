# SPDX-License-Identifier: Apache-2.0
"""JSON Web Tokens (RFC 7519) for a test, signed with the openssl command."""

import base64
import json
import tempfile
import time

from certificates import openssl

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
REALM = "https://auth.example.com/token"
SERVICE = "charts.example.com"
# Values that no claim is meant to have.
MISFITS = [None, True, "text", "99999999999", -1, [], [1], {}, {"a": [{}]}, "", 1e400, [None]]
CURVES = {"ES256": ("P-256", 32), "ES384": ("P-384", 48)}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def access(repository, *actions):
    return {"type": "artifact-repository", "name": repository, "actions": list(actions)}


def claims(*entries, **others):
    now = int(time.time())
    return {"access": list(entries), "iat": now, "exp": now + 600, **others}


def fixed_width(signature, width):
    """An ECDSA signature as JOSE has it (RFC 7518, 3.4), out of the two numbers in DER."""
    end = 4 + signature[3]  # SEQUENCE, its length; INTEGER, its length, the first number
    r, s = signature[4:end], signature[end + 2:]
    return b"".join(int.from_bytes(number, "big").to_bytes(width, "big") for number in (r, s))


class Signer:
    """A key pair of its own; `public` and `certificate` are PEM files for the server."""

    def __init__(self, folder, algorithm="RS256", name=None):
        self.algorithm = algorithm
        name = name or algorithm
        self.key, self.public = folder / f"{name}.key", folder / f"{name}.pub"
        self.certificate = folder / f"{name}.crt"
        if algorithm == "EdDSA":
            kind = ["-algorithm", "ED25519"]
        elif algorithm in CURVES:
            kind = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{CURVES[algorithm][0]}"]
        else:
            kind = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        openssl("genpkey", *kind, "-out", self.key)
        openssl("pkey", "-in", self.key, "-pubout", "-out", self.public)

    def certify(self):
        openssl("req", "-x509", "-new", "-key", self.key, "-out", self.certificate, "-days", "2",
                "-subj", "/CN=tokens")
        return self.certificate

    def signature(self, text):
        with tempfile.NamedTemporaryFile() as file:  # what Ed25519 signs must have a known size
            file.write(text)
            file.flush()
            if self.algorithm == "EdDSA":
                return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.key,
                               "-in", file.name).stdout
            padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
            made = openssl("dgst", f"-sha{self.algorithm[2:]}", "-sign", self.key,
                           *(padding if self.algorithm.startswith("PS") else []),
                           file.name).stdout
        if self.algorithm in CURVES:
            return fixed_width(made, CURVES[self.algorithm][1])
        return made

    def token(self, payload, **header):
        """`payload`: claims, or bytes to sign as they are."""
        if not isinstance(payload, bytes):
            payload = compact(payload)
        head = compact({"alg": self.algorithm, "typ": "JWT", **header})
        text = f"{base64url(head)}.{base64url(payload)}"
        return f"{text}.{base64url(self.signature(text.encode()))}"

    def grant(self, repository, *actions, **others):
        """A token for these actions."""
        return self.token(claims(access(repository, *actions), **others))


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def token_options(*files):
    """Makes a server take tokens that are signed with the keys in these files."""
    return ("--bearer-auth", f"--auth-realm={REALM}", f"--auth-service={SERVICE}",
            f"--auth-cert-path={','.join(map(str, files))}")


def challenge(repository, action):
    return (f'Bearer realm="{REALM}",service="{SERVICE}",'
            f'scope="artifact-repository:{repository}:{action}"')


PULL, PUSH = challenge("repo", "pull"), challenge("repo", "push")
