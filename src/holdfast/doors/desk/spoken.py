"""Words that rooms keep in English and screens say in other languages, named for the catalogues.

A test holds this list against the rooms, so that a new word there is translated too.
"""

from django.utils.translation import gettext_noop

UNIT_STATES = (
    gettext_noop("Refunded"),
    gettext_noop("Replaced"),
    gettext_noop("Repaired"),
    gettext_noop("Credited"),
    gettext_noop("Received back"),
    gettext_noop("Destroyed, with proof"),
    gettext_noop("Claim open"),
    gettext_noop("Has it, told to stop"),
    gettext_noop("Still using it"),
    gettext_noop("Refused"),
    gettext_noop("Discarded earlier"),
    gettext_noop("Given away"),
    gettext_noop("Sold on"),
    gettext_noop("Never received"),
    gettext_noop("No answer"),
    gettext_noop("Out of scope"),
    gettext_noop("Destroyed, with certificate"),
    gettext_noop("In quarantine"),
    gettext_noop("Laboratory"),
    gettext_noop("Returned to the supplier"),
    gettext_noop("In transit, stopped"),
    gettext_noop("On sale"),
    gettext_noop("In question"),
    gettext_noop("Missing"),
    gettext_noop("Pulled from the shelf"),
    gettext_noop("Sold to the public"),
    gettext_noop("Still on sale"),
)
EVIDENCE = (
    gettext_noop("own statement"),
    gettext_noop("claim"),
    gettext_noop("payment receipt"),
    gettext_noop("delivery scan"),
    gettext_noop("receipt scan"),
    gettext_noop("certificate or proof"),
    gettext_noop("stock count"),
    gettext_noop("carrier scan"),
    gettext_noop("amendment, with reason"),
)
LEVELS = (
    gettext_noop("Warehouses"),
    gettext_noop("Distributors"),
    gettext_noop("Retail partners"),
    gettext_noop("Consumers"),
)
SEVERITIES = (
    gettext_noop("minor"),
    gettext_noop("moderate"),
    gettext_noop("severe"),
    gettext_noop("life-threatening"),
    gettext_noop("First aid is enough; no doctor needed, no lasting effect."),
    gettext_noop("A visit to hospital, usually no stay; recovers within six months."),
    gettext_noop("A stay in hospital, or an effect for more than six months or for good."),
    gettext_noop("Death, or loss of limbs or functions beyond about 10 %."),
)
DRILL_STAGES = (
    gettext_noop("Lot to units"),
    gettext_noop("Units to people"),
    gettext_noop("Stop-sale list"),
    gettext_noop("Notice ready"),
    gettext_noop("Contacts tested, dry"),
    gettext_noop("Mass balance"),
)
STEPS = (
    gettext_noop("List the places where it is sold or lies"),
    gettext_noop("Bring the orders in"),
    gettext_noop("Confirm the scope"),
    gettext_noop("Record the decision"),
    gettext_noop("Approve the notice"),
    gettext_noop("Set which remedies are offered"),
    gettext_noop("Settle every claim"),
    gettext_noop("Account for every unit"),
    gettext_noop("Close the file"),
)
ROLES = (
    gettext_noop("Recall lead"),
    gettext_noop("Approver"),
    gettext_noop("Support agent"),
    gettext_noop("Viewer"),
)
EASE = (
    gettext_noop("Asked for online, in one step."),
    gettext_noop("Money back is offered."),
    gettext_noop("No money back: only goods, repair or a voucher."),
    gettext_noop("The product has to be sent back first."),
    gettext_noop("A statement or photo is enough; nothing is sent back."),
)
NOT_LOOKED_AT = gettext_noop("not looked at yet")
GATES = (
    gettext_noop("The recall is decided and its scope confirmed"),
    gettext_noop("There is somebody who can be reached"),
    gettext_noop("The text is approved, and was not changed since"),
    gettext_noop("Everybody has an approved text under the law of their country"),
    gettext_noop("Everybody gets a language they read"),
    gettext_noop("The notice page is up"),
    gettext_noop("Every link in the notice answers"),
    gettext_noop("A test was sent to you, and you opened it"),
    gettext_noop("Those who have answered are taken out"),
    gettext_noop("A mail server takes our messages"),
    gettext_noop("This is the only copy of this instance that sends"),
)
