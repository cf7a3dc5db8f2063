"""How fast people are told: 20,000 personal notices into a local server, every commit durable.

The rate is counted by the receiving server, from its first DATA to its last 250. Beside it stand
the wire alone (no database), a server that does not announce PIPELINING, and Django's own SMTP
backend, which keeps no record of what it sent.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from bench._house import figure, fresh, tell, timed
from tests.sending import SEND, mail_server, prepare

PEOPLE = 20_000
PEER = 2_000
LINE = "Keep it away from things that burn and do not charge it any more. "
ON = "20,000 distinct messages of ≥ 2 KB, SQLite, synchronous=FULL, server on the same cores"


def through_the_outbox(folder: Path, **manner: object) -> dict[str, float]:
    """Send through the whole product; the receiving server's own count."""
    with fresh() as instance:
        prepare(instance, folder, PEOPLE)
        with mail_server(folder, **manner) as server:
            found = instance.json(*SEND, HOLDFAST_SMTP_URL=server.url, timeout=1200)
            summary = server.stop()
    assert found["accepted"] == PEOPLE == summary["distinct_texts"] == summary["recipients"]
    assert summary["most_copies"] == 1
    assert summary["smallest_bytes"] >= 2048
    return summary


def over_the_wire(folder: Path) -> float:
    """The client alone: no database, no record, the same sizes."""
    from holdfast.connectors.smtp.envelopes import Envelope
    from holdfast.connectors.smtp.fleet import Fleet
    from holdfast.connectors.smtp.server import parse_server

    body = (LINE + "\r\n").encode() * 34
    with mail_server(folder) as server:
        fleet = Fleet(parse_server(server.url))
        fleet.put(
            Envelope(
                n,
                "recall@shop.example",
                f"c{n}@example.org",
                b"Message-ID: <%d@x>\r\nSubject: stop\r\n\r\nDear %d\r\n" % (n, n) + body,
            )
            for n in range(PEOPLE)
        )
        while fleet.unsettled:
            fleet.turn(1.0)
        fleet.close()
        return float(server.stop()["per_second"])


def with_django(folder: Path) -> float:
    """Django's SMTP backend over one connection, one message object each."""
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives, get_connection

    if not settings.configured:
        settings.configure(USE_TZ=True)
    with mail_server(folder) as server:
        parts = urlsplit(server.url)
        connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host=parts.hostname, port=parts.port
        )
        connection.open()
        text = (LINE + "\n") * 14

        def send() -> None:
            for n in range(PEER):
                message = EmailMultiAlternatives(
                    "Recall: stop using it",
                    f"Dear Pat {n}\n{text}",
                    "recall@shop.example",
                    [f"c{n}@example.org"],
                    connection=connection,
                )
                message.attach_alternative(f"<p>Dear Pat {n}</p><p>{text}</p>", "text/html")
                message.send()

        seconds = timed(send)
        connection.close()
        assert server.stop()["messages"] == PEER
    return PEER / seconds


def main() -> None:
    """Measure each in its own folder."""
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / str(n) for n in range(4)]
        for folder in folders:
            folder.mkdir()
        sent = through_the_outbox(folders[0])
        figure("sender, messages/s", sent["per_second"], "/s", ">= 3000", ON)
        in_step = through_the_outbox(folders[1], pipelining=False)
        figure("sender, no PIPELINING", in_step["per_second"], "/s", "", ON)
        figure("sender, the wire alone", over_the_wire(folders[2]), "/s", "", "no database")
        peer = with_django(folders[3])
        figure("Django's SMTP backend", peer, "/s", "", f"{PEER:,} messages, nothing recorded")
        figure("sender against Django's backend", sent["per_second"] / peer, "×", ">= 1")
    tell()


if __name__ == "__main__":
    main()
