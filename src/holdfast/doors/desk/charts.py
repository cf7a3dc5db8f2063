"""Charts of one recall out of its figures, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.decision.recalls.models import Recall
from holdfast.ground.look.charts import funnel as drawn
from holdfast.ground.look.charts.svg import Figure
from holdfast.ground.look.templatetags.look import count


def funnel_of(recall: Recall, figures: Mapping[str, Any], name: str = "fu") -> Figure:
    """Units in homes from scope to corrected; hatching is what was lost at each step."""
    counted = {key: Decimal(str(units)) for key, units in figures["funnel"].items()}
    steps = [
        drawn.Step(_("In scope"), counted["in_scope"], kind="whole"),
        drawn.Step(_("Owner reachable"), counted["reachable"], _("no address"), strong=True),
        drawn.Step(_("Sent"), counted["sent"], _("not sent")),
        drawn.Step(_("Used own page"), counted["used_page"], _("no visit yet")),
        drawn.Step(_("Answered"), counted["answered"], _("no answer")),
        drawn.Step(_("Corrected"), counted["corrected"], _("not corrected"), "corrected", True),
    ]
    words = drawn.Words(
        _("Funnel, units in consumer hands"),
        _("Step"),
        _("Units"),
        _("Of scope"),
        _("Lost here"),
        _("Hatching is the loss at each step."),
    )
    url = reverse("recall_funnel_csv", args=[recall.ref])
    return drawn.funnel(name, steps, say=count, words=words, csv_url=url)
