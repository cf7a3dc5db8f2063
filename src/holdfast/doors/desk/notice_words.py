"""The words of the notice studio: forms, fields, elements, states, and what only some laws ask."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

FORMS = {
    "page": gettext_lazy("Page"),
    "email": gettext_lazy("E-mail"),
    "letter": gettext_lazy("Letter"),
}
FIELD_WORDS = {
    "subject": gettext_lazy("Subject of the e-mail"),
    "headline": gettext_lazy("Heading"),
    "stop": gettext_lazy("Stop using it"),
    "hazard": gettext_lazy("What can happen"),
    "actions": gettext_lazy("What to do, a line each"),
    "remedy": gettext_lazy("What people get"),
    "bought": gettext_lazy("What they bought, in the letter"),
    "bought_items": gettext_lazy("What they bought, in the e-mail"),
    "answer": gettext_lazy("Ask for the answer"),
    "gone": gettext_lazy("No longer have it"),
    "identify": gettext_lazy("How to tell it is theirs"),
    "picture": gettext_lazy("The picture in words"),
    "picture_alt": gettext_lazy("What the photo shows"),
    "disposal": gettext_lazy("What not to do with it"),
    "sold": gettext_lazy("When, where and by whom it was sold"),
    "particulars": gettext_lazy("What this country asks for, a line each"),
    "real_title": gettext_lazy("Title: is this real?"),
    "real": gettext_lazy("How to know this is real"),
    "contact_title": gettext_lazy("Title of the contacts"),
    "contact": gettext_lazy("Contacts, a line each"),
    "hurt": gettext_lazy("Somebody was hurt"),
    "share": gettext_lazy("Please tell others"),
    "apology": gettext_lazy("Apology"),
    "card": gettext_lazy("Lines of the answer card"),
}
ELEMENT_WORDS = {
    "heading": gettext_lazy("Heading"),
    "picture": gettext_lazy("Picture"),
    "identification": gettext_lazy("Brand, model, lot"),
    "sold": gettext_lazy("When and where sold"),
    "hazard": gettext_lazy("Hazard"),
    "stop_using": gettext_lazy("What to do"),
    "remedies": gettext_lazy("Remedies"),
    "contact": gettext_lazy("Contact"),
    "share": gettext_lazy("Please tell others"),
    "recall_word": gettext_lazy("The word recall"),
    "date": gettext_lazy("Date"),
    "action_taken": gettext_lazy("What is being done"),
    "units": gettext_lazy("Number of units"),
    "manufacturer": gettext_lazy("Manufacturer or importer"),
    "retailer": gettext_lazy("Retailers"),
    "made": gettext_lazy("When it was made"),
    "price": gettext_lazy("Price"),
    "incidents": gettext_lazy("Injuries and their number"),
    "defect": gettext_lazy("The defect"),
    "reason": gettext_lazy("The reason"),
    "description": gettext_lazy("Description"),
    "urgent": gettext_lazy("The word urgent"),
    "instructions": gettext_lazy("What to do"),
    "reply": gettext_lazy("How to answer"),
    "opening": gettext_lazy("Opening statement"),
    "measures": gettext_lazy("How it is remedied"),
    "free": gettext_lazy("Without charge"),
    "earliest": gettext_lazy("Earliest date of the remedy"),
    "complain": gettext_lazy("How to tell the authority"),
}
# How sure we are of what the law asks.
CONFIDENCES = {
    "verified": gettext_lazy("read in the law"),
    "recalled": gettext_lazy("to be confirmed by counsel"),
    "unknown": gettext_lazy("unknown: to be confirmed by counsel"),
    "house": gettext_lazy("a rule of the house, no law"),
}
STATES = {
    "library": ("doing", gettext_lazy("library sentences, not approved")),
    "draft": ("open", gettext_lazy("changed, not approved")),
    "approved": ("ok", gettext_lazy("approved")),
    "superseded": ("none", gettext_lazy("replaced by a newer version")),
    "machine": ("draft", gettext_lazy("machine draft, cannot be sent")),
}
# What only some laws ask for: name, type of the field, words.
PARTICULARS = (
    ("incidents", "number", gettext_lazy("Incidents known")),
    ("injuries", "number", gettext_lazy("People injured")),
    ("deaths", "number", gettext_lazy("Deaths")),
    ("units", "text", gettext_lazy("Units recalled")),
    ("price", "text", gettext_lazy("Price")),
    ("maker", "text", gettext_lazy("Manufacturer or importer")),
    ("made_from", "date", gettext_lazy("Made from")),
    ("made_to", "date", gettext_lazy("Made to")),
    ("noticed_on", "date", gettext_lazy("Date of the notice")),
)
FACTS = (
    *("shop", "product", "phone", "email", "url", "sold_from", "sold_to"),
    *(name for name, _type, _words in PARTICULARS),
)
