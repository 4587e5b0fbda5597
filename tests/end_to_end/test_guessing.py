# SPDX-License-Identifier: Apache-2.0
"""Whoever guesses passwords has to wait, and nobody else."""

import pytest

from logins import ALICE, BOB, CHALLENGE, authorized, lines
from museum import eventually
from refusals import refused

GUESSES = 20  # more than anybody may try one after the other


def guess_until_slowed(museum, **how):
    """Guesses alice's password; the answer that says to wait."""
    for guess in range(GUESSES):
        answer = museum.get("/index.yaml", auth=authorized((ALICE[0], f"guess {guess}")), **how)
        if answer.status_code == 429:
            return answer
        assert refused(answer, CHALLENGE)
    raise AssertionError("nobody is slowed")


@pytest.fixture
def htpasswd(folder):
    path = folder.parent / "users.htpasswd"
    path.write_text(lines(ALICE, BOB))
    return path


@pytest.mark.parametrize("kept_in", ["options", "file"])
def test_slows_who_guesses_and_nobody_else(start_museum, htpasswd, kept_in):
    one_login = (f"--basic-auth-user={ALICE[0]}", f"--basic-auth-pass={ALICE[1]}")
    if kept_in == "options":
        htpasswd.write_text(lines(BOB))
    museum = start_museum(f"--auth-htpasswd={htpasswd}",
                          *(one_login if kept_in == "options" else ()))
    slowed = guess_until_slowed(museum)
    assert slowed.json() == {"error": "too many failed logins, try again later"}
    assert 1 <= int(slowed.headers["Retry-After"]) <= 30
    assert "WWW-Authenticate" not in slowed.headers
    assert museum.get("/index.yaml", auth=authorized(BOB)).status_code == 200
    assert museum.get("/health").status_code == 200
    eventually(lambda: museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200,
               "alice gets in again")
    assert museum.log().count("Many failed logins") == 1


def test_the_same_wrong_password_again_and_again_locks_nobody_out(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}")
    for _ in range(30):
        assert refused(museum.get("/index.yaml", auth=authorized((ALICE[0], "of last week"))),
                       CHALLENGE)
    assert museum.get("/index.yaml", auth=authorized(ALICE)).status_code == 200


def test_slows_each_client_behind_a_trusted_proxy_by_itself(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}", "--trusted-proxies=127.0.0.1")
    guess_until_slowed(museum, headers={"X-Forwarded-For": "198.51.100.7"})
    for address in ("198.51.100.8", "2001:db8::1"):
        assert museum.get("/index.yaml", auth=authorized(ALICE),
                          headers={"X-Forwarded-For": address}).status_code == 200
    assert '"address": "198.51.100.7"' in museum.log()


def test_nobody_escapes_by_claiming_another_address(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}")
    answers = [museum.get("/index.yaml", auth=authorized((ALICE[0], f"guess {guess}")),
                          headers={"X-Forwarded-For": f"198.51.100.{guess}"}).status_code
               for guess in range(GUESSES)]
    assert set(answers) == {401, 429}


def test_nobody_escapes_by_guessing_many_users_at_once(start_museum, htpasswd):
    museum = start_museum(f"--auth-htpasswd={htpasswd}")
    assert museum.get("/index.yaml", auth=authorized(BOB)).status_code == 200
    answers = [museum.get("/index.yaml", auth=(f"user {at}", "guess")).status_code
               for at in range(80)]
    assert set(answers) == {401, 429}
    assert museum.get("/index.yaml", auth=authorized(BOB)).status_code == 200  # was here lately
