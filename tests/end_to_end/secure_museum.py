# SPDX-License-Identifier: Apache-2.0
"""A museum that speaks HTTPS, and how clients see it."""

import socket
import subprocess

import requests

from certificates import openssl
from museum import PATIENCE, eventually


class SecureMuseum:
    """A museum that speaks HTTPS, seen by a client that trusts its authority."""

    def __init__(self, museum, authority, identity=None):
        self.museum = museum
        self.authority = authority.certificate
        self.identity = identity
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(self.authority)
        if identity:
            self.session.cert = tuple(map(str, identity))
        self.url = f"https://localhost:{museum.port}"

    def request(self, method, path, **how):
        return self.session.request(method, self.url + path, timeout=PATIENCE, **how)

    def get(self, path, **how):
        return self.request("GET", path, **how)

    def curl(self, path, *options):
        return subprocess.run(
            ["curl", "--silent", "--show-error", "--cacert", self.authority, *options,
             self.url + path], capture_output=True, timeout=PATIENCE, check=False)

    def s_client(self, *options, send=b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
        """What openssl s_client says, and what the server sends."""
        done = openssl("s_client", "-connect", f"localhost:{self.museum.port}", "-CAfile",
                       self.authority, "-ign_eof", *options, input=send, check=False)
        return (done.stdout + done.stderr).decode(errors="replace")


def tls_options(identity, clients=None):
    options = [f"--tls-cert={identity[0]}", f"--tls-key={identity[1]}"]
    return options + ([f"--tls-ca-cert={clients.certificate}"] if clients else [])


def await_port(museum):
    """A server that cannot be asked for its health, since that takes a certificate."""
    def listens():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", museum.port)) == 0
    eventually(listens, "the server listens")
