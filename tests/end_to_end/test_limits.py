# SPDX-License-Identifier: Apache-2.0
"""Clients and readers that take what there is and give nothing back."""

import fcntl
import os
import signal

from museum import Museum
from packages import package


def test_idle_connections_leave_descriptors_for_requests(folder, binary, tmp_path):
    wrapper = tmp_path / "few-descriptors"
    wrapper.write_text(f'#!/bin/sh\nulimit -n 128\nexec "{binary}" "$@"\n')
    wrapper.chmod(0o755)
    museum = Museum(wrapper, folder).start()  # its session keeps a connection from here on
    idle = []
    try:
        for _ in range(200):
            idle.append(museum.connect())
        for number in range(3):
            answer = museum.push(package("alpha", f"1.{number}.0"))
            assert (answer.status_code, answer.text) == (201, '{"saved":true}')
            assert museum.get(f"/charts/alpha-1.{number}.0.tgz").status_code == 200
        assert museum.versions() == {"alpha": ["1.2.0", "1.1.0", "1.0.0"]}
        assert "Cannot accept connections" not in museum.log()
    finally:
        for connection in idle:
            connection.close()
        museum.end()


def test_a_log_that_nobody_reads_does_not_hold_up_the_end(binary, folder):
    museum = Museum(binary, folder)
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    try:
        with open(writer, "wb") as log:
            museum.log_file.close()
            museum.log_file = log
            museum.start()
        for _ in range(100):  # more lines than the pipe holds
            assert museum.get("/index.yaml").status_code == 200
        assert museum.stop(signal.SIGTERM) == 0
    finally:
        if museum.alive():
            museum.kill()
        museum.session.close()
        os.close(reader)
