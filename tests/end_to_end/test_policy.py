# SPDX-License-Identifier: Apache-2.0
"""Who may do what where: a policy for logins, certificates and the anonymous."""

import signal

import pytest

from logins import ALICE, BOB, CAROL, CHALLENGE, authorized, lines
from museum import eventually
from packages import package
from refusals import FORBIDDEN, complaint, refused, replace

POLICY = """\
groups:
  developers: [alice, bob]
rules:
  - users: [anonymous]
    repositories: ["public/*"]
    actions: [pull]
  - groups: [developers]
    repositories: ["org1/*"]
    actions: [pull, push]
  - users: [alice]
    repositories: ["org1/stable"]
    actions: [delete]
  - groups: [authenticated]
    repositories: ["shared/all"]
    actions: pull
  - users: [carol]
    repositories: ["public/charts"]
    actions: [push]
"""


@pytest.fixture
def htpasswd(folder):
    path = folder.parent / "users.htpasswd"
    path.write_text(lines(ALICE, BOB, CAROL))
    return path


@pytest.fixture
def policy(folder):
    path = folder.parent / "policy.yaml"
    path.write_text(POLICY)
    return path


@pytest.fixture
def museum(start_museum, htpasswd, policy):
    return start_museum("--depth=2", f"--auth-htpasswd={htpasswd}", f"--auth-policy={policy}")


def may(museum, login, repo):
    """What is allowed there, as a text; what is not must be refused properly."""
    who = {"auth": authorized(login)} if login else {}
    done = ""
    for action, answer in [
            ("pull", museum.get(f"/{repo}/index.yaml", **who)),
            ("pull", museum.get(f"/api/{repo}/charts", **who)),
            ("push", museum.push(package("alpha", "1.0.0"), repo, query="?force", **who)),
            ("push", museum.request("POST", f"/api/{repo}/prov", data=b"x", **who)),
            ("delete", museum.request("DELETE", f"/api/{repo}/charts/absent/1.0.0", **who))]:
        if answer.status_code == 403:
            assert login and answer.json() == FORBIDDEN
            assert "WWW-Authenticate" not in answer.headers
        elif answer.status_code == 401:
            assert not login and refused(answer, CHALLENGE)
        elif action not in done:
            done = f"{done} {action}".strip()
    return done


def test_allows_what_the_rules_say_and_nothing_else(museum):
    assert may(museum, ALICE, "org1/app") == "pull push"
    assert may(museum, ALICE, "org1/stable") == "pull push delete"
    assert may(museum, BOB, "org1/stable") == "pull push"
    assert may(museum, CAROL, "org1/stable") == ""
    assert may(museum, None, "org1/stable") == ""
    assert may(museum, ALICE, "org2/app") == ""
    assert may(museum, ALICE, "ORG1/app") == ""


def test_whatever_the_anonymous_may_do_everybody_may(museum):
    for login in (None, ALICE, BOB):
        assert may(museum, login, "public/charts") == "pull"
    assert may(museum, CAROL, "public/charts") == "pull push"
    assert refused(museum.get("/public/charts/index.yaml", auth=authorized((ALICE[0], "wrong"))),
                   CHALLENGE)


def test_everybody_who_is_known_is_authenticated(museum):
    for login in (ALICE, BOB, CAROL):
        assert may(museum, login, "shared/all") == "pull"
    assert may(museum, None, "shared/all") == ""


@pytest.mark.parametrize("path", [
    "/org1%2fapp/x/index.yaml", "/public/charts/../../org1/app/index.yaml",
    "/public/charts%2f..%2f..%2forg1%2fapp/index.yaml", "/public/%2e%2e/index.yaml",
    "/org1//app/index.yaml", "/public/charts%00/index.yaml", "/public/..;/org1/app/index.yaml"])
def test_no_spelling_of_a_path_opens_another_repository(museum, path):
    secret = package("secret", "1.0.0")
    assert museum.push(secret, "org1/app", auth=authorized(ALICE)).status_code == 201
    status, received = museum.raw(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: x\r\n"
                                  b"Connection: close\r\n\r\n")
    assert status in (200, 400, 401, 404) and b"secret" not in received


def test_works_on_patterns_at_depth_one(start_museum, htpasswd, policy):
    policy.write_text("rules:\n"
                      "  - {users: alice, repositories: [\"team-*\"], actions: [pull, push]}\n"
                      "  - {users: anonymous, repositories: \"public\", actions: pull}\n")
    museum = start_museum("--depth=1", f"--auth-htpasswd={htpasswd}", f"--auth-policy={policy}")
    assert may(museum, ALICE, "team-a") == "pull push"
    assert may(museum, ALICE, "team") == ""
    assert may(museum, BOB, "team-a") == ""
    assert may(museum, None, "public") == "pull"


def test_names_the_one_repository_without_depth_by_a_dot(start_museum, htpasswd, policy):
    policy.write_text("rules:\n  - {users: alice, repositories: \".\", actions: [pull, push]}\n")
    museum = start_museum(f"--auth-htpasswd={htpasswd}", f"--auth-policy={policy}")
    assert museum.push(package("alpha", "1.0.0"), auth=authorized(ALICE)).status_code == 201
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200
    assert museum.get("/index.yaml", auth=authorized(BOB)).status_code == 403


def test_does_not_start_with_a_policy_that_would_be_void_for_pulls(binary, folder, policy):
    said = complaint(binary, folder, f"--auth-policy={policy}", "--auth-anonymous-get")
    assert "name the user anonymous" in said


def test_works_with_helm(helm, museum, tmp_path):
    chart = package("alpha", "1.0.0")
    assert museum.push(chart, "org1/app", auth=authorized(BOB)).status_code == 201
    repository = museum.url + "/org1/app"
    assert "403" in helm.run("repo", "add", "app", repository, "--username", CAROL[0],
                             "--password", CAROL[1]).stderr
    helm("repo", "add", "app", repository, "--username", BOB[0], "--password", BOB[1])
    helm("pull", "app/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == chart
    helm("repo", "add", "public", museum.url + "/public/charts")  # anonymous


# The file.

def test_follows_changes_of_the_policy(museum, policy):
    replace(policy, POLICY.replace("org1/*", "org2/*"))
    eventually(lambda: may(museum, BOB, "org2/app") == "pull push", "the new rule holds")
    assert may(museum, BOB, "org1/app") == ""


def test_keeps_the_old_policy_while_the_new_one_is_broken(museum, policy):
    replace(policy, "rules:\n  - users: [bob]\n    repositories: [\"**\"]\n    actions: [pul]\n")
    museum.process.send_signal(signal.SIGHUP)
    eventually(lambda: "Cannot reload the policy" in museum.log(), "the log complains")
    assert "line 4" in museum.log() and 'unknown action \\"pul\\"' in museum.log()
    assert may(museum, BOB, "org1/app") == "pull push"
    assert may(museum, BOB, "org2/app") == ""
    replace(policy, POLICY)
    museum.process.send_signal(signal.SIGHUP)
    eventually(lambda: museum.log().count("Reloading") == 2, "it is read")
    assert may(museum, BOB, "org1/app") == "pull push"


RULE = "rules:\n  - {users: [a], repositories: [\"org1/*\"], actions: [pull]}\n"


@pytest.mark.parametrize("text, line, reason", [
    ("", 1, "empty"),
    ("rules: []\n", 1, "no rules"),
    ("groups: {a: [b]}\n", 1, "no rules"),
    ("rule: []\n", 1, 'unknown key "rule"'),
    (RULE + "  - {users: [a], repositories: [x], actions: [write]}\n", 3, 'unknown action "write"'),
    (RULE + "  - {groups: [g], repositories: [x], actions: [pull]}\n", 3, 'unknown group "g"'),
    (RULE + "  - {users: [b], repositories: [\"org[12]\"], actions: [pull]}\n", 3, "org[12]"),
    (RULE + "  - {users: [a], repositories: [\"org1/*\"], actions: [pull]}\n", 3, "without effect"),
    (RULE + "  - {users: [b, b], repositories: [x], actions: [pull]}\n", 3, "twice"),
    (RULE + "  - {users: [], repositories: [x], actions: [pull]}\n", 3, "empty"),
    (RULE + "  - {repositories: [x], actions: [pull]}\n", 3, "without users or groups"),
    (RULE + "  - {users: [\"O=x, CN=y\"], repositories: [x], actions: [pull]}\n", 3, "RFC 2253"),
    (RULE + "  - &a {users: [b], repositories: [x], actions: [pull]}\n", 3, ""),
    (RULE + "\t- x\n", 3, ""),
    ("rules: {\n", 2, "")])
def test_does_not_start_with_a_policy_that_cannot_be_meant(binary, folder, htpasswd, policy, text,
                                                           line, reason):
    policy.write_text(text)
    said = complaint(binary, folder, f"--auth-htpasswd={htpasswd}", f"--auth-policy={policy}")
    assert str(policy) in said and reason in said
    assert f"line {line}," in said


def test_does_not_start_without_the_policy_that_it_is_to_follow(binary, folder, htpasswd, policy):
    policy.unlink()
    said = complaint(binary, folder, f"--auth-htpasswd={htpasswd}", f"--auth-policy={policy}")
    assert str(policy) in said and "No such file" in said


# Certificates.

CI = "CN=ci,O=Example"
CERTIFICATES = f"""\
rules:
  - users: [anonymous]
    repositories: ["public/*"]
    actions: [pull]
  - users: ["{CI}"]
    repositories: ["org1/*"]
    actions: [pull, push]
  - users: [alice]
    repositories: ["org2/*"]
    actions: [pull]
"""


def test_a_certificates_subject_is_a_user(start_secure, clients, policy):
    policy.write_text(CERTIFICATES)
    robot = clients.issue("ci", "/O=Example/CN=ci")
    secure = start_secure("--depth=2", f"--auth-policy={policy}", clients=clients, client=robot)
    chart = package("alpha", "1.0.0")
    assert secure.request("POST", "/api/org1/app/charts", data=chart).status_code == 201
    assert secure.get("/org1/app/charts/alpha-1.0.0.tgz").content == chart
    assert secure.get("/org1/app/index.yaml").headers["Cache-Control"] == "private"
    assert secure.get("/public/charts/index.yaml").status_code == 200
    for answer in (secure.request("DELETE", "/api/org1/app/charts/alpha/1.0.0"),
                   secure.get("/org2/app/index.yaml"),
                   secure.request("POST", "/api/public/charts/charts", data=chart)):
        assert answer.status_code == 403 and answer.json() == FORBIDDEN
        assert "WWW-Authenticate" not in answer.headers  # no password would help


@pytest.mark.parametrize("subject", [
    "/CN=ci", "/CN=ci/O=Example", "/O=Example/CN=CI", "/O=Example/CN=ci/CN=x", "/O=Example/OU=a/CN=ci",
    "/CN=ci,O=Example", "/O=Example\\/CN=ci", "/CN=anonymous", "/CN=alice"])
def test_a_certificate_of_another_subject_is_another_user(start_secure, clients, policy, subject):
    policy.write_text(CERTIFICATES)
    secure = start_secure("--depth=2", f"--auth-policy={policy}", clients=clients,
                          client=clients.issue("other", subject))
    for path in ("/org1/app/index.yaml", "/org2/app/index.yaml"):
        assert secure.get(path).status_code == 403
    assert secure.get("/public/charts/index.yaml").status_code == 200


def test_a_login_counts_before_the_certificate(start_secure, clients, policy, htpasswd):
    policy.write_text(CERTIFICATES)
    secure = start_secure("--depth=2", f"--auth-policy={policy}", f"--auth-htpasswd={htpasswd}",
                          clients=clients, client=clients.issue("ci", "/O=Example/CN=ci"))
    assert secure.get("/org1/app/index.yaml").status_code == 200
    assert secure.get("/org1/app/index.yaml", auth=authorized(ALICE)).status_code == 403
    assert secure.get("/org2/app/index.yaml", auth=authorized(ALICE)).status_code == 200
    assert secure.get("/org2/app/index.yaml").status_code == 403
    assert refused(secure.get("/org1/app/index.yaml", auth=authorized((ALICE[0], "wrong"))),
                   CHALLENGE)


def test_works_with_helm_and_a_certificate(helm, start_secure, clients, policy, tmp_path):
    policy.write_text(CERTIFICATES)
    certificate, key = clients.issue("ci", "/O=Example/CN=ci")
    secure = start_secure("--depth=2", f"--auth-policy={policy}", clients=clients,
                          client=(certificate, key))
    chart = package("alpha", "1.0.0")
    assert secure.request("POST", "/api/org1/app/charts", data=chart).status_code == 201
    files = ("--ca-file", secure.authority, "--cert-file", certificate, "--key-file", key)
    helm("repo", "add", "app", secure.url + "/org1/app", *files)
    helm("pull", "app/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == chart
    assert "403" in helm.run("repo", "add", "other", secure.url + "/org2/app", *files).stderr
