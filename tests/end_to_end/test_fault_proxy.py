# SPDX-License-Identifier: Apache-2.0
"""The proxy that other tests let calls fail with."""

import http.client
import http.server
import threading
from urllib.parse import urlsplit

import pytest
import requests

BODY = bytes(range(256)) * 400


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked, and BODY."""

    protocol_version = "HTTP/1.1"
    seen = []

    def do_GET(self):
        Echo.seen.append((self.requestline, self.headers.items(), self._sent()))
        self.send_response(200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for begin in range(0, len(BODY), 1000):
                piece = BODY[begin:begin + 1000]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(BODY)

    do_HEAD = do_PUT = do_DELETE = do_GET

    def _sent(self):
        if self.headers.get("Transfer-Encoding"):
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, *_):
        pass


@pytest.fixture
def proxy(put_proxy_before):
    Echo.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield put_proxy_before(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_forwards_calls_byte_for_byte(proxy):
    connection = http.client.HTTPConnection(urlsplit(proxy.url).netloc)
    target = "/b//a%2fb/%C3%BC+%20?prefix=a%2F&list-type=2&empty="
    connection.request("PUT", target, b"hello", {"X-Odd-Case": "a  b", "Host": "signed.example"})
    assert connection.getresponse().read() == BODY
    line, headers, sent = Echo.seen[0]
    assert line == f"PUT {target} HTTP/1.1"
    assert ("X-Odd-Case", "a  b") in headers
    assert ("Host", "signed.example") in headers
    assert sent == b"hello"
    connection.close()


def test_keeps_connections_and_passes_chunks_on(proxy):
    connection = http.client.HTTPConnection(urlsplit(proxy.url).netloc)
    for target in ("/chunked", "/plain", "/chunked"):
        connection.request("GET", target)
        kept = connection.sock
        assert connection.getresponse().read() == BODY
        assert connection.sock is kept
    connection.request("PUT", "/", (b"x" * 70000 for _ in range(30)), encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked"})
    assert connection.getresponse().read() == BODY
    assert Echo.seen[-1][2] == b"x" * 2100000
    connection.request("HEAD", "/")
    assert connection.getresponse().read() == b""
    connection.close()


def test_counts_calls(proxy, session):
    for _ in range(3):
        session.get(proxy.url + "/a")
    session.delete(proxy.url + "/b")
    calls = proxy.calls()
    assert (calls["total"], calls["by_method"]) == (4, {"GET": 3, "DELETE": 1})
    assert calls["log"][-1] == {"method": "DELETE", "target": "/b", "fault": None, "status": 200}
    proxy.forget_calls()
    assert proxy.calls()["total"] == 0


def test_answers_instead_of_the_server(proxy, session):
    proxy.fail("answer", status=503, headers={"Retry-After": "7"}, body="<Code>SlowDown</Code>")
    answer = session.put(proxy.url + "/a", data=b"x" * 1000)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert answer.text == "<Code>SlowDown</Code>"
    assert Echo.seen == []
    assert session.get(proxy.url + "/a").status_code == 200


def test_fails_only_the_calls_that_match(proxy, session):
    proxy.fail("answer", method="GET", path=r"\?list", after=1, times=2, status=500)
    statuses = [session.request(method, proxy.url + target).status_code
                for method, target in (("GET", "/a"), ("PUT", "/?list"), ("GET", "/?list"),
                                       ("GET", "/?list"), ("GET", "/?list"), ("GET", "/?list"))]
    assert statuses == [200, 200, 200, 500, 500, 200]
    assert proxy.calls()["faults"] == 2
    assert proxy.calls()["faults_left"] == 0


def test_fails_calls_until_it_is_healed(proxy, session):
    proxy.fail("answer", times=0, status=500)
    assert [session.get(proxy.url).status_code for _ in range(5)] == [500] * 5
    proxy.heal()
    assert session.get(proxy.url).status_code == 200


@pytest.mark.parametrize("kind, how, reaches_the_server", [
    ("reset", {}, False), ("lose_response", {}, True), ("reset_body", {"bytes": 1000}, True),
    ("reset_request", {"bytes": 100}, False), ("raw", {"text": "HTTP/1.1 2"}, False)])
def test_breaks_connections(proxy, session, kind, how, reaches_the_server):
    proxy.fail(kind, **how)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        session.put(proxy.url + "/a", data=b"x" * 100000)
    if reaches_the_server:
        assert len(Echo.seen) == 1
    elif kind != "reset_request":  # of which the server sees a part
        assert Echo.seen == []
    assert session.get(proxy.url + "/a").content == BODY


@pytest.mark.parametrize("kind, how, left", [
    ("truncate", {"bytes": 1000}, 1000), ("wrong_length", {"length": len(BODY) + 5}, len(BODY))])
def test_ends_bodies_early(proxy, kind, how, left):
    connection = http.client.HTTPConnection(urlsplit(proxy.url).netloc)
    proxy.fail(kind, **how)
    connection.request("GET", "/a")
    with pytest.raises(http.client.IncompleteRead) as broken:
        connection.getresponse().read()
    assert broken.value.partial == BODY[:left]
    connection.close()


def test_sends_more_than_it_said(proxy, session):
    proxy.fail("wrong_length", length=5)
    assert session.get(proxy.url + "/a").content == BODY[:5]


def test_replaces_bodies_and_headers(proxy, session):
    proxy.fail("replace_body", body="<not XML")
    assert session.get(proxy.url + "/chunked").text == "<not XML"
    proxy.fail("change_headers", headers={"ETag": '"wrong"', "Server": None})
    answer = session.get(proxy.url + "/a")
    assert (answer.content, answer.headers["ETag"]) == (BODY, '"wrong"')
    assert "Server" not in answer.headers


@pytest.mark.parametrize("how", [{}, {"bytes": 1000}])
def test_stalls(proxy, session, how):
    proxy.fail("stall", **how)
    with pytest.raises((requests.ReadTimeout, requests.ConnectionError)):
        _ = session.get(proxy.url + "/a", timeout=0.3).content


def test_refuses_rules_that_it_does_not_know(proxy):
    with pytest.raises(AssertionError, match="unknown kind 'explode'"):
        proxy.fail("explode")


def test_speaks_tls(put_proxy_before, session):
    behind = put_proxy_before("http://127.0.0.1:9", "--tls")
    behind.fail("answer", status=418)
    with pytest.raises(requests.exceptions.SSLError):
        session.get(behind.url)
    assert session.get(behind.url, verify=behind.ca_file).status_code == 418


def test_breaks_off_where_nothing_listens_behind_it(put_proxy_before, session):
    behind = put_proxy_before("http://127.0.0.1:9")
    with pytest.raises(requests.ConnectionError):
        session.get(behind.url)
