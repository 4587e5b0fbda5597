# SPDX-License-Identifier: Apache-2.0
"""Logins by user and password: one of them in the options, or many in an htpasswd file."""

import base64
import pathlib
import re
import signal
import subprocess

import pytest

from logins import ALICE, BOB, CHALLENGE, authorized, lines
from museum import PATIENCE, eventually
from packages import package
from refusals import complaint, refused, replace

ONE_LOGIN = (f"--basic-auth-user={ALICE[0]}", f"--basic-auth-pass={ALICE[1]}")

PULLS = ["/", "/index.yaml", "/charts/alpha-1.0.0.tgz", "/api/charts", "/api/charts/alpha",
         "/api/charts/alpha/1.0.0", "/api/charts/alpha/1.0.0/values", "/artifacthub-repo.yml"]


@pytest.fixture
def htpasswd(folder):
    path = folder.parent / "users.htpasswd"
    path.write_text(lines(ALICE))
    return path


# One login.

def test_asks_for_the_one_login_on_every_route_of_charts(start_museum):
    museum = start_museum(*ONE_LOGIN)
    chart = package("alpha", "1.0.0")
    assert refused(museum.push(chart), CHALLENGE)
    assert museum.push(chart, auth=authorized(ALICE)).status_code == 201
    for path in PULLS:
        for method in ("GET", "HEAD"):
            assert refused(museum.request(method, path), CHALLENGE)
            assert refused(museum.request(method, path, auth=authorized(BOB)), CHALLENGE)
            allowed = museum.request(method, path, auth=authorized(ALICE))
            assert allowed.status_code == (404 if "artifacthub" in path else 200), path
    assert refused(museum.request("DELETE", "/api/charts/alpha/1.0.0"), CHALLENGE)
    assert museum.request("DELETE", "/api/charts/alpha/1.0.0",
                          auth=authorized(ALICE)).status_code == 200


def test_leaves_health_and_information_open(start_museum):
    museum = start_museum(*ONE_LOGIN)
    for path in ("/health", "/info"):
        assert museum.get(path).status_code == 200
        assert museum.request("HEAD", path).status_code == 200
        assert museum.get(path, auth=authorized(BOB)).status_code == 200
        assert museum.get(path).headers.get("Cache-Control") != "private"
    assert museum.get("/no/such/route").status_code == 404  # before any question of who asks
    assert museum.request("PUT", "/api/charts").status_code == 405


def test_takes_the_login_from_the_environment(start_museum):
    museum = start_museum(variables={"BASIC_AUTH_USER": ALICE[0], "BASIC_AUTH_PASS": ALICE[1]})
    assert refused(museum.get("/index.yaml"), CHALLENGE)
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_takes_the_password_from_a_file(start_museum, folder, end):
    file = folder.parent / "password"
    file.write_bytes((ALICE[1] + end).encode())
    museum = start_museum(variables={"BASIC_AUTH_USER": ALICE[0], "BASIC_AUTH_PASS_FILE": str(file)})
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200
    assert refused(museum.get("/index.yaml", auth=authorized(BOB)), CHALLENGE)


def test_anonymous_pulls_can_be_allowed_to_everybody(start_museum):
    museum = start_museum(*ONE_LOGIN, "--auth-anonymous-get")
    chart = package("alpha", "1.0.0")
    assert refused(museum.push(chart), CHALLENGE)
    assert museum.push(chart, auth=authorized(ALICE)).status_code == 201
    for path in PULLS:
        answer = museum.get(path)
        assert answer.status_code == (404 if "artifacthub" in path else 200)
        assert answer.headers.get("Cache-Control") != "private"  # caches may serve it to others
    assert museum.get("/index.yaml", auth=authorized(BOB)).status_code == 200
    assert refused(museum.request("DELETE", "/api/charts/alpha/1.0.0"), CHALLENGE)


def test_keeps_what_not_everybody_may_see_out_of_shared_caches(start_museum):
    museum = start_museum(*ONE_LOGIN)
    museum.push(package("alpha", "1.0.0"), auth=authorized(ALICE))
    for path in PULLS:
        answer = museum.get(path, auth=authorized(ALICE))
        assert answer.headers["Cache-Control"] == "private"
        if "ETag" in answer.headers:
            again = museum.get(path, auth=authorized(ALICE),
                               headers={"If-None-Match": answer.headers["ETag"]})
            assert (again.status_code, again.headers["Cache-Control"]) == (304, "private")
            assert refused(museum.get(path, headers={"If-None-Match": answer.headers["ETag"]}),
                           CHALLENGE)


@pytest.mark.parametrize("header", [
    "Basic", "Basic ", "Basic !!!", "Basic YWxpY2U=", "Basic YWxpY2U6", "Basic Og==",
    pytest.param("basic " + "A" * 7000, id="long"), "Bearer YWxpY2U6", "Digest username=alice",
    "alice:open sesame",
    "Basic YWxpY2U6b3BlbiBzZXNhbWU=, Basic YWxpY2U6b3BlbiBzZXNhbWU=", "Basic YWxpY2U6\xe9\xe9"])
def test_refuses_malformed_credentials(start_museum, header):
    museum = start_museum(*ONE_LOGIN)
    assert refused(museum.get("/index.yaml", headers={"Authorization": header.encode("latin-1")}),
                   CHALLENGE)


def test_takes_one_login_at_a_time(start_museum):
    """Of two, a proxy may have looked at the other one."""
    museum = start_museum(*ONE_LOGIN)
    right, wrong = (base64.b64encode(":".join(login).encode()).decode() for login in (ALICE, BOB))
    for headers, status in [([right], 200), ([right, wrong], 401), ([wrong, right], 401),
                            ([right, right], 401)]:
        fields = "".join(f"Authorization: Basic {login}\r\n" for login in headers)
        assert museum.raw(f"GET /index.yaml HTTP/1.1\r\nHost: x\r\n{fields}"
                          "Connection: close\r\n\r\n".encode())[0] == status
    for fields in (f"Authorization:\r\nAuthorization: Basic {right}\r\n",
                   f"Authorization: Basic {right}\r\nauthorization:\r\n"):
        assert museum.raw(f"GET /index.yaml HTTP/1.1\r\nHost: x\r\n{fields}"
                          "Connection: close\r\n\r\n".encode())[0] == 401


def test_refuses_a_large_push_without_reading_it(start_museum, tmp_path):
    museum = start_museum(*ONE_LOGIN, "--max-upload-size=100000000")
    large = tmp_path / "large.tgz"
    large.write_bytes(bytes(50_000_000))
    for options in ([], ["--header", "Expect:"], ["--form", f"chart=@{large}"]):
        body = [] if "--form" in options else ["--data-binary", f"@{large}"]
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--user", "alice:wrong", *options, *body,
             "--write-out", " %{http_code}", museum.url + "/api/charts"],
            capture_output=True, text=True, timeout=PATIENCE, check=True)
        assert done.stdout == '{"error":"unauthorized"} 401'


def test_does_not_start_with_a_login_that_cannot_be_meant(binary, folder):
    nothing = folder.parent / "nothing"
    for options, said in [
            (["--basic-auth-user=alice"], "--basic-auth-pass"),
            (["--basic-auth-pass=geheim"], "--basic-auth-user"),
            (["--basic-auth-user=al:ice", "--basic-auth-pass=geheim"], "colon"),
            (["--basic-auth-user=alice", "--basic-auth-pass=geheim",
              f"--basic-auth-pass-file={nothing}"], "one of them is enough"),
            (["--basic-auth-user=alice", f"--basic-auth-pass-file={nothing}"], str(nothing))]:
        text = complaint(binary, folder, *options)
        assert said in text and "geheim" not in text
    nothing.write_text("\n")
    assert str(nothing) in complaint(binary, folder, "--basic-auth-user=alice",
                                     f"--basic-auth-pass-file={nothing}")


# Many logins.

@pytest.mark.parametrize("prefix, cost", [("$2b$", 4), ("$2y$", 5), ("$5$", 5000), ("$6$", 5000),
                                          ("$y$", 1)])
def test_knows_the_users_of_an_htpasswd_file(start_museum, htpasswd, prefix, cost):
    htpasswd.write_text("# people\n\n" + lines(ALICE, BOB, prefix=prefix, cost=cost))
    museum = start_museum(f"--auth-htpasswd={htpasswd}")
    for login in (ALICE, BOB):
        assert museum.get("/index.yaml", auth=authorized(login)).status_code == 200
        assert refused(museum.get("/index.yaml", auth=authorized((login[0], "wrong"))), CHALLENGE)
    assert refused(museum.get("/index.yaml", auth=authorized((ALICE[0], BOB[1]))), CHALLENGE)
    assert refused(museum.get("/index.yaml", auth=authorized(("Alice", ALICE[1]))), CHALLENGE)
    assert refused(museum.get("/index.yaml"), CHALLENGE)


def test_follows_changes_of_the_htpasswd_file(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}")

    def status(login):
        return museum.get("/index.yaml", auth=authorized(login)).status_code

    assert (status(ALICE), status(BOB)) == (200, 401)
    replace(htpasswd, lines(BOB))
    eventually(lambda: (status(ALICE), status(BOB)) == (401, 200), "bob is in, alice is out")
    htpasswd.write_text(lines(ALICE, BOB))  # in place
    eventually(lambda: (status(ALICE), status(BOB)) == (200, 200), "both are in")


def test_reads_the_htpasswd_file_anew_on_a_hangup(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}")
    replace(htpasswd, lines(BOB))
    museum.process.send_signal(signal.SIGHUP)  # nobody asks for anything meanwhile
    eventually(lambda: "Reloaded the password file" in museum.log(), "it is read")
    assert museum.get("/index.yaml", auth=authorized(BOB)).status_code == 200


def test_survives_hangups_at_any_moment(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}")
    for thread in pathlib.Path(f"/proc/{museum.process.pid}/task").iterdir():
        blocked = re.search(r"SigBlk:\s*(\w+)", (thread / "status").read_text())[1]
        waits = thread.name == str(museum.process.pid)  # the main thread, which may do so just now
        assert waits or int(blocked, 16) & 1 << (signal.SIGHUP - 1), "it would end the process"
    for _ in range(1000):
        museum.process.send_signal(signal.SIGHUP)
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200
    assert museum.stop() == 0


def test_keeps_the_old_users_while_the_new_file_is_broken(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}")
    for broken, reason in [("alice:hunter2\n", "line 1"), ("", "names no user"),
                           (lines(BOB) + "no colon, hunter2\n", "line 2")]:
        before = museum.log().count("Cannot reload the password file")
        replace(htpasswd, broken)
        museum.process.send_signal(signal.SIGHUP)
        eventually(lambda: museum.log().count("Cannot reload the password file") == before + 1,
                   "the log complains")
        assert reason in museum.log() and str(htpasswd) in museum.log()
        assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200
        assert museum.get("/index.yaml", auth=authorized(BOB)).status_code == 401
    htpasswd.unlink()
    museum.process.send_signal(signal.SIGHUP)
    eventually(lambda: "No such file" in museum.log(), "the log complains")
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200
    assert "hunter2" not in museum.log()


@pytest.mark.parametrize("text, line, reason", [
    ("alice:hunter2\n", 1, "htpasswd -B"),
    ("alice:{SHA}NWoZK3kTsExUV00Ywo1G5jlUKKs=\n", 1, "htpasswd -B"),
    ("# one\nalice:$apr1$hunter2$0123456789abcdefghijk.\n", 2, "htpasswd -B"),
    ("alice:Ux8ZrTh3hunter2\n", 1, "htpasswd -B"),
    (":hunter2\n", 1, "no name"),
    ("hunter2\n", 1, "no colon"),
    ("alice:$2y$31$hunter2\n", 1, "")])
def test_does_not_start_with_an_htpasswd_file_that_cannot_be_meant(binary, folder, htpasswd, text,
                                                                   line, reason):
    htpasswd.write_text(text)
    said = complaint(binary, folder, f"--auth-htpasswd={htpasswd}")
    assert str(htpasswd) in said and f"line {line}" in said and reason in said
    assert "hunter2" not in said


def test_does_not_start_with_a_user_who_is_there_twice(binary, folder, htpasswd):
    htpasswd.write_text(lines(ALICE, BOB, ALICE))
    said = complaint(binary, folder, f"--auth-htpasswd={htpasswd}")
    assert "line 3" in said and '"alice" is there twice' in said
    assert str(htpasswd) in complaint(binary, folder, f"--auth-htpasswd={htpasswd}/nothing")
    assert str(folder) in complaint(binary, folder, f"--auth-htpasswd={folder}")


# Secrets.

def test_writes_no_password_into_its_log(start_museum, htpasswd):
    htpasswd.write_text(lines(BOB))
    museum = start_museum("--debug", *ONE_LOGIN, f"--auth-htpasswd={htpasswd}")
    guesses = ["tr0ub4dor", "correct horse"]
    for login in (ALICE, BOB, *((ALICE[0], guess) for guess in guesses), (guesses[0], guesses[1])):
        museum.get("/index.yaml", auth=authorized(login))
        museum.push(b"no chart", auth=authorized(login))
    museum.raw(b"GET /index.yaml HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dHIwdWI0ZG9y!\r\n"
               b"Connection: close\r\n\r\n")
    museum.stop()
    log = museum.log()
    hashes = htpasswd.read_text().strip().split(":")[1]
    assert "wrong user or password" in log
    for secret in (ALICE[1], BOB[1], *guesses, hashes, "dHIwdWI0ZG9y", "Authorization",
                   "YWxpY2U6"):
        assert secret not in log


# Clients.

def test_works_with_helm(helm, start_museum, tmp_path):
    museum = start_museum(*ONE_LOGIN)
    chart = package("alpha", "1.0.0")
    (tmp_path / "alpha-1.0.0.tgz").write_bytes(chart)
    pushed = subprocess.run(
        ["curl", "--silent", "--fail", "--user", ":".join(ALICE), "--data-binary",
         f"@{tmp_path / 'alpha-1.0.0.tgz'}", museum.url + "/api/charts"],
        capture_output=True, timeout=PATIENCE, check=True)
    assert pushed.stdout == b'{"saved":true}'
    assert "401" in helm.run("repo", "add", "museum", museum.url).stderr
    assert "401" in helm.run("repo", "add", "museum", museum.url,
                             "--username", ALICE[0], "--password", "wrong").stderr
    helm("repo", "add", "museum", museum.url, "--username", ALICE[0], "--password", ALICE[1])
    helm("repo", "update", "museum")
    assert helm.search("museum/") == [("museum/alpha", "1.0.0")]
    (tmp_path / "pulled").mkdir()
    helm("pull", "museum/alpha", "-d", tmp_path / "pulled")
    assert (tmp_path / "pulled/alpha-1.0.0.tgz").read_bytes() == chart


def test_helm_passes_credentials_on_where_it_is_told_to(helm, start_museum, tmp_path):
    """The index names the charts of another server, which asks for the login too."""
    charts = start_museum(*ONE_LOGIN)
    chart = package("alpha", "1.0.0")
    assert charts.push(chart, auth=authorized(ALICE)).status_code == 201
    index = start_museum(*ONE_LOGIN, f"--chart-url={charts.url}")
    login = ("--username", ALICE[0], "--password", ALICE[1])
    helm("repo", "add", "museum", index.url, *login)
    assert "401" in helm.run("pull", "museum/alpha", "-d", tmp_path).stderr
    helm("repo", "add", "museum", index.url, *login, "--pass-credentials", "--force-update")
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == chart
