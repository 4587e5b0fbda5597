# SPDX-License-Identifier: Apache-2.0
"""Pages of one's own instead of the welcome page."""

import os

import pytest


@pytest.fixture
def pages(folder):
    pages = folder.parent / "pages"
    (pages / "static" / "css").mkdir(parents=True)
    (pages / "index.html").write_text("<p>{{ as it is }}</p>")
    (pages / "static" / "main.js").write_text("go()")
    (pages / "static" / "css" / "main.css").write_text("p {}")
    (pages / "secret").write_text("secret")
    return pages


@pytest.mark.parametrize("context", ["", "/x"])
def test_serves_the_template_and_its_static_files(start_museum, pages, context):
    museum = start_museum(f"--web-template-path={pages}", f"--context-path={context}", "--depth=1")
    page = museum.get(f"{context}/")
    assert page.text == "<p>{{ as it is }}</p>"
    assert page.headers["Content-Type"].startswith("text/html")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    script = museum.get(f"{context}/static/main.js")
    assert (script.status_code, script.text) == (200, "go()")
    style = museum.get(f"{context}/static/css/main.css")
    assert (style.text, style.headers["Content-Type"]) == ("p {}", "text/css; charset=utf-8")


def test_serves_no_listing_and_nothing_outside(start_museum, pages):
    museum = start_museum(f"--web-template-path={pages}")
    (pages / "static" / "leak").symlink_to(pages / "secret")
    (pages / "static" / "up").symlink_to("..")
    os.mkfifo(pages / "static" / "fifo")
    for path in ("/static", "/static/", "/static/css", "/static/css/", "/static/absent",
                 "/static/leak", "/static/up/secret", "/static/../secret", "/static/..%2fsecret",
                 "/static/fifo", "/static/%2fetc%2fpasswd"):
        status, answer = museum.raw(f"GET {path} HTTP/1.1\r\nHost: m\r\n\r\n".encode())
        assert status in (400, 404), path
        assert b"secret\r\n" not in answer and not answer.endswith(b"secret")


def test_falls_back_to_the_welcome_page(start_museum, folder):
    museum = start_museum(f"--web-template-path={folder.parent / 'absent'}")
    assert "Welcome to ChartMuseum!" in museum.get("/").text


def test_without_a_template_there_are_no_static_files(museum):
    assert museum.get("/static/main.js").status_code == 404
