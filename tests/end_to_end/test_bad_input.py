# SPDX-License-Identifier: Apache-2.0
"""Whatever is sent: a clear error, nothing stored, and the next client is served as ever."""

import concurrent.futures
import gzip
import time

import pytest
import requests

from museum import PATIENCE, receive
from packages import bomb, package, provenance, tarball, with_chart_yaml

GOOD = package("good", "1.0.0")


@pytest.fixture
def museum(start_museum):
    """One whose only chart, files and health are compared after whatever the test did."""
    museum = start_museum("--depth=0")
    museum.push(GOOD)
    yield museum
    assert museum.alive(), museum.log()
    assert museum.get("/health").status_code == 200
    assert museum.versions() == {"good": ["1.0.0"]}
    names = {path.name for path in museum.folder.iterdir()}
    assert names <= {"good-1.0.0.tgz", "index-cache.yaml"}
    assert (museum.folder / "good-1.0.0.tgz").read_bytes() == GOOD


def assert_is_error(answer, *statuses):
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    error = answer.json()["error"]
    assert error
    assert "/tmp" not in error and "storage" not in error, "a path of the server"
    return error


LONG = "x" * 10_000

BAD_PACKAGES = {
    "not a gzip": b"this is no package",
    "nothing": b"",
    "one byte": b"\x1f",
    "an empty gzip": gzip.compress(b""),
    "gzip of no tar": gzip.compress(b"x" * 5000),
    "truncated": GOOD[:len(GOOD) // 2],
    "no Chart.yaml": tarball({"mychart/values.yaml": b""}),
    "an empty Chart.yaml": with_chart_yaml(""),
    "a list": with_chart_yaml("- name: mychart\n- version: 1.0.0\n"),
    "a scalar": with_chart_yaml("mychart"),
    "no YAML": with_chart_yaml("name: [unclosed\nversion: }"),
    "binary": with_chart_yaml(bytes(range(256))),
    "a list for a name": with_chart_yaml("name: [a]\nversion: 1.0.0\n"),
    "a mapping for a version": with_chart_yaml("name: a\nversion: {a: b}\n"),
    "text for keywords": with_chart_yaml("name: a\nversion: 1.0.0\nkeywords: a\n"),
    "text for a flag": with_chart_yaml("name: a\nversion: 1.0.0\ndeprecated: 'true'\n"),
    "no name": with_chart_yaml("version: 1.0.0\n"),
    "no version": with_chart_yaml("name: a\n"),
    "a slash in the name": with_chart_yaml("name: a/b\nversion: 1.0.0\n"),
    "the parent for a name": with_chart_yaml("name: ..\nversion: 1.0.0\n"),
    "a path for a name": with_chart_yaml("name: ../../etc/passwd\nversion: 1.0.0\n"),
    "a slash for a name": with_chart_yaml("name: /\nversion: 1.0.0\n"),
    "a slash in the version": with_chart_yaml("name: a\nversion: 1.0.0/../..\n"),
    "a version that is none": with_chart_yaml("name: a\nversion: latest\n"),
    "a line feed in the version": with_chart_yaml("name: a\nversion: \"1.0.0\\n\"\n"),
    "a long name": with_chart_yaml(f"name: {LONG}\nversion: 1.0.0\n"),
    "a long version": with_chart_yaml(f"name: a\nversion: 1.0.0-{LONG}\n"),
    "a member outside": tarball({"good/../../evil": b"x", "Chart.yaml": b"name: a"}),
    "broken values": tarball({"a/Chart.yaml": b"name: a\nversion: 1.0.0\n",
                              "a/values.yaml": b"- a list\n"}),
    "a broken subchart": package("a", "1.0.0", {"charts/b-1.0.0.tgz": b"no package"}),
    "aliases that multiply": with_chart_yaml(
        "name: a\nversion: 1.0.0\n" +
        "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" +
        "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))),
    "deep nesting": with_chart_yaml("name: a\nversion: 1.0.0\nx: " + "[" * 20_000),
}


@pytest.mark.parametrize("bad", BAD_PACKAGES.values(), ids=BAD_PACKAGES.keys())
def test_a_body_that_is_no_package(museum, bad):
    assert_is_error(museum.push(bad), 400)
    assert_is_error(museum.push_form({"chart": bad}), 400)


def test_a_bomb(museum):
    error = assert_is_error(museum.push(bomb()), 400)
    assert "larger than the maximum" in error


def test_control_characters_in_a_name_do_not_reach_the_file_system(start_museum):
    museum = start_museum("--depth=0")
    chart = with_chart_yaml('name: "a\\x01\\x1b[2Jb"\nversion: 1.0.0\n')
    assert museum.push(chart).status_code in (201, 400)
    for path in museum.folder.iterdir():
        assert path.name.isprintable()


@pytest.mark.parametrize("bad", [
    b"", b"no provenance", b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    provenance(GOOD, "a/b", "1.0.0"), provenance(GOOD, "../a", "1.0.0"),
    provenance(GOOD, "x" * 10_000, "1.0.0"), GOOD],
    ids=["empty", "text", "cut", "slash", "parent", "long", "a package"])
def test_a_body_that_is_no_provenance_file(museum, bad):
    assert_is_error(museum.request("POST", "/api/prov", data=bad), 400)
    assert_is_error(museum.push_form({"prov": bad}), 400)


def post(headers, body=b""):
    lines = ["POST /api/charts HTTP/1.1", "Host: museum", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_body_that_claims_to_be_too_large_is_not_read(museum):
    status, answer = museum.raw(post(["Content-Length: 100000000000"]))
    assert status == 413
    assert b'{"error":"request too large"}' in answer


def test_a_chunked_body_is_read_no_further_than_the_limit(start_museum, folder):
    museum = start_museum("--max-upload-size=100000")
    piece = b"x" * 65536

    def endless():
        for _ in range(4096):  # 256 MiB, unless the server says stop
            yield piece

    try:
        assert_is_error(museum.push(endless()), 413)
    except requests.ConnectionError:
        pass  # it may close while the client is still writing
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("size", [0, 1])
def test_the_limit_itself_is_allowed(start_museum, size):
    chart = package("alpha", "1.0.0")
    museum = start_museum(f"--max-upload-size={len(chart) - size}")
    assert museum.push(chart).status_code == (413 if size else 201)


def test_no_body_at_all(museum):
    status, answer = museum.raw(post(["Connection: close"]))
    assert status in (400, 411)
    assert b'{"error":' in answer


def test_a_body_shorter_than_announced(museum):
    with museum.connect() as connection:
        connection.sendall(post([f"Content-Length: {len(GOOD) * 2}"], GOOD))
        connection.shutdown(1)
        status, _ = receive(connection)
    assert status in (0, 400)


@pytest.mark.parametrize("framing", [
    ["Content-Length: ten"], ["Content-Length: -1"], ["Content-Length: 5", "Content-Length: 6"],
    ["Content-Length: 99999999999999999999999999"], ["Transfer-Encoding: gzip"],
    ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ["Transfer-Encoding: chunked, chunked"]])
def test_framing_that_nobody_can_read(museum, framing):
    status, answer = museum.raw(post([*framing, "Connection: close"], b"0\r\n\r\n"))
    assert 400 <= status <= 501
    assert b'{"error":' in answer


@pytest.mark.parametrize("chunks", [
    b"zz\r\nhello\r\n0\r\n\r\n", b"5\r\nhel", b"fffffffffffffffffff\r\nx", b"5\r\nhelloXX0\r\n\r\n",
    b"-5\r\nhello\r\n", b"\r\n\r\n", b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n"])
def test_chunked_garbage(museum, chunks):
    with museum.connect() as connection:
        try:
            connection.sendall(post(["Transfer-Encoding: chunked"], chunks))
            connection.shutdown(1)
        except OSError:
            pass
        status, _ = receive(connection)
    assert status in (0, 400, 413, 431)


def form(content_type, body):
    return post([f"Content-Type: {content_type}", f"Content-Length: {len(body)}"], body)


PART = (b"--b\r\nContent-Disposition: form-data; name=\"chart\"; filename=\"a.tgz\"\r\n\r\n" +
        package("never", "1.0.0") + b"\r\n")


@pytest.mark.parametrize("content_type, body", [
    ("multipart/form-data", PART + b"--b--\r\n"),
    ("multipart/form-data; boundary=", PART + b"--b--\r\n"),
    ("multipart/form-data; boundary=" + "b" * 200, PART),
    ("multipart/form-data; boundary=other", PART + b"--b--\r\n"),
    ("multipart/form-data; boundary=b", b""),
    ("multipart/form-data; boundary=b", b"--b--\r\n"),
    ("multipart/form-data; boundary=b", PART[:len(PART) // 2]),
    ("multipart/form-data; boundary=b", PART),
    ("multipart/form-data; boundary=b",
     b"--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n" * 10_000 + PART + b"--b--\r\n"),
    ("multipart/form-data; boundary=b", b"--b\r\n" + b"X: y\r\n" * 50_000 + b"\r\n\r\n--b--\r\n"),
    ("multipart/form-data; boundary=b", b"--b\r\n\r\nno name\r\n--b--\r\n"),
], ids=["no boundary", "empty boundary", "long boundary", "another boundary", "empty", "no parts",
        "cut in a part", "no end", "10,000 parts", "a flood of part headers", "no name"])
def test_forms_that_are_none(museum, content_type, body):
    status, answer = museum.raw(form(content_type, body))
    assert status == 400
    assert b'{"error":' in answer


def test_what_follows_a_form_in_its_body_is_no_request(museum):
    chart = package("alpha", "1.0.0")
    hidden = b"DELETE /api/charts/good/1.0.0 HTTP/1.1\r\nHost: m\r\n\r\n"
    body = (b"--b\r\nContent-Disposition: form-data; name=\"chart\"; filename=\"a\"\r\n\r\n" +
            chart + b"\r\n--b--\r\n" + hidden)
    following = b"GET /info HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n"
    with museum.connect() as connection:
        connection.sendall(form("multipart/form-data; boundary=b", body) + following)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    assert [int(answer[:3]) for answer in received.split(b"HTTP/1.1 ")[1:]] == [201, 200]
    assert museum.request("DELETE", "/api/charts/alpha/1.0.0").status_code == 200


def test_a_form_that_is_cut_off_by_the_client(museum):
    with museum.connect() as connection:
        connection.sendall(post(["Content-Type: multipart/form-data; boundary=b",
                                 "Content-Length: 1000000"], PART))
    # The connection is gone; the fixture checks that nothing came of it.
    assert museum.get("/health").status_code == 200


BAD_PATHS = [
    "/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/charts/../index.yaml",
    "/charts/..%2fgood-1.0.0.tgz", "/charts/%2e%2e%2fgood-1.0.0.tgz", "/charts/..%5cgood-1.0.0.tgz",
    "/charts/good-1.0.0.tgz%00", "/charts/%00.tgz", "/charts//good-1.0.0.tgz", "//index.yaml",
    "/charts/good-1.0.0.tgz%2f", "/charts%2fgood-1.0.0.tgz", "/./index.yaml", "/charts/%zz.tgz",
    "/charts/%2", "/index.yaml%20", "/charts/index-cache.yaml", "/charts/.tgz",
    "/api/charts/..%2f..", "/api/charts/%2e%2e/1.0.0", "/static/../../etc/passwd",
    "/charts/" + "x" * 5000 + ".tgz", "/" + "a/" * 3000 + "index.yaml"]


@pytest.mark.parametrize("path", BAD_PATHS, ids=lambda path: path[:40])
def test_paths_that_lead_nowhere(museum, path):
    for method in ("GET", "HEAD", "DELETE", "POST"):
        status, answer = museum.raw(
            f"{method} {path} HTTP/1.1\r\nHost: museum\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n".encode())
        assert status in (400, 404, 405, 414, 431), method
        assert b"root:" not in answer and bytes(museum.folder) not in answer


@pytest.mark.parametrize("name, version", [
    ("good", "..%2f..%2fx"), ("..%2fgood", "1.0.0"), ("good", "1.0.0%00"), ("%2e%2e", "1.0.0"),
    ("good", "1.0.0%2f.."), ("goo", "d-1.0.0"), ("good-1.0", "0"), ("x" * 5000, "1.0.0")])
def test_deleting_by_names_that_are_no_charts(museum, name, version):
    status, _ = museum.raw(f"DELETE /api/charts/{name}/{version} HTTP/1.1\r\nHost: m\r\n"
                           "Connection: close\r\n\r\n".encode())
    assert status in (400, 404)


@pytest.mark.parametrize("request_bytes", [
    b"GET / HTTP/1.1\r\nHost: m\r\n" + b"X-Flood: y\r\n" * 100_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: m\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: m\r\n\r\n",
], ids=["many headers", "a long header", "a long target"])
def test_floods_of_headers(museum, request_bytes):
    status, answer = museum.raw(request_bytes)
    assert status in (0, 400, 414, 431)
    if status:
        assert b'{"error":' in answer


@pytest.mark.parametrize("request_bytes", [
    b"\r\n\r\n\r\n", b"\x00" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\nHost: m\n\n", b"G\x00T / HTTP/1.1\r\nHost: m\r\n\r\n",
    b"GET / HTTP/1.1\r\nNo colon here\r\n\r\n", b"GET / HTTP/1.1\r\nHost : m\r\n\r\n",
    b"GET  /  HTTP/1.1\r\nHost: m\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"])
def test_what_is_no_request(museum, request_bytes):
    with museum.connect() as connection:
        connection.sendall(request_bytes)
        connection.shutdown(1)
        receive(connection)


def test_a_client_that_sends_a_byte_at_a_time_is_cut_off(start_museum):
    museum = start_museum("--read-timeout=2")
    request = post([f"Content-Length: {len(GOOD)}"], GOOD)
    deadline = time.monotonic() + PATIENCE
    with museum.connect() as connection:
        connection.settimeout(0.3)
        at = 0
        while time.monotonic() < deadline:
            try:
                connection.sendall(request[at:at + 1])
                at += 1
                connection.recv(4096)
                break  # an answer, or the end
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("the client was never cut off")
    assert museum.versions() == {}


def test_slow_clients_do_not_hold_up_others(museum):
    slow = [museum.connect() for _ in range(200)]
    for connection in slow:
        connection.sendall(b"POST /api/charts HTTP/1.1\r\nHost: m\r\nContent-Length: 1000\r\n\r\nx")
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        answers = clients.map(lambda _: museum.get("/index.yaml").status_code, range(50))
        assert set(answers) == {200}
    for connection in slow:
        connection.close()
