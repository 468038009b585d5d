"""Stands where baresip would: speaks on the control port what a test wants. Run with `-f FOLDER`.

Its first connection offers a call, then sends what BARESIP_BABBLE names; later ones behave and know no such call.
With BARESIP_DEAF it says "ok" to everything and no call is ever answered, like one without a sound device.
"""

import json
import os
import re
import socket
import sys
from pathlib import Path

BABBLE = {"huge": b"10000000:" + b"x" * 10_000_000, "garbage": b"\x00\xffHTTP/1.1 400\r\n\r\n", "closed": b""}


def send(connection: socket.socket, **fields: object) -> None:
    body = json.dumps(fields).encode()
    connection.sendall(b"%d:%s," % (len(body), body))


def offer(connection: socket.socket, sip_call_id: str) -> None:
    uri = "sip:+493023125123@127.0.0.1"
    send(connection, event=True, type="CALL_INCOMING", direction="incoming", peeruri=uri, id=sip_call_id)


def reply(connection: socket.socket) -> bool:
    """Answer one command; False at the end of the connection."""
    command = connection.recv(65_536)  # the tests' commands are short and one at a time
    if not command:
        return False
    fields = json.loads(command.partition(b":")[2].rstrip(b","))
    is_lost = fields["command"] == "callfind" and "BARESIP_DEAF" not in os.environ
    data = "call not found (id=x)" if is_lost else ""
    send(connection, response=True, ok=True, data=data, token=fields["token"])
    return True


def main() -> None:
    config = (Path(sys.argv[2]) / "config").read_text()
    port = re.search(r"ctrl_tcp_listen 127\.0\.0\.1:(\d+)", config)
    assert port
    with socket.create_server(("127.0.0.1", int(port[1]))) as server:
        for number in range(1, 1000):
            connection, _ = server.accept()
            with connection:
                try:
                    reply(connection)
                    offer(connection, f"call-{number}")
                    if "BARESIP_DEAF" not in os.environ and (number == 1 or "BARESIP_ALWAYS" in os.environ):
                        connection.sendall(BABBLE[os.environ["BARESIP_BABBLE"]])
                        continue
                    while reply(connection):
                        pass
                except ConnectionError:
                    pass


if __name__ == "__main__":
    main()
