"""Words that rooms keep in English and screens say in other languages, named for the catalogues.

A test holds this list against the rooms, so that a new word there is translated too.
"""

from django.utils.translation import gettext_noop as _n

UNIT_STATES = (
    _n("Refunded"),
    _n("Replaced"),
    _n("Repaired"),
    _n("Credited"),
    _n("Received back"),
    _n("Destroyed, with proof"),
    _n("Claim open"),
    _n("Has it, told to stop"),
    _n("Still using it"),
    _n("Refused"),
    _n("Discarded earlier"),
    _n("Given away"),
    _n("Sold on"),
    _n("Never received"),
    _n("No answer"),
    _n("Out of scope"),
    _n("Destroyed, with certificate"),
    _n("In quarantine"),
    _n("Laboratory"),
    _n("Returned to the supplier"),
    _n("In transit, stopped"),
    _n("On sale"),
    _n("In question"),
    _n("Missing"),
    _n("Pulled from the shelf"),
    _n("Sold to the public"),
    _n("Still on sale"),
)
EVIDENCE = (
    _n("own statement"),
    _n("claim"),
    _n("payment receipt"),
    _n("delivery scan"),
    _n("receipt scan"),
    _n("certificate or proof"),
    _n("stock count"),
    _n("carrier scan"),
    _n("amendment, with reason"),
)
LEVELS = (_n("Warehouses"), _n("Distributors"), _n("Retail partners"), _n("Consumers"))
SEVERITIES = (
    _n("minor"),
    _n("moderate"),
    _n("severe"),
    _n("life-threatening"),
    _n("First aid is enough; no doctor needed, no lasting effect."),
    _n("A visit to hospital, usually no stay; recovers within six months."),
    _n("A stay in hospital, or an effect for more than six months or for good."),
    _n("Death, or loss of limbs or functions beyond about 10 %."),
)
DRILL_STAGES = (
    _n("Lot to units"),
    _n("Units to people"),
    _n("Stop-sale list"),
    _n("Notice ready"),
    _n("Contacts tested, dry"),
    _n("Mass balance"),
)
STEPS = (
    _n("List the places where it is sold or lies"),
    _n("Bring the orders in"),
    _n("Confirm the scope"),
    _n("Record the decision"),
    _n("Approve the notice"),
    _n("Set which remedies are offered"),
    _n("Settle every claim"),
    _n("Account for every unit"),
    _n("Close the file"),
)
ROLES = (_n("Recall lead"), _n("Approver"), _n("Support agent"), _n("Viewer"))
EASE = (
    _n("Asked for online, in one step."),
    _n("Money back is offered."),
    _n("No money back: only goods, repair or a voucher."),
    _n("The product has to be sent back first."),
    _n("A statement or photo is enough; nothing is sent back."),
)
