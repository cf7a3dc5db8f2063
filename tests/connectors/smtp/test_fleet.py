"""What the fleet says happened is what the receiving server saw happen, however that misbehaves."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from holdfast.connectors.smtp.envelopes import Envelope, Outcome, Settled
from holdfast.connectors.smtp.fleet import Fleet
from holdfast.connectors.smtp.handshake import CannotOpen
from holdfast.connectors.smtp.server import parse_server
from tests.smtp_sink import Manner, Sink

LONG = 120.0  # seconds: what is waited for comes soon, and late on a machine with much to do
TEXT = b"Message-ID: <%d@shop.example>\r\nSubject: please stop using it\r\n\r\n.Hello\n..\nBye\r\n"


def letter(number: int, *, to: str | None = None) -> Envelope:
    recipient = to if to is not None else f"c{number}@example.org"
    return Envelope(number, "recall@shop.example", recipient, TEXT % number)


def deliver(
    url: str, envelopes: list[Envelope], *, within: float = LONG, **options: object
) -> dict[object, Settled]:
    """Send all, offering again what was refused for now, as the outbox does."""
    fleet = Fleet(parse_server(url), **options)  # type: ignore[arg-type]
    again = {envelope.key: envelope for envelope in envelopes}
    ended: dict[object, Settled] = {}
    late = time.monotonic() + within
    fleet.put(envelopes)
    try:
        while fleet.unsettled:
            assert time.monotonic() < late, f"{fleet.unsettled} left: {fleet.trouble}"
            for settled in fleet.turn(0.2):
                if settled.outcome in (Outcome.TRANSIENT, Outcome.NOT_SENT):
                    old = again[settled.key]
                    fleet.put([letter(int(str(settled.key)), to=old.recipient)])
                else:
                    assert settled.key not in ended
                    ended[settled.key] = settled
    finally:
        fleet.close()
    return ended


def turn_on(fleet: Fleet, settled: list[Settled], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        settled += fleet.turn(0.1)


def tally(ended: dict[object, Settled]) -> Counter[Outcome]:
    return Counter(settled.outcome for settled in ended.values())


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("connections", [1, 4])
def test_every_message_arrives_once(pipelining: bool, connections: int) -> None:
    with Sink(Manner(pipelining=pipelining, keep_text=True)) as sink:
        ended = deliver(f"{sink.url}?connections={connections}", [letter(n) for n in range(500)])
        assert tally(ended) == {Outcome.ACCEPTED: 500}
        assert len(sink.ledger.copies) == 500
        assert set(sink.ledger.copies.values()) == {1}
        assert sink.ledger.connections <= connections
        text = sink.ledger.texts["c7@example.org"][0]
        assert text.endswith(b"\r\n\r\n..Hello\r\n...\r\nBye\r\n")
        assert ended[7].reply == "250 2.0.0 queued"


MISBEHAVIOUR = {
    "busy at every stage": Manner(busy_at_mail=0.1, busy_at_rcpt=0.1, busy_after_text=0.1),
    "accepts, then hangs up": Manner(drop_after_accept=0.2),
    "hangs up without an answer": Manner(drop_before_answer=0.1),
    "hangs up before it takes the text": Manner(drop_in_text=0.1),
    "few messages for each connection": Manner(messages_per_connection=7),
    "refuses the first connections": Manner(refuse_connects=3),
    "answers in many lines": Manner(multiline=True),
    "answers without enhanced codes": Manner(enhanced=False),
    "asks for text without a recipient": Manner(ask_text_always=True),
    "answers late": Manner(answer_after=0.005),
    "full mailboxes after the text": Manner(full_after_text=0.2),
}


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "lock-step"])
@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_the_account_agrees_with_the_server_when_it(name: str, pipelining: bool) -> None:
    manner = MISBEHAVIOUR[name]
    manner = Manner(**{**vars(manner), "pipelining": pipelining})
    messages = [letter(n) for n in range(200)] + [
        letter(n, to=f"nobody{n}@x.org") for n in range(200, 220)
    ]
    with Sink(manner) as sink:
        ended = deliver(f"{sink.url}?timeout=30&answer_timeout=30", messages)
        received = {recipient: count for (recipient, _), count in sink.ledger.copies.items()}
    assert len(ended) == 220
    assert all(count == 1 for count in received.values())
    for number, settled in ended.items():
        recipient = f"c{number}@example.org"
        if int(str(number)) >= 200:
            assert (settled.outcome, settled.code) == (Outcome.PERMANENT, 550)
        elif settled.outcome is Outcome.ACCEPTED:
            assert received[recipient] == 1
        elif settled.outcome is Outcome.PERMANENT:
            assert settled.code == 552
            assert recipient not in received
        else:
            assert settled.outcome is Outcome.UNKNOWN
    unknown = tally(ended)[Outcome.UNKNOWN]
    may_be_unclear = manner.drop_before_answer or manner.drop_in_text
    assert (unknown > 0) == bool(may_be_unclear)


def test_silence_after_the_text_is_unclear_and_blocks_nobody_else() -> None:
    with Sink(Manner(silent_after_text=0.05)) as sink:
        ended = deliver(f"{sink.url}?answer_timeout=0.3&timeout=2", [letter(n) for n in range(100)])
        received = {recipient for recipient, _ in sink.ledger.copies}
    assert len(received) == 100
    assert set(tally(ended)) == {Outcome.ACCEPTED, Outcome.UNKNOWN}


def test_a_server_that_drips_its_answers_is_given_up() -> None:
    with Sink(Manner(drip=0.2)) as sink:
        fleet = Fleet(parse_server(f"{sink.url}?timeout=0.6&answer_timeout=0.6&connections=1"))
        fleet.put([letter(1)])
        late = time.monotonic() + LONG
        settled: list[Settled] = []
        while time.monotonic() < late and not settled and fleet.trouble is None:
            settled = fleet.turn(0.1)
        fleet.close()
    assert fleet.trouble is not None
    assert not sink.ledger.copies


@pytest.mark.parametrize(
    "greeting", ["HTTP/1.1 400 Bad Request", "554 5.3.2 no service here", "220"]
)
def test_a_wrong_greeting_sends_nothing_and_says_so(greeting: str) -> None:
    with Sink(Manner(greeting=greeting)) as sink:
        fleet = Fleet(parse_server(f"{sink.url}?timeout=20"))
        fleet.put([letter(1)])
        late = time.monotonic() + LONG
        settled: list[Settled] = []
        while not settled and fleet.down_since is None and time.monotonic() < late:
            settled += fleet.turn(0.1)
        if greeting == "220":
            assert [item.outcome for item in settled] == [Outcome.ACCEPTED]
        else:
            assert not settled
            assert fleet.trouble
            assert fleet.down_since is not None
            assert [envelope.key for envelope in fleet.take_back()] == [1]
            assert fleet.unsettled == 0
        fleet.close()


def test_nobody_listening_is_trouble_and_no_loss() -> None:
    with socket.socket() as held:  # bound and deaf: nobody else takes the port meanwhile
        held.bind(("127.0.0.1", 0))
        fleet = Fleet(parse_server(f"smtp://127.0.0.1:{held.getsockname()[1]}"))
        fleet.put([letter(n) for n in range(3)])
        late = time.monotonic() + LONG
        while fleet.down_since is None and time.monotonic() < late:
            assert fleet.turn(0.1) == []
        assert fleet.turn(0.1) == []
        assert fleet.down_since is not None
        assert len(fleet.take_back()) == 3
        fleet.close()


def test_a_refused_sender_stops_the_fleet_and_fails_no_recipient() -> None:
    with Sink(Manner(refuse_sender=True)) as sink:
        fleet = Fleet(parse_server(sink.url))
        fleet.put([letter(n) for n in range(50)])
        settled: list[Settled] = []
        with pytest.raises(CannotOpen, match="sender address") as error:
            turn_on(fleet, settled)
        assert error.value.lasting
        assert settled == []
        assert len(fleet.take_back()) == 50
        fleet.close()


def test_bad_addresses_are_settled_without_a_word_to_the_server() -> None:
    evil = ["x@y.z>\r\nRCPT TO:<all@world", "no-at-sign", "a b@c.d", "\u00e9@example.org"]
    with Sink() as sink:
        messages = [letter(n, to=to) for n, to in enumerate(evil)] + [letter(9)]
        ended = deliver(sink.url, messages)
        assert {recipient for recipient, _ in sink.ledger.copies} == {"c9@example.org"}
    assert [ended[n].outcome for n in range(4)] == [Outcome.PERMANENT] * 4
    assert all("not handed over" in ended[n].reply for n in range(4))


def test_letters_outside_ascii_are_taken_where_the_server_can() -> None:
    with Sink(Manner(utf8=True)) as sink:
        ended = deliver(sink.url, [letter(1, to="\u00e9@example.org")])
    assert tally(ended) == {Outcome.ACCEPTED: 1}


def test_a_message_above_the_size_limit_fails_alone() -> None:
    with Sink(Manner(size=2000)) as sink:
        big = Envelope(2, "recall@shop.example", "c2@example.org", TEXT % 2 + b"x" * 70 * 40)
        ended = deliver(sink.url, [letter(1), big, letter(3)])
    assert ended[2].outcome is Outcome.PERMANENT
    assert "2000 bytes" in ended[2].reply
    assert ended[1].outcome is ended[3].outcome is Outcome.ACCEPTED


def test_eight_bit_text_is_rewritten_for_a_server_of_seven() -> None:
    text = (
        "Message-ID: <1@x>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\nBitte nicht ber\u00fchren\r\n"
    ).encode()
    with Sink(Manner(eight_bit=False, keep_text=True)) as sink:
        deliver(sink.url, [Envelope(1, "a@b.c", "c1@example.org", text)])
        assert sink.ledger.texts["c1@example.org"][0].isascii()


class Flight:
    """Remembers the order of what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def begin(self, key: object) -> None:
        self.told.append(("begin", key))

    def end(self, settled: Settled) -> None:
        self.told.append((settled.outcome.value, settled.key))

    def flush(self) -> None:
        self.told.append(("flush", None))


def test_the_record_is_written_before_the_text_leaves() -> None:
    flight = Flight()
    with Sink() as sink:
        deliver(f"{sink.url}?connections=1", [letter(n) for n in range(20)], recorder=flight)
    for number in range(20):
        began = flight.told.index(("begin", number))
        ended = flight.told.index(("accepted", number))
        assert ("flush", None) in flight.told[began:ended]


def half_server(answer: Callable[[socket.socket], None]) -> str:
    """A server that greets and then does what the test wants, for every connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(peer,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return f"smtp://127.0.0.1:{listener.getsockname()[1]}?connections=1&timeout=2&answer_timeout=2"


def _greet(peer: socket.socket) -> None:
    peer.sendall(b"220 hi\r\n")
    peer.recv(1000)
    peer.sendall(b"250 hi\r\n")
    for answer in (b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
        peer.recv(1000)
        peer.sendall(answer)


def test_a_wire_cut_in_the_middle_of_the_text_is_safe_to_try_again() -> None:
    """A text larger than all buffers cannot have been handed over whole: certain, not unclear."""

    def cut(peer: socket.socket) -> None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        _greet(peer)
        peer.recv(1000)
        peer.close()

    fleet = Fleet(parse_server(half_server(cut)))
    fleet.put([Envelope(1, "a@b.c", "c@d.e", b"x" * 16_000_000)])
    settled: list[Settled] = []
    while not settled:
        settled = fleet.turn(0.5)
    fleet.close()
    assert settled[0].outcome is Outcome.NOT_SENT


def test_a_wire_cut_after_the_dot_is_unclear() -> None:
    def cut(peer: socket.socket) -> None:
        _greet(peer)
        peer.recv(10_000)
        peer.close()

    fleet = Fleet(parse_server(half_server(cut)))
    fleet.put([letter(1)])
    settled: list[Settled] = []
    while not settled:
        settled = fleet.turn(0.5)
    fleet.close()
    assert settled[0].outcome is Outcome.UNKNOWN


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "sink.pem"
    path.write_bytes(
        built.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_an_encrypted_line_delivers_and_its_certificate_is_checked(certificate: Path) -> None:
    sink = Sink()
    sink.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sink.tls.load_cert_chain(certificate)
    with sink:
        url = sink.url.replace("smtp:", "smtps:")
        ended = deliver(f"{url}?cafile={certificate}", [letter(n) for n in range(100)])
        assert tally(ended) == {Outcome.ACCEPTED: 100}
        assert set(sink.ledger.copies.values()) == {1}
        fleet = Fleet(parse_server(url))
        fleet.put([letter(1)])
        with pytest.raises(CannotOpen, match="certificate") as error:
            turn_on(fleet, [])
        assert error.value.lasting
        fleet.close()


def test_encryption_that_is_asked_for_and_not_offered_sends_nothing() -> None:
    with Sink() as sink:
        fleet = Fleet(parse_server(sink.url.replace("smtp:", "smtp+starttls:")))
        fleet.put([letter(1)])
        with pytest.raises(CannotOpen, match="STARTTLS"):
            turn_on(fleet, [])
        fleet.close()
        assert not sink.ledger.copies
