"""What rules and gates found, kept in English with the words they found, said to the reader."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from holdfast.doors.desk.hazardwords import hazard_title
from holdfast.doors.desk.refusedwords import REFUSED
from holdfast.doors.desk.scopewords import CHANGES, REASONS, parts
from holdfast.ground.look.templatetags.look import day

SENTENCES = (
    # what jumps the queue
    gettext_noop("The report says that somebody was hurt."),
    gettext_noop("It was told as an injury."),
    gettext_noop("Somebody may have been hurt: “%(words)s”."),
    gettext_noop("It speaks of %(hazard)s: “%(words)s”."),
    # gates of a launch
    gettext_noop("no scope is confirmed"),
    gettext_noop("%(a)s of %(b)s can be reached by e-mail"),
    gettext_noop("no text is approved for e-mail"),
    gettext_noop("%(n)s people wait for the text of their law: %(which)s"),
    gettext_noop("%(n)s people lack a language they read: %(which)s"),
    gettext_noop("%(n)s taken out"),
    gettext_noop("this text was not sent as a test yet"),
    gettext_noop("%(url)s shows the approved text"),
    gettext_noop(
        "%(url)s shows another text than the approved one; an old copy may be kept somewhere"
    ),
    gettext_noop("%(a)s of %(b)s are wrong: %(why)s"),
    gettext_noop("%(a)s of %(b)s answer"),
    gettext_noop("%(url)s does not answer (%(why)s)"),
    gettext_noop("set HOLDFAST_SMTP_URL, or use the files"),
    # what a report is about
    gettext_noop("A person said so."),
    gettext_noop("It was linked by a number that was erased."),
    gettext_noop("It names the product code %(code)s."),
    gettext_noop("It names the trade item %(code)s."),
    gettext_noop("Its text names the trade item %(code)s."),
    gettext_noop("Its text names %(code)s."),
    gettext_noop("“%(words)s” looks like the product code %(code)s."),
    gettext_noop("It names lot %(lot)s, which is not known here."),
    gettext_noop("It names lot %(lot)s, which only one product has."),
    gettext_noop("It names lot %(lot)s."),
    gettext_noop("“%(words)s” looks like lot %(lot)s, which only one product has."),
    gettext_noop("“%(words)s” looks like lot %(lot)s."),
    gettext_noop("It names the serial number %(code)s, which was sold in an order here."),
    gettext_noop("It names the serial number %(code)s."),
    gettext_noop("It names the order %(code)s, which has this product."),
    gettext_noop("It names the order %(code)s."),
    gettext_noop("Order %(code)s has more than %(n)s lines."),
    gettext_noop("Order %(code)s has %(n)s products."),
    # what a report repeats, and since when it is known
    gettext_noop("Both carry the report number %(code)s."),
    gettext_noop("Both say the same, word for word."),
    gettext_noop("%(n)s of their phrases are the same."),
    gettext_noop("The same person about the same product, on the same day."),
    gettext_noop("The same person about the same product, %(n)s days apart."),
    gettext_noop("received here"),
    gettext_noop("passed on to us by %(words)s"),
    gettext_noop("taken in from %(words)s"),
    # what a fact was taken from that clocks count from
    gettext_noop("complaint %(code)s, %(why)s"),
    gettext_noop("complaint %(code)s"),
    gettext_noop("investigation %(code)s"),
    # what an investigation has to answer
    gettext_noop("%(words)s, lot %(lot)s: is there a hazard (%(what)s), and in which units?"),
    gettext_noop("%(words)s: is there a hazard (%(what)s), and in which units?"),
    # what is odd about a report
    gettext_noop("It has no text."),
    gettext_noop("Its text had %(n)s characters; the first %(a)s are kept."),
    gettext_noop("It says that it %(what)s in the year %(n)s, which cannot be."),
    gettext_noop("It says that it %(what)s on %(day)s, which is in the future."),
    gettext_noop("happened"),
    gettext_noop("was received"),
    gettext_noop("was published"),
    gettext_noop("was passed on"),
    gettext_noop("What is attached to the mail (%(code)s, %(shown)s MB) is not kept here."),
    gettext_noop("What it quotes of an earlier mail (%(n)s letters) is left out."),
    gettext_noop("What it says of harm is no word known here: “%(words)s”."),
    gettext_noop("It was forwarded: look when it was told first."),
    # why a mail was not taken in
    gettext_noop("a file of Outlook (.msg), no mail: save it as .eml"),
    gettext_noop("it has no sender: no mail"),
    gettext_noop("a report of a mail server (holdfast recall bounces takes it)"),
    gettext_noop("an automatic answer"),
    gettext_noop("its parts are nested too deep to be read"),
    gettext_noop("it says nothing"),
    gettext_noop("it says nothing; what is attached (%(code)s, %(shown)s MB) is not read"),
    gettext_noop("the file is empty"),
    gettext_noop("there is no such folder"),
    gettext_noop("it cannot be read: %(words)s"),
    gettext_noop("it breaks the reader (%(words)s)"),
    gettext_noop("it could not be kept (%(words)s)"),
    gettext_noop("Typed in as %(code)s."),
    gettext_noop("It was read again."),
    gettext_noop("Read again with import %(n)s."),
    # why an announcement may mean a product, and two announcements one recall
    gettext_noop("Both name the marketplace code %(code)s."),
    gettext_noop(
        "Both name the trade item %(code)s; its check digit does not fit, "
        "or it can be read in two ways."
    ),
    gettext_noop("Both name the trade item %(code)s (the recall prints %(shown)s)."),
    gettext_noop("Both name the trade item %(code)s."),
    gettext_noop("A photograph of the product shows %(code)s, which the recall names."),
    gettext_noop("A photograph of the recall shows %(code)s, the number of this product."),
    gettext_noop("Photographs of both show %(code)s."),
    gettext_noop("The recall names %(code)s: the same item in another pack, or misprinted."),
    gettext_noop(
        "The recall names %(code)s, a UPC without its first and last digit; "
        "only this product has it."
    ),
    gettext_noop(
        "The recall names %(code)s, a UPC without its first and last digit; "
        "other products have it too."
    ),
    gettext_noop(
        "The recall names %(code)s, a UPC without its first and last digit; "
        "it may be another number."
    ),
    gettext_noop(
        "No code is common, but the model number %(model)s and the brand %(brand)s are: %(shared)s."
    ),
    gettext_noop("No code is common, but words are: %(shared)s."),
    gettext_noop("The same model number %(model)s and brand %(brand)s; common words: %(shared)s."),
    gettext_noop("The same model number %(model)s, another brand or none; common: %(shared)s."),
    gettext_noop("Common words, the rarest first: %(shared)s."),
    gettext_noop("%(words)s; read in a photograph: %(more)s"),
    gettext_noop("Both feeds carry the number %(code)s."),
    gettext_noop("One names the page of the other: %(url)s."),
    gettext_noop("Both name the maker and model %(words)s."),
    # what the rooms of Watch refuse, and what to do then
    gettext_noop("Please write a few words about what happened."),
    gettext_noop("Any language."),
    gettext_noop("Name a product code or a lot."),
    gettext_noop("No product has the code “%(words)s”."),
    gettext_noop("Letter case does not matter; every other sign does."),
    gettext_noop("%(code)s is %(words)s itself, or repeats it."),
    gettext_noop("Name the other one, the one that was told first."),
    gettext_noop("The inspection lies in the future."),
    gettext_noop("The test lies in the future."),
    gettext_noop("Check its day."),
    gettext_noop("An inspection is of one lot: name it."),
    gettext_noop("A plan needs the number of items in the lot."),
    gettext_noop("%(a)s of %(b)s cannot have failed."),
    gettext_noop("Without an AQL no plan can judge the lot."),
    gettext_noop("Give the AQL and the lot size, or say accepted or rejected."),
    gettext_noop(
        "Five lots were not accepted on tightened inspection: nothing of this supplier is "
        "accepted by sample until it has put that right."
    ),
    gettext_noop("Look at the whole lot, or record what the supplier did and resume."),
    gettext_noop("This takes a reason; it is kept."),
    gettext_noop("Say what was tested, such as lead or Salmonella."),
    gettext_noop("“%(words)s” is longer than %(n)s characters."),
    gettext_noop("There is no complaint %(code)s."),
    gettext_noop("A finding needs words."),
    gettext_noop("A task needs words."),
    gettext_noop("Say it in a sentence."),
    gettext_noop("%(n)s is no number of false alarms a week."),
    gettext_noop("Say more than 0 and at most 1000; or nothing, for the published threshold."),
    gettext_noop("Nobody who works here is called so."),
    gettext_noop("“Not ours” needs a reason: somebody will ask for it."),
    gettext_noop("For example: another model; we sell only the 12 V type."),
    gettext_noop("Nothing was decided about this match yet."),
    gettext_noop("To part two announcements takes a reason."),
    gettext_noop("Somebody has decided on this match already."),
    gettext_noop("Take that back first."),
    gettext_noop("A photograph shows one product of ours, or what one announcement means."),
    gettext_noop("Name the product by its code."),
    gettext_noop("There is no announcement no. %(n)s."),
    gettext_noop("There is no match no. %(n)s."),
    gettext_noop("There is no photograph no. %(n)s."),
    gettext_noop("The feed of %(words)s is off; nothing is fetched."),
    gettext_noop("Switch it on first."),
    gettext_noop("A drill asks nobody: it has no way out."),
    gettext_noop("This feed needs a web address, and the name of its authority."),
    gettext_noop("%(words)s answers only with a key: %(more)s."),
    gettext_noop("The operator names it in HOLDFAST_FEED_KEYS; see docs/feeds.md."),
    gettext_noop("The post has no text."),
    gettext_noop("%(code)s has no approved notice text, so there is no fact to state yet."),
    gettext_noop("Approve the notice in one language first."),
    gettext_noop("The approved notice says nothing about this."),
    gettext_noop("Taking a page down needs a reason in words."),
    gettext_noop("A source needs a name: whose posts are these?"),
    gettext_noop("A feed needs its web address."),
    gettext_noop("It begins with https:// and gives RSS or Atom."),
    gettext_noop("The claim has %(n)s characters; %(a)s are the most."),
    gettext_noop("Say in one short sentence what is claimed; do not paste the post."),
    gettext_noop("No alarm is called “%(words)s”."),
    gettext_noop("No investigation is called “%(words)s”."),
    gettext_noop("This file is not a picture we can read."),
    gettext_noop("Send a JPEG, PNG or WebP picture, as a phone takes it."),
    gettext_noop("The file is empty."),
    gettext_noop("This picture is too large. It has more than %(n)s megabytes."),
    gettext_noop("This picture is too large. It has %(a)s × %(b)s pixels."),
    gettext_noop("Send a smaller one: choose “medium” where your phone asks for a size."),
    # what the check of a notice's words found
    gettext_noop("“%(words)s” lowers the danger in the reader's mind."),
    gettext_noop(
        "Words that make the danger sound smaller were not checked in this language (%(words)s)."
    ),
    gettext_noop("Let somebody who speaks it read the text for such words."),
    gettext_noop("This says what happens in the product, not what can happen to a person."),
    gettext_noop(
        "This says what happens in the product, not what can happen to a person. The "
        "outcome stands too far away."
    ),
    gettext_noop(
        "What can happen to a person comes after %(a)s words; it belongs in the first %(b)s."
    ),
    gettext_noop("Begin with: stop using it, and what it can do to a person."),
    gettext_noop("Sentence %(n)s has %(a)s words; aim at %(b)s."),
    gettext_noop("Make two sentences of it."),
    gettext_noop("Use shorter words and shorter sentences."),
    gettext_noop(
        "An e-mail address alone is neither a free phone number nor an interactive service."
    ),
    gettext_noop("Only one remedy is offered (%(words)s); the law asks for a choice of two."),
    gettext_noop("Show it on the page."),
    gettext_noop("Say it in the text."),
    gettext_noop("Take the exact heading from the law in this language."),
    gettext_noop("Begin with “%(words)s”."),
    gettext_noop("Have counsel say what the notice must contain, and record it."),
    gettext_noop("Write the same fact in every language, or take it out of all."),
    gettext_noop("Missing: %(words)s."),
    *REFUSED,
    *REASONS,
    *CHANGES,
)
# A report is linked by its words with the sentences of a match, said of a report.
_OF_A_REPORT = re.compile(r"the report(?= (?:names|prints|shows)\b)")
_SLOT = re.compile(r"%\((\w+)\)s")
_NUMBER = r"[\d,]+"
_NARROW = {"hazard": r"\w+", "a": _NUMBER, "b": _NUMBER, "c": _NUMBER, "n": r"[\d,]+%?",
           "url": r"\S+", "model": r"\S+",
           "left": r"[^;]*", "lots": r"[^;]*", "site": r"[^;]*"}  # fmt: skip


def _pattern(sentence: str) -> re.Pattern[str]:
    """The sentence with anything in its slots; numbers only where it counts."""
    pieces = _SLOT.split(sentence)
    for at in range(1, len(pieces), 2):
        pieces[at] = f"(?P<{pieces[at]}>{_NARROW.get(pieces[at], '.*')})"
    pieces[::2] = map(re.escape, pieces[::2])
    return re.compile("".join(pieces), re.DOTALL)


# The one with the most words of its own first: a slot would take in those of a longer sentence.
_PATTERNS = tuple(
    (_pattern(sentence), sentence)
    for sentence in sorted(SENTENCES, key=lambda one: -len(_SLOT.sub("", one)))
)


def in_words(told: str) -> str:
    """The finding in the reader's language; one that no sentence is kept for stays as it is."""
    asked = _OF_A_REPORT.sub("the recall", told)
    for pattern, sentence in _PATTERNS:
        found = pattern.fullmatch(asked)
        if not found:
            continue
        said, given = _(sentence), dict(found.groupdict())
        if "hazard" in given:
            given["hazard"] = hazard_title(given["hazard"]) or given["hazard"]
        elif said == sentence:
            return told
        for named in ("what", "was"):
            if named in given:
                given[named] = _(given[named])
        for nested in ("why", "shared", "plan", "left", "lots", "part", "rule"):
            if nested in given:
                given[nested] = in_words(given[nested])
        for moment in ("day", "until"):
            if moment in given:
                given[moment] = _day(given[moment])
        return said % given if given else said
    return told


def reason_in_words(told: str) -> str:
    """Why a line is in a scope, its sentences each in the reader's language."""
    return " ".join(map(in_words, parts(told))).replace(", from lot ", _(", from lot "))


def _day(text: str) -> str:
    """1 Mar 2026 as the reader writes it; anything else as it is."""
    try:
        return day(datetime.strptime(text, "%d %b %Y").date())  # noqa: DTZ007 — a day, no moment
    except ValueError:
        return text
