#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a reverse proxy in front of another server, to delay, count and fail its calls.

fault_proxy.mjs says how it is told to. Facts: url, control; with --tls also ca_file, which lives as
long as the proxy.
"""

import shutil

import launcher


def start(stage, arguments):
    if not shutil.which("node"):
        raise launcher.CannotBeHad("Node.js is not installed")
    port = arguments.port or launcher.free_port()
    control = launcher.free_port()
    tls, facts = [], {}
    if arguments.tls:
        authority, certificate, key = launcher.issue_certificate(stage.folder)
        tls = ["--certificate", certificate, "--key", key]
        facts = {"ca_file": str(authority)}
    stage.spawn("fault_proxy", ["node", launcher.HERE / "fault_proxy.mjs", "--upstream",
                                arguments.upstream, "--port", port, "--control", control,
                                "--delay", arguments.delay, *tls])
    stage.await_port(port)
    stage.await_port(control)
    scheme = "https" if arguments.tls else "http"
    return {"server": "fault_proxy", "url": f"{scheme}://127.0.0.1:{port}",
            "control": f"http://127.0.0.1:{control}", **facts}


def add_options(parser):
    parser.add_argument("--upstream", required=True, help="the server's URL; its path is not used")
    parser.add_argument("--delay", type=int, default=0, help="milliseconds added to every call")
    parser.add_argument("--tls", action="store_true", help="with a certificate of its own authority")


if __name__ == "__main__":
    launcher.run(start, __doc__, add_options)
