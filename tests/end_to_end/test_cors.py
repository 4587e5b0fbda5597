# SPDX-License-Identifier: Apache-2.0
"""Web pages of other origins (the CORS protocol of the Fetch standard)."""

import pytest

from logins import ALICE, CHALLENGE, authorized, lines
from packages import package
from refusals import complaint, refused

ORIGIN = "https://charts.example.com"
ALLOW = "Access-Control-Allow-Origin"
API = ["/api/charts", "/api/charts/absent", "/api/charts/absent/1.0.0"]
OTHERS = ["/", "/index.yaml", "/health", "/info", "/charts/absent-1.0.0.tgz", "/nowhere"]


def preflight(museum, path, method="POST", origin=ORIGIN):
    return museum.request("OPTIONS", path, headers={
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization"})


@pytest.mark.parametrize("origin", [ORIGIN, "*"])
@pytest.mark.parametrize("prefix", ["", "/museum"])
def test_lets_pages_of_an_origin_use_the_api(start_museum, origin, prefix):
    museum = start_museum(f"--cors-alloworigin={origin}",
                          *([f"--context-path={prefix}"] if prefix else []))
    for path in API:
        assert museum.get(prefix + path).headers[ALLOW] == origin
        assert museum.request("HEAD", prefix + path).headers[ALLOW] == origin
    assert museum.request("POST", prefix + "/api/charts", data=package()).headers[ALLOW] == origin
    for path in OTHERS:
        assert ALLOW not in museum.get(prefix + path).headers


@pytest.mark.parametrize("prefix", ["", "/museum"])
def test_answers_what_a_browser_asks_before(start_museum, folder, prefix):
    users = folder.parent / "users.htpasswd"
    users.write_text(lines(ALICE))
    museum = start_museum(f"--cors-alloworigin={ORIGIN}", f"--auth-htpasswd={users}",
                          *([f"--context-path={prefix}"] if prefix else []))
    for path, methods in (("/api/charts", {"GET", "HEAD", "POST"}), ("/api/prov", {"POST"}),
                          ("/api/charts/a/1.0.0", {"GET", "HEAD", "DELETE"})):
        answer = preflight(museum, prefix + path)  # comes without credentials
        assert answer.status_code == 204 and answer.content == b""
        assert answer.headers[ALLOW] == ORIGIN
        assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == methods
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert int(answer.headers["Access-Control-Max-Age"]) > 0
    for path in ("/index.yaml", "/charts/a-1.0.0.tgz"):
        answer = preflight(museum, prefix + path)
        assert answer.status_code == 405 and ALLOW not in answer.headers
    assert preflight(museum, prefix + "/api/nowhere/else/at/all/x").status_code == 404


def test_lets_pages_read_refusals_too(start_museum, folder):
    users = folder.parent / "users.htpasswd"
    users.write_text(lines(ALICE))
    museum = start_museum(f"--cors-alloworigin={ORIGIN}", f"--auth-htpasswd={users}")
    answer = museum.get("/api/charts", headers={"Origin": ORIGIN})
    assert refused(answer, CHALLENGE) and answer.headers[ALLOW] == ORIGIN
    answer = museum.get("/api/charts", headers={"Origin": ORIGIN}, auth=authorized(ALICE))
    assert answer.status_code == 200 and answer.headers[ALLOW] == ORIGIN


def test_never_echoes_the_origin_that_asks(start_museum):
    museum = start_museum(f"--cors-alloworigin={ORIGIN}")
    for path in API:
        for answer in (museum.get(path, headers={"Origin": "https://evil.example"}),
                       preflight(museum, path, origin="https://evil.example")):
            assert answer.headers[ALLOW] == ORIGIN
            assert "Access-Control-Allow-Credentials" not in answer.headers


def test_allows_no_origin_unless_told_to(museum):
    for path in API + OTHERS:
        answer = museum.get(path, headers={"Origin": ORIGIN})
        assert not any(name.startswith("Access-Control") for name in answer.headers)
    answer = preflight(museum, "/api/charts")
    assert answer.status_code == 405 and ALLOW not in answer.headers


@pytest.mark.parametrize("origin", ["https://a.example, https://b.example", "a b", "x\ny", "é"])
def test_does_not_start_with_an_origin_that_is_none(binary, folder, origin):
    assert "--cors-alloworigin" in complaint(binary, folder, f"--cors-alloworigin={origin}")
