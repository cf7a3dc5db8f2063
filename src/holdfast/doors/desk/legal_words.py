"""Facts, roles, states and matters of the law as they stand on screens."""

from __future__ import annotations

from datetime import datetime

from babel import Locale
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from holdfast.kit.regimes.clock_facts import NAMES

FACTS = {
    "first_information": gettext_lazy("The first information was received"),
    "capable_employee_knew": gettext_lazy("The first employee able to see what it means knew"),
    "officer_knew": gettext_lazy("The responsible officer knew"),
    "reportable_information": gettext_lazy("There was reason to believe that a report is due"),
    "investigation_started": gettext_lazy("The investigation began"),
    "determination": gettext_lazy("The firm determined a defect, hazard or violation"),
    "decision": gettext_lazy("The firm decided to act"),
    "initiation": gettext_lazy("The recall or correction began"),
    "action_taken": gettext_lazy("Action was taken"),
    "incident_known": gettext_lazy("The firm knew of an incident"),
    "injury_known": gettext_lazy("The firm knew of an injury or death"),
    "authority_notified": gettext_lazy("The report went to this authority"),
    "authority_requested": gettext_lazy("The authority asked"),
    "authority_ordered": gettext_lazy("The authority ordered"),
    "notice_received": gettext_lazy("A notice about the product was received"),
    "summary_published": gettext_lazy("The authority published its summary"),
    "consumers_notified": gettext_lazy("Telling the owners began"),
    "foreign_action_known": gettext_lazy("The firm knew of an action abroad"),
    "measure_available": gettext_lazy("A measure that corrects it was available"),
    "third_action_settled": gettext_lazy("The third civil action was settled or decided"),
    "plan_ended": gettext_lazy("The period of the recall plan ended"),
    "recall_completed": gettext_lazy("The recall was completed"),
    "previous_simulation": gettext_lazy("The last practice recall took place"),
    "quarter_ended": gettext_lazy("The quarter ended"),
}
ROLES = {
    "manufacturer": gettext_lazy("Manufacturer"),
    "importer": gettext_lazy("Importer"),
    "distributor": gettext_lazy("Distributor"),
    "retailer": gettext_lazy("Retailer"),
    "marketplace": gettext_lazy("Online marketplace"),
    "authorised_representative": gettext_lazy("Authorised representative"),
    "responsible_person": gettext_lazy("Responsible person"),
    "food_business": gettext_lazy("Food business"),
    "user_facility": gettext_lazy("Facility that uses devices"),
    "hospital": gettext_lazy("Hospital"),
    "rental_company": gettext_lazy("Rental company"),
    "service_provider": gettext_lazy("Service provider"),
}
MATTERS = {
    "duties": gettext_lazy("Duties"),
    "consumer_notice": gettext_lazy("Notice to consumers"),
    "remedies": gettext_lazy("Remedies"),
    "progress_reports": gettext_lazy("Progress reports"),
    "termination": gettext_lazy("End of the recall"),
    "record_retention": gettext_lazy("Keeping records"),
    "penalties": gettext_lazy("Penalties"),
}
CONFIDENCES = {
    "verified": gettext_lazy("read in the text"),
    "recalled": gettext_lazy("to be confirmed by counsel"),
    "unknown": gettext_lazy("unknown, to be confirmed by counsel"),
    "missing": gettext_lazy("missing"),
}
TOUCHED = {
    "changed": gettext_lazy("the data tells this duty differently now"),
    "gone": gettext_lazy("the data has no such duty any more"),
    "expired": gettext_lazy("the law is not in force any more"),
}


def fact_words(name: str) -> str:
    """What happened, in the reader's language."""
    return str(FACTS.get(name) or NAMES.get(name, name))


def country_name(code: str) -> str:
    """A country in the reader's language; Northern Ireland has a code of the trade with the EU."""
    if code == "XI":
        return _("Northern Ireland")
    language = (get_language() or "en").replace("-", "_")
    return str(Locale.parse(language).territories.get(code, code))


def left(end: datetime, now: datetime) -> str:
    """How long until an end: 5 h 12 min, 3 days 4 h; two units, as a clock is read."""
    minutes = int(abs((end - now).total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= 3:
        return _("%(d)s days") % {"d": days}
    if days:
        return _("%(d)s d %(h)s h") % {"d": days, "h": hours}
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes}
    return _("%(m)s min") % {"m": minutes}
