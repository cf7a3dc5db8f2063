"""One entry of the journal as the bytes that are hashed: canonical JSON of six members.

>>> entry_line(1, "2026-01-05T09:00:00+00:00", "RecallOpened", "person:1", "R-2026-001", b"{}")
b'{"at":"2026-01-05T09:00:00+00:00","by":"person:1","index":1,"kind":"RecallOpened",\
"payload":{},"subject":"R-2026-001"}'
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted


def entry_line(index: int, at: str, kind: str, by: str, subject: str, payload: bytes) -> bytes:
    """The line of `journal.jsonl`, without its end; `payload` is canonical JSON already.

    Entries are numbered from 1, so that a line of a whole journal and its entry have one number;
    the leaf of entry n stands at position n - 1 of the tree.
    """
    head = f'{{"at":{quoted(at)},"by":{quoted(by)},"index":{index},"kind":{quoted(kind)},"payload":'
    return b'%b%b,"subject":%b}' % (head.encode(), payload, quoted(subject).encode())
