# SPDX-License-Identifier: Apache-2.0
"""Certificates for a test, made with the openssl command as an operator would make them."""

import subprocess


def openssl(*arguments, cwd=None, check=True, **how):
    return subprocess.run(["openssl", *map(str, arguments)], cwd=cwd, check=check,
                          capture_output=True, timeout=60, **how)


class Authority:
    """Signs certificates; keeps its files in a folder of its own."""

    def __init__(self, folder, name):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.certificate = folder / "ca.crt"
        self.key = folder / "ca.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                "-keyout", self.key, "-out", self.certificate, "-days", "30", "-subj", f"/CN={name}",
                "-addext", "basicConstraints=critical,CA:TRUE")

    def issue(self, name, subject="/CN=localhost", extensions="", days=7):
        """(certificate, key); `days` may be negative for one that has expired."""
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        request, settings = self.folder / f"{name}.csr", self.folder / f"{name}.cnf"
        settings.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n" + extensions)
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                "-keyout", key, "-out", request, "-subj", subject)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                "-out", certificate, "-days", days, "-extfile", settings)
        return certificate, key
