# SPDX-License-Identifier: Apache-2.0
"""HTTPS with the clients that people use: curl, Helm, openssl s_client, Python."""

import hashlib
import os
import signal
import subprocess
import threading

import pytest
import requests

from certificates import Authority, openssl
from museum import PATIENCE, eventually
from packages import large_package, package
from secure_museum import await_port, tls_options


@pytest.fixture
def secure(start_secure):
    return start_secure()


# Protocols.

@pytest.mark.parametrize("version, name", [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
def test_speaks_both_versions_and_resumes_sessions(secure, tmp_path, version, name):
    session = tmp_path / "session.pem"
    first = secure.s_client(version, "-sess_out", session)
    assert f"New, {name}" in first and "Verification: OK" in first
    assert '{"healthy":true}' in first
    assert "Strict-Transport-Security: max-age=31536000" in first
    for _ in range(5):  # whichever thread it meets
        again = secure.s_client(version, "-sess_in", session)
        assert f"Reused, {name}" in again and '{"healthy":true}' in again


def test_refuses_old_versions_and_weak_ciphers(secure):
    assert "Cipher is (NONE)" in secure.s_client("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    assert "Cipher is (NONE)" in secure.s_client("-tls1_2", "-cipher", "AES128-SHA:ECDHE-ECDSA-AES128-SHA")
    assert "ECDHE-ECDSA-CHACHA20-POLY1305" in secure.s_client(
        "-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305")


def test_agrees_on_http_1_1(secure):
    assert "ALPN protocol: http/1.1" in secure.s_client("-alpn", "h2,http/1.1")
    assert "no application protocol" in secure.s_client("-alpn", "h2")


def test_answers_plain_http_with_what_to_do(secure):
    answer = requests.get(f"http://localhost:{secure.museum.port}/index.yaml", timeout=PATIENCE)
    assert answer.status_code == 400
    assert answer.json() == {"error": "this port speaks HTTPS: use https://"}
    assert answer.headers["Content-Type"].startswith("application/json")


def test_does_not_wait_for_stalled_handshakes(secure):
    stalled = [secure.museum.connect() for _ in range(50)]
    for connection in stalled[:25]:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")
    assert secure.get("/health").status_code == 200
    for connection in stalled:
        assert connection.recv(1) == b""  # after the handshake's time
    assert secure.get("/health").status_code == 200


# Charts.

def test_keeps_every_byte_of_what_is_pushed_and_pulled(secure, tmp_path):
    for version, size in (("1.0.0", 1000), ("2.0.0", 300_000), ("3.0.0", 4_500_000)):
        chart = large_package("big", version, size)
        assert secure.request("POST", "/api/charts", data=chart).status_code == 201
        path = f"/charts/big-{version}.tgz"
        answer = secure.get(path)
        assert answer.content == chart
        assert secure.request("HEAD", path).headers["Content-Length"] == str(len(chart))
        assert secure.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        part = secure.get(path, headers={"Range": "bytes=500-699"})
        assert (part.status_code, part.content) == (206, chart[500:700])
        target = tmp_path / "pulled"
        slowly = ["--limit-rate", "4M"] if size > 1_000_000 else []
        assert secure.curl(path, "--output", str(target), *slowly).returncode == 0
        assert target.read_bytes() == chart


def test_works_with_helm(helm, secure, tmp_path):
    chart = package("alpha", "1.0.0")
    assert secure.request("POST", "/api/charts", data=chart).status_code == 201
    assert helm.run("repo", "add", "museum", secure.url).returncode != 0  # an unknown authority
    helm("repo", "add", "museum", secure.url, "--ca-file", secure.authority)
    assert helm.search("museum/") == [("museum/alpha", "1.0.0")]
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == chart


# Clients' certificates.

def test_mutual_tls_works_with_helm(helm, start_secure, clients, tmp_path):
    certificate, key = clients.issue("ci", "/O=Example/CN=ci")
    secure = start_secure(clients=clients, client=(certificate, key))
    chart = package("alpha", "1.0.0")
    assert secure.request("POST", "/api/charts", data=chart).status_code == 201
    assert helm.run("repo", "add", "museum", secure.url, "--ca-file",
                    secure.authority).returncode != 0
    helm("repo", "add", "museum", secure.url, "--ca-file", secure.authority,
         "--cert-file", certificate, "--key-file", key)
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == chart


@pytest.mark.parametrize("path", ["/", "/health", "/info", "/index.yaml", "/api/charts", "/nowhere"])
def test_mutual_tls_holds_for_every_route(start_secure, clients, path):
    secure = start_secure(clients=clients)
    done = secure.curl(path)
    assert done.returncode != 0 and done.stdout == b""
    assert b"alert certificate required" in done.stderr
    eventually(lambda: "the client sent no certificate" in secure.museum.log(), "it is logged")


@pytest.mark.parametrize("which, reason", [("expired", "certificate has expired"),
                                           ("foreign", "unable to get local issuer certificate"),
                                           ("of a server", "unsuitable certificate purpose")])
def test_mutual_tls_refuses_other_certificates(start_secure, clients, tmp_path, which, reason):
    if which == "expired":
        certificate, key = clients.issue("bad", days=-1)
    elif which == "foreign":
        certificate, key = Authority(tmp_path / "foreign", "Foreign Authority").issue("bad")
    else:
        certificate, key = clients.issue("bad", extensions="extendedKeyUsage=serverAuth\n")
    secure = start_secure(clients=clients)
    done = secure.curl("/health", "--cert", str(certificate), "--key", str(key))
    assert done.returncode != 0 and done.stdout == b"" and b"alert" in done.stderr
    eventually(lambda: reason in secure.museum.log(), "it is logged")
    assert "TLS handshake refused" in secure.museum.log()


# Files.

def replace(identity, fresh):
    """As renewing programs do it: each file at once, one after the other."""
    for old, new in zip(identity, fresh):
        os.replace(new, old)


def shown(secure):
    return openssl("x509", "-noout", "-serial", input=secure.s_client().encode()).stdout


def test_shows_a_renewed_certificate_without_dropping_a_connection(secure, authority, identity):
    """Clients with a connection of their own, and clients that come anew, while it changes."""
    chart = large_package("big", "1.0.0", 300_000)
    assert secure.request("POST", "/api/charts", data=chart).status_code == 201
    digest = hashlib.sha256(chart).hexdigest()
    failures, rounds, done = [], [0, 0], threading.Event()

    def ask(at, fresh):
        session = requests.Session()
        session.trust_env = False
        while not done.is_set():
            try:
                if fresh:
                    session = requests.Session()
                    session.trust_env = False
                answer = session.get(secure.url + "/charts/big-1.0.0.tgz",
                                     verify=str(secure.authority), timeout=PATIENCE)
                assert hashlib.sha256(answer.content).hexdigest() == digest
                rounds[at] += 1
            except Exception as failure:  # pylint: disable=broad-except
                failures.append(failure)

    askers = [threading.Thread(target=ask, args=(0, False)), threading.Thread(target=ask, args=(1, True))]
    for asker in askers:
        asker.start()
    for turn in range(3):
        before = shown(secure)
        replace(identity, authority.issue(f"renewed-{turn}"))
        if turn == 2:
            secure.museum.process.send_signal(signal.SIGHUP)  # at once
        eventually(lambda: shown(secure) != before, "the new certificate is shown")
    at_the_end = list(rounds)
    eventually(lambda: all(now > then for now, then in zip(rounds, at_the_end)), "requests go on")
    done.set()
    for asker in askers:
        asker.join()
    assert not failures


def test_keeps_the_old_certificate_while_the_new_one_is_broken(secure, authority, identity):
    before = shown(secure)
    certificate, key = authority.issue("renewed")
    identity[0].write_text("broken")
    eventually(lambda: "the old ones stay in force" in secure.museum.log(), "it is logged")
    assert str(identity[0]) in secure.museum.log()
    assert shown(secure) == before
    replace(identity, (certificate, key))
    eventually(lambda: shown(secure) != before, "the new certificate is shown")


def test_follows_the_authorities_of_clients(start_secure, clients, tmp_path):
    certificate, key = clients.issue("ci")
    secure = start_secure(clients=clients, client=(certificate, key))
    assert secure.get("/health").status_code == 200
    others = Authority(tmp_path / "others", "Another Authority")
    os.replace(others.certificate, clients.certificate)
    secure.museum.process.send_signal(signal.SIGHUP)
    eventually(lambda: secure.curl("/health", "--cert", str(certificate), "--key",
                                   str(key)).returncode != 0, "the old authority counts no more")


def complaint(binary, folder, *options):
    done = subprocess.run([str(binary), "--port=0", f"--storage-local-rootdir={folder}", *options],
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode != 0
    return done.stderr


def test_does_not_start_with_files_that_cannot_be_meant(binary, folder, authority, identity, tmp_path):
    certificate, key = identity
    other_key = authority.issue("other")[1]
    encrypted = tmp_path / "encrypted.key"
    openssl("pkey", "-in", key, "-out", encrypted, "-aes256", "-passout", "pass:secret")
    nothing = tmp_path / "nothing"
    for options, file, reason in [
            ((certificate, other_key), other_key, "is not the key of"),
            ((certificate, encrypted), encrypted, "the key is encrypted"),
            ((key, certificate), key, "are the two files swapped?"),
            ((nothing, key), nothing, "No such file"),
            ((certificate, nothing), nothing, "No such file"),
            ((certificate, tmp_path), tmp_path, "")]:
        said = complaint(binary, folder, *tls_options(options))
        assert str(file) in said and reason in said
    said = complaint(binary, folder, *tls_options(identity), f"--tls-ca-cert={certificate}")
    assert str(certificate) in said and "holds no certificate of an authority" in said
    assert "--tls-key" in complaint(binary, folder, f"--tls-cert={certificate}")
    assert "--tls-cert" in complaint(binary, folder, f"--tls-ca-cert={authority.certificate}")


def test_starts_with_an_expired_certificate_and_says_so(start_museum, authority):
    museum = start_museum(*tls_options(authority.issue("old", days=-1)), ready=False)
    await_port(museum)
    eventually(lambda: "the certificate has expired" in museum.log(), "it is logged")
    answer = requests.get(f"https://localhost:{museum.port}/health", verify=False, timeout=PATIENCE)
    assert answer.status_code == 200


# The process.

def test_stops_with_connections_of_every_kind(secure):
    chart = large_package("big", "1.0.0", 4_500_000)
    assert secure.request("POST", "/api/charts", data=chart).status_code == 201
    idle = secure.session  # has a connection
    silent = secure.museum.connect()
    download = subprocess.Popen(
        ["curl", "--silent", "--show-error", "--cacert", secure.authority, "--limit-rate", "2M",
         secure.url + "/charts/big-1.0.0.tgz"], stdout=subprocess.PIPE)
    first = download.stdout.read(100_000)
    secure.museum.process.send_signal(signal.SIGTERM)
    rest = download.stdout.read()
    assert download.wait(PATIENCE) == 0 and first + rest == chart
    assert secure.museum.process.wait(PATIENCE) == 0
    assert silent.recv(1) == b""
    idle.close()


def test_a_hangup_still_ends_a_server_that_has_nothing_to_reload(museum):
    assert museum.stop(signal.SIGHUP) == -signal.SIGHUP


# Headers, and who asks.

def test_sends_the_headers_that_careful_servers_send(museum):
    for path in ("/", "/health", "/index.yaml", "/nowhere"):
        assert museum.get(path).headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in museum.get(path).headers
    assert "default-src 'none'" in museum.get("/").headers["Content-Security-Policy"]


def test_believes_only_trusted_proxies_about_their_clients(start_museum):
    claim = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    museum = start_museum()
    museum.get("/info", headers=claim)
    eventually(lambda: '"/info"' in museum.log(), "it is logged")
    assert '"clientIP": "127.0.0.1"' in museum.log() and "203.0.113.9" not in museum.log()
    proxied = start_museum("--trusted-proxies=127.0.0.1")
    proxied.get("/info", headers=claim)
    eventually(lambda: '"/info"' in proxied.log(), "it is logged")
    assert '"clientIP": "203.0.113.9"' in proxied.log()
