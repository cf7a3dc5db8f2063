"""Asks the warm process for a command and ends as it ends; imports little, as it starts often."""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence


def ask(
    line: socket.socket,
    streams: Sequence[int],
    command: Sequence[str],
    env: Mapping[str, str],
    folder: str,
) -> None:
    """Say on this line what to be: streams, words, environment and folder."""
    socket.send_fds(line, [b"!"], streams)
    asked = {"command": list(command), "env": dict(env), "cwd": folder}
    line.sendall(json.dumps(asked).encode())
    line.shutdown(socket.SHUT_WR)


def main(address: str, *words: str) -> int:
    """Be `python -m holdfast`, as far as a shell sees."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        ask(line, (0, 1, 2), ["-m", "holdfast", *words], os.environ, os.getcwd())
        answer = line.makefile("r")
        answer.readline()
        code = os.waitstatus_to_exitcode(int(answer.readline()))
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
