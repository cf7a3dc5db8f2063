"""The print room: letters, mail merge, message files and a page, from approved texts only."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from holdfast.decision.recalls.models import Recall
from holdfast.ground.access.queries import organisation
from holdfast.ground.outbox.mime import Compiled, Letterhead, compile_parts
from holdfast.ground.outbox.queries import failed_recipients
from holdfast.kit.refusals import Forbidden
from holdfast.kit.renderings.content import NoticeContent
from holdfast.kit.renderings.joined import joined
from holdfast.kit.renderings.laws import TextLaws
from holdfast.kit.renderings.letter import (
    Recipient,
    letter_svg,
    letters_pdf,
    nobody_pdf,
    remarks,
)
from holdfast.kit.renderings.mail import email_parts
from holdfast.kit.renderings.page import static_page
from holdfast.kit.wording.library import month_in_words
from holdfast.kit.wording.profile import regime_id
from holdfast.kit.wording.readers import languages_given
from holdfast.response.notices.models import NoticeText
from holdfast.response.notices.queries import (
    Addressee,
    addressees,
    approved_texts,
    by_law,
    content_of,
    first_language,
    text_laws,
)
from holdfast.response.remedies.queries import link_numbers
from holdfast.response.remedies.rules import link_token

MERGE_COLUMNS = (
    "email",
    "name",
    "language",
    "order",
    "month",
    "items",
    "link",
    "subject",
    "text",
)
# A photo makes each message file 16 KB larger, and the archive is made in memory.
MOST_WITH_PHOTO = 5_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TELL_EVERY = 200
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PrintRoom:
    """The approved texts of a recall by name, and what links are made of."""

    recall: Recall
    texts: dict[str, NoticeText]
    contents: dict[str, NoticeContent]
    laws: TextLaws
    there: dict[str, dict[str, NoticeText]]  # the same texts by law, then by language
    key: bytes
    public_url: str
    first: str = "en"
    _mails: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    _numbers: list[dict[str, int]] = field(default_factory=list)

    @classmethod
    def of(cls, recall: Recall, *, key: bytes, public_url: str) -> PrintRoom:
        """Refuses where no text is approved: nothing that nobody approved leaves the house."""
        texts = approved_texts(recall)
        if not texts:
            raise Forbidden(
                "no_text",
                f"No notice text of {recall.ref} is approved.",
                hint=f"holdfast recall notice {recall.ref} --approve all",
            )
        contents = {name: content_of(text) for name, text in texts.items()}
        laws, there = text_laws(recall), by_law(texts.values())
        return cls(recall, texts, contents, laws, there, key, public_url, first_language())

    def texts_for(self, person: Addressee) -> tuple[str, ...]:
        """The approved texts this person gets: two sheets, or two parts of one message.

        None where no text under the law of their country is approved: they wait.
        """
        there = self.there.get(self.laws.text_for(person.country), {})
        given = languages_given(person.reads, there, self.first)
        return tuple(there[code].name for code in given)

    def names_under(self, law: str = "") -> list[str]:
        """The approved texts under one law, the recall's own if none is named; refuses none."""
        wanted = self.laws.text_of(regime_id(law)) if law else ""
        found = [name for name, text in self.texts.items() if text.law == wanted]
        if not found:
            raise Forbidden(
                "no_text",
                f"No notice text of {self.recall.ref} under {wanted or self.laws.own} is approved.",
                hint=f"Approved are: {', '.join(sorted(self.texts))}.",
            )
        return found

    def language_of(self, name: str) -> str:
        """The language a text is in."""
        return self.texts[name].language

    def link(self, person: Addressee) -> str:
        """The personal link; derived, so that it is the same in e-mail and letter."""
        if not self._numbers:
            # asked once a file, when links were made: only a renewed one is not its person's first
            self._numbers.append(link_numbers(self.recall))
        number = self._numbers[0].get(person.recipient, 1)
        token = link_token(
            self.key, recall=self.recall.ref, recipient=person.recipient, number=number
        )
        return f"{self.public_url}/r/{token}"

    def hashes(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Which words of these texts are in a file."""
        return [(name, self.texts[name].sha256) for name in sorted(set(names))]

    def mail(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The parts of a message of these texts; made once each."""
        made = self._mails.get(names)
        if made is None:
            parts = [(self.language_of(one), email_parts(self.contents[one])) for one in names]
            made = self._mails[names] = joined(parts)
        return made

    def values(self, person: Addressee, language: str) -> dict[str, str]:
        """This person's own values."""
        month = month_in_words(person.bought_on, language) if person.bought_on else ""
        return {
            "name": person.name,
            "items": person.items,
            "order": person.order,
            "month": month,
            "link": self.link(person),
        }


def with_email(recall: Recall) -> Iterator[Addressee]:
    """People a message can be written to."""
    return (person for person in addressees(recall) if person.has_email)


def with_address(recall: Recall, *, only_without_email: bool = False) -> Iterator[Addressee]:
    """People a letter can be posted to; or only those no e-mail reaches, came back included."""
    failed = set(failed_recipients(recall.ref, "customer")) if only_without_email else set()
    return (
        person
        for person in addressees(recall)
        if person.has_postal_address
        and not (only_without_email and person.has_email and person.id not in failed)
    )


def letters(
    room: PrintRoom,
    people: Sequence[Addressee],
    *,
    now: datetime,
    paper: str = "a4",
    progress: Callable[[int, int], None] | None = None,
) -> tuple[bytes, list[str]]:
    """All letters as one PDF, sorted by country and postcode as a post office wants them."""
    org = organisation()
    on = now.astimezone(ZoneInfo(org.zone)).date()
    if not people:
        return nobody_pdf(room.recall.ref, at=now, paper=paper), []
    chosen: list[Recipient] = []
    for person in sorted(people, key=lambda one: (one.country, one.postcode, one.id)):
        address = person.address(home_country=org.country, country_name=_country(person.country))
        for name in room.texts_for(person):
            values = room.values(person, room.language_of(name))
            chosen.append(
                Recipient(
                    text=name,
                    language=room.language_of(name),
                    name=person.name,
                    address=address,
                    order=person.order,
                    month=values["month"],
                    link=values["link"],
                    reference=room.recall.ref,
                )
            )
    pdf = letters_pdf(room.contents, chosen, on=on, at=now, paper=paper, progress=progress)
    return pdf, remarks(one.language for one in chosen)


def specimen(content: NoticeContent, *, reference: str, now: datetime, paper: str = "a4") -> str:
    """One letter to nobody, as a picture for the screen; no person's data in it."""
    on = now.astimezone(ZoneInfo(organisation().zone)).date()
    nobody = Recipient(
        language=content.language,
        name="–",
        address=("–", "–"),
        order="–",
        month=month_in_words(on, content.language),
        link=content.facts.url,
        reference=reference,
    )
    return letter_svg(content, nobody, on=on, paper=paper)


def _country(code: str) -> str:
    return Locale("en").territories.get(code.upper(), code)


def cell(value: str) -> str:
    """A value as a spreadsheet may open it: never a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def told(
    people: Sequence[Addressee], progress: Callable[[int, int], None] | None
) -> Iterator[Addressee]:
    """The same people; whoever watches is told how many are done, and may stop it by raising."""
    for number, person in enumerate(people):
        if progress is not None and number % TELL_EVERY == 0:
            progress(number, len(people))
        yield person
    if progress is not None:
        progress(len(people), len(people))


def merge_csv(
    room: PrintRoom,
    people: Sequence[Addressee],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """One row a person with everything a mail program needs, in UTF-8 with its mark."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(MERGE_COLUMNS)
    for person in told(people, progress):
        names = room.texts_for(person)
        languages = [room.language_of(one) for one in names]
        values = room.values(person, languages[0])
        parts = room.mail(names)
        row = [
            person.email,
            values["name"],
            ", ".join(languages),
            values["order"],
            values["month"],
            values["items"],
            values["link"],
            _filled(parts["subject"], values),
            _filled(parts["text"], values),
        ]
        table.writerow([cell(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _filled(pieces: Sequence[str | dict[str, str]], values: dict[str, str]) -> str:
    return "".join(
        piece if isinstance(piece, str) else values.get(piece["slot"], "") for piece in pieces
    )


def eml_zip(
    room: PrintRoom,
    people: Sequence[Addressee],
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """One message file a person, for any mail program; the same input, the same bytes."""
    org = organisation()
    facts = next(iter(room.contents.values())).facts
    own = org.contact_email or facts.email
    head = Letterhead(sender=own or "recall@localhost", name=facts.shop, reply_to=own)
    compiled: dict[tuple[str, ...], Compiled] = {}
    host = head.sender.rpartition("@")[2]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, person in enumerate(told(people, progress), start=1):
            names = room.texts_for(person)
            languages = [room.language_of(one) for one in names]
            if names not in compiled:
                compiled[names] = compile_parts(
                    room.mail(names), language=", ".join(languages), letterhead=head
                )
            message = compiled[names].fill(
                room.values(person, languages[0]),
                to=person.email,
                message_id=f"<file.{room.recall.ref.lower()}.{person.id}@{host}>",
                at=now,
            )
            drill = "DRILL-" if facts.is_drill else ""
            name = f"{drill}{room.recall.ref}-{number:06}-{'-'.join(languages)}.eml"
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), b"X-Unsent: 1\r\n" + message)
    return out.getvalue()


def without_photos(room: PrintRoom) -> PrintRoom:
    """The same room, its forms without the photo: thousands of messages would carry it each."""
    contents = {code: replace(content, photo=None) for code, content in room.contents.items()}
    return replace(room, contents=contents, _mails={})


def page(room: PrintRoom, *, law: str = "") -> str:
    """One HTML file with every approved language of one law, to be uploaded anywhere."""
    org_first = [str(code) for code in organisation().languages]
    chosen = [room.contents[name] for name in room.names_under(law)]
    chosen.sort(
        key=lambda one: (
            org_first.index(one.language) if one.language in org_first else 99,
            one.language,
        )
    )
    return static_page(chosen, answer_url=answer_address(chosen[0].facts))


def answer_address(facts: object) -> str:
    """Where the button of an uploaded page leads: the public address, else a mail."""
    url, email = getattr(facts, "url", ""), getattr(facts, "email", "")
    is_local = any(part in url for part in ("//127.", "//localhost", "//[::1]"))
    if url and not is_local:
        return str(url)
    return f"mailto:{email}" if email else str(url)
