# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens: signed with keys that the server knows, saying who may do what."""

import os
import shutil
import signal
import time

import pytest

from logins import ALICE, CHALLENGE, authorized, lines
from museum import eventually
from packages import package
from refusals import FORBIDDEN, complaint, refused
from tokens import (ALGORITHMS, MISFITS, PULL, PUSH, Signer, access, base64url, bearer, challenge, claims,
                    compact, token_options)


# Keys.

@pytest.mark.parametrize("kind", ["public key", "certificate"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_takes_tokens_of_every_algorithm(start_museum, tmp_path, algorithm, kind):
    signer = Signer(tmp_path, algorithm)
    museum = start_museum(*token_options(signer.public if kind == "public key" else signer.certify()))
    token = signer.grant("repo", "pull", "push")
    assert museum.push(package(), headers=bearer(token)).status_code == 201
    assert museum.get("/index.yaml", headers=bearer(token)).status_code == 200
    head, payload, signature = token.split(".")
    wrong = ("A" if signature[9] != "A" else "B").join((signature[:9], signature[10:]))
    other = base64url(compact(claims(access("repo", "pull"), sub="other")))
    for forged in (f"{head}.{payload}.{wrong}", f"{head}.{other}.{signature}",
                   f"{head}.{payload}.", Signer(tmp_path, algorithm, "other").grant("repo", "pull")):
        assert refused(museum.get("/index.yaml", headers=bearer(forged)), PULL)


def test_takes_tokens_of_several_keys(start_museum, tmp_path):
    signers = [Signer(tmp_path, algorithm) for algorithm in ("RS256", "ES256", "EdDSA")]
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(signers[1].certify().read_bytes() + signers[2].public.read_bytes())
    museum = start_museum(*token_options(signers[0].certify(), bundle))
    for signer in signers:
        assert museum.get("/index.yaml",
                          headers=bearer(signer.grant("repo", "pull"))).status_code == 200


def test_follows_changes_of_the_key_files(start_museum, tmp_path):
    old, new = Signer(tmp_path, name="old"), Signer(tmp_path, "ES256", name="new")
    file = tmp_path / "key.pem"
    shutil.copy(old.public, file)
    museum = start_museum(*token_options(file))

    def status(signer):
        return museum.get("/index.yaml", headers=bearer(signer.grant("repo", "pull"))).status_code

    assert (status(old), status(new)) == (200, 401)
    remembered = old.grant("repo", "pull")
    assert museum.get("/index.yaml", headers=bearer(remembered)).status_code == 200
    os.replace(new.public, file)
    eventually(lambda: (status(old), status(new)) == (401, 200), "the new key holds")
    assert refused(museum.get("/index.yaml", headers=bearer(remembered)), PULL)
    for broken in ("no key", old.key.read_text()):
        count = museum.log().count("Cannot reload the key file")
        file.write_text(broken)
        museum.process.send_signal(signal.SIGHUP)
        eventually(lambda: museum.log().count("Cannot reload the key file") == count + 1,
                   "the log complains")
        assert (status(old), status(new)) == (401, 200)


def test_does_not_start_with_keys_that_cannot_be_meant(binary, folder, tmp_path, signer):
    nothing, junk = tmp_path / "nothing.pem", tmp_path / "junk.pem"
    junk.write_text("-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----\n")
    for file in (nothing, junk, tmp_path, signer.key):
        said = complaint(binary, folder, *token_options(file))
        assert str(file) in said and "hunter2" not in said and "PRIVATE" not in said
    assert "--auth-cert-path" in complaint(binary, folder, "--bearer-auth")
    five = token_options(*[signer.public] * 5)
    assert "at most four files" in complaint(binary, folder, *five)


# Challenges and claims.

def test_says_where_to_get_a_token(guarded):
    assert refused(guarded.get("/index.yaml"), PULL)
    assert refused(guarded.request("HEAD", "/charts/alpha-1.0.0.tgz"), PULL)
    assert refused(guarded.push(package()), PUSH)
    assert refused(guarded.request("DELETE", "/api/charts/mychart/0.1.0"), PUSH)
    assert guarded.get("/health").status_code == 200
    assert guarded.get("/info").status_code == 200


@pytest.mark.parametrize("method, path, action", [
    ("GET", "/org1/app/index.yaml", "pull"), ("HEAD", "/api/org1/app/charts", "pull"),
    ("POST", "/api/org1/app/charts", "push"), ("POST", "/api/org1/app/prov", "push"),
    ("DELETE", "/api/org1/app/charts/a/1.0.0", "push")])
def test_names_the_repository_and_the_action(start_museum, signer, method, path, action):
    museum = start_museum("--depth=2", *token_options(signer.public))
    assert refused(museum.request(method, path), challenge("org1/app", action))


def test_a_repositorys_name_cannot_break_the_challenge(start_museum, signer):
    museum = start_museum("--depth=1", *token_options(signer.public))
    answer = museum.get('/a%22,scope=%22x%5c/index.yaml')
    if answer.status_code == 401:
        assert refused(answer, challenge('a\\",scope=\\"x\\\\', "pull"))
    else:
        assert answer.status_code in (400, 404)
    status, received = museum.raw(b"GET /a%0d%0aSet-Cookie:%20x/index.yaml HTTP/1.1\r\nHost: x\r\n"
                                  b"Connection: close\r\n\r\n")
    assert status in (400, 401, 404) and b"\r\nSet-Cookie" not in received


def test_a_token_allows_what_it_says_and_nothing_else(start_museum, signer):
    museum = start_museum("--depth=2", *token_options(signer.public))
    assert museum.push(package(), "org1/app",
                       headers=bearer(signer.grant("org1/app", "push"))).status_code == 201

    def outcome(token, repo="org1/app"):
        who = {"headers": bearer(token)}
        return [museum.get(f"/{repo}/index.yaml", **who).status_code,
                museum.push(package(), repo, query="?force", **who).status_code,
                museum.request("DELETE", f"/api/{repo}/charts/absent/1.0.0", **who).status_code]

    assert outcome(signer.grant("org1/app", "pull")) == [200, 401, 401]
    assert outcome(signer.grant("org1/app", "push")) == [401, 201, 404]
    assert outcome(signer.grant("org1/app", "pull", "push")) == [200, 201, 404]
    for other in ("org1/other", "org1", "org1/app/x", "org1/*", "repo", "", "ORG1/app"):
        assert outcome(signer.grant(other, "pull", "push")) == [401, 401, 401]
    both = signer.token(claims(access("org1/app", "pull"), access("org2/app", "pull", "push")))
    assert outcome(both) == [200, 401, 401]
    assert outcome(both, "org2/app") == [200, 201, 404]
    text = signer.token(claims({"type": "artifact-repository", "name": "org1/app",
                                "actions": "pull"}))
    assert outcome(text) == [200, 401, 401]
    assert outcome(signer.token(claims({**access("org1/app", "pull"), "type": "registry"}))) \
        == [401, 401, 401]


def test_names_repositories_by_their_one_name_at_depth_one(start_museum, signer):
    museum = start_museum("--depth=1", *token_options(signer.public))
    assert museum.push(package(), "org1",
                       headers=bearer(signer.grant("org1", "push"))).status_code == 201
    assert museum.get("/org1/index.yaml",
                      headers=bearer(signer.grant("org1", "pull"))).status_code == 200
    assert refused(museum.get("/org1/index.yaml", headers=bearer(signer.grant("repo", "pull"))),
                   challenge("org1", "pull"))


@pytest.mark.parametrize("times, status", [
    ({"exp": -30}, 200), ({"exp": -120}, 401), ({"nbf": 30}, 200), ({"nbf": 120}, 401),
    ({"iat": 30}, 200), ({"iat": 120}, 401), ({"exp": 10 ** 15}, 200)])
def test_heeds_the_times_with_a_minute_of_leeway(guarded, signer, times, status):
    now = int(time.time())
    token = signer.grant("repo", "pull", **{name: now + at for name, at in times.items()})
    assert guarded.get("/index.yaml", headers=bearer(token)).status_code == status


def test_takes_a_token_that_never_expires(guarded, signer):
    token = signer.token({"access": [access("repo", "pull")]})
    assert guarded.get("/index.yaml", headers=bearer(token)).status_code == 200
    assert guarded.get("/index.yaml", headers={"Authorization": "bEaReR " + token}).status_code == 200


# Secrets.

def test_writes_no_token_into_its_log(start_museum, signer, tmp_path):
    museum = start_museum("--debug", *token_options(signer.public))
    tokens = [signer.grant("repo", "pull"), signer.grant("other", "pull"),
              signer.grant("repo", "pull", exp=1), Signer(tmp_path, name="x").grant("repo", "pull")]
    for token in tokens:
        museum.get("/index.yaml", headers=bearer(token))
        museum.get("/index.yaml", auth=("x", token))
    museum.stop()
    assert "the token does not allow this" in museum.log()
    for token in tokens:
        for part in token.split(".")[1:]:
            assert part not in museum.log()


# As the password of a login, for clients that know no tokens.

def test_takes_a_token_as_a_password(guarded, signer):
    token = signer.grant("repo", "pull")
    for user in ("x", "", "token", "alice"):
        assert guarded.get("/index.yaml", auth=(user, token)).status_code == 200
        assert refused(guarded.push(package(), auth=(user, token)), PUSH)
        assert refused(guarded.get("/index.yaml", auth=(user, token[:-9])), PULL)


def test_works_with_helm(helm, guarded, signer, tmp_path):
    chart = package("alpha", "1.0.0")
    assert guarded.push(chart, headers=bearer(signer.grant("repo", "push"))).status_code == 201
    assert "401" in helm.run("repo", "add", "museum", guarded.url, "--username", "x",
                             "--password", signer.grant("repo", "push")).stderr
    helm("repo", "add", "museum", guarded.url, "--username", "x",
         "--password", signer.grant("repo", "pull"))
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == chart


def test_tokens_and_passwords_go_together(start_museum, folder, signer):
    users = folder.parent / "users.htpasswd"
    users.write_text(lines(ALICE))
    museum = start_museum(*token_options(signer.public), f"--auth-htpasswd={users}")
    assert refused(museum.get("/index.yaml"), PULL, CHALLENGE)
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200
    token = signer.grant("repo", "pull")
    assert museum.get("/index.yaml", headers=bearer(token)).status_code == 200
    assert museum.get("/index.yaml", auth=("alice", token)).status_code == 200
    for _ in range(10):  # nobody guesses a token: they bring no brake upon their address
        bad = signer.grant("repo", "pull", exp=1)
        assert refused(museum.get("/index.yaml", auth=("alice", bad)), PULL, CHALLENGE)
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200


def test_anonymous_pulls_need_no_token(start_museum, signer):
    museum = start_museum(*token_options(signer.public), "--auth-anonymous-get")
    assert museum.get("/index.yaml").status_code == 200
    assert museum.get("/index.yaml", headers=bearer("a.b.c")).status_code == 200
    assert refused(museum.push(package()), PUSH)


# With a policy.

def test_the_policy_knows_tokens_by_their_subject(start_museum, folder, signer):
    policy = folder.parent / "policy.yaml"
    policy.write_text('rules:\n  - users: ["token:repo:org1/app:ref:main"]\n'
                      '    repositories: ["org1/*"]\n    actions: [pull, push]\n'
                      '  - {users: anonymous, repositories: "public/*", actions: pull}\n')
    museum = start_museum("--depth=2", *token_options(signer.public), f"--auth-policy={policy}")
    now = int(time.time())

    def outcome(repo="org1/app", **payload):
        who = {"headers": bearer(signer.token({"exp": now + 600, **payload}))}
        return [museum.get(f"/{repo}/index.yaml", **who).status_code,
                museum.push(package(), repo, query="?force", **who).status_code,
                museum.request("DELETE", f"/api/{repo}/charts/absent/1.0.0", **who).status_code]

    subject = "repo:org1/app:ref:main"
    assert outcome(sub=subject) == [200, 201, 403]
    assert outcome(sub="token:" + subject) == [403, 403, 403]
    assert outcome(sub=subject + "x") == [403, 403, 403]
    assert outcome() == outcome(sub=7) == [401, 401, 401]  # about nobody
    assert outcome("org2/app", sub=subject) == [403, 403, 403]
    # What the token says of actions bounds what the policy gives.
    assert outcome(sub=subject, access=[access("org1/app", "pull")]) == [200, 401, 401]
    assert outcome(sub="other", access=[access("org1/app", "pull")]) == [403, 401, 401]
    assert museum.get("/public/x/index.yaml").status_code == 200
    assert refused(museum.get("/org1/app/index.yaml"), challenge("org1/app", "pull"))
    answer = museum.get("/org1/app/index.yaml",
                        headers=bearer(signer.token({"sub": "x", "exp": now + 9})))
    assert answer.json() == FORBIDDEN


# An expression of one's own.

def test_finds_actions_by_an_expression(start_museum, signer):
    museum = start_museum(
        "--depth=1", *token_options(signer.public),
        "--auth-actions-search-path=charts[?repo=='$NAMESPACE' && kind=='$ACCESS_ENTRY_TYPE'].may[]")
    entry = {"repo": "org1", "kind": "artifact-repository", "may": ["pull"]}
    good = signer.token(claims(charts=[entry]))
    assert museum.get("/org1/index.yaml", headers=bearer(good)).status_code == 200
    assert refused(museum.push(package(), "org1", headers=bearer(good)), challenge("org1", "push"))
    assert refused(museum.get("/org2/index.yaml", headers=bearer(good)), challenge("org2", "pull"))
    assert refused(museum.get("/org1/index.yaml", headers=bearer(signer.grant("org1", "pull"))),
                   challenge("org1", "pull"))
    for value in MISFITS + [[{"repo": "org1"}], [{**entry, "may": {"pull": 1}}]]:
        assert refused(museum.get("/org1/index.yaml",
                                  headers=bearer(signer.token(claims(charts=value)))),
                       challenge("org1", "pull"))


@pytest.mark.parametrize("name", [
    "' || '1'=='1", "x'] || access[?'a'=='a", "x' || name!='x", "'|`true`|'", "org1' || 'x'=='x",
    "`\"org1\"`", "\\' || '1'=='1", "$ACCESS_ENTRY_TYPE", "$NAMESPACE", "'].actions[]|[0]|['"])
@pytest.mark.parametrize("expression", [
    None, "access[?name=='$NAMESPACE' && type=='$ACCESS_ENTRY_TYPE'].actions[]"])
def test_no_repositorys_name_breaks_out_of_the_expression(start_museum, signer, expression, name):
    searched = [f"--auth-actions-search-path={expression}"] if expression else []
    museum = start_museum("--depth=1", *token_options(signer.public), *searched)
    token = signer.grant("org1", "pull", "push")
    path = "".join(f"%{byte:02x}" for byte in name.encode())
    answer = museum.get(f"/{path}/index.yaml", headers=bearer(token))
    assert answer.status_code in (400, 401, 404)
    assert museum.push(package(), path, headers=bearer(token)).status_code in (400, 401, 404)
    assert museum.get("/org1/index.yaml", headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("expression", ["access[?name==", "access[", "'open", "foo(", "length()",
                                        "nosuch(@)", "a.b.'c'"])
def test_does_not_start_with_an_expression_that_is_none(binary, folder, signer, expression):
    said = complaint(binary, folder, *token_options(signer.public),
                     f"--auth-actions-search-path={expression}")
    assert "--auth-actions-search-path" in said
