"""What is asked of an inspection, a laboratory test and a sampling plan, as forms."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from holdfast.doors.desk.inspectionwords import SEVERITIES
from holdfast.kit.sampling.plans import tables


def aqls() -> list[tuple[str, str]]:
    """The AQLs of the tables, to choose from."""
    return [(one, one) for one in tables().aqls]


def levels() -> list[tuple[str, str]]:
    """The inspection levels of the tables, to choose from."""
    return [(one, one) for one in tables().levels]


class PlanForm(forms.Form):
    """What a sampling plan depends on."""

    lot_size = forms.IntegerField(
        min_value=2, max_value=10**9, label=gettext_lazy("Items in the lot")
    )
    aql = forms.ChoiceField(
        choices=aqls,
        label="AQL",
        help_text=gettext_lazy("% nonconforming; above 10, nonconformities in 100 items"),
    )
    level = forms.ChoiceField(choices=levels, label=gettext_lazy("Inspection level"))
    severity = forms.ChoiceField(choices=SEVERITIES.items(), label=gettext_lazy("Severity"))


class InspectionForm(forms.Form):
    """One lot as it was looked at."""

    product = forms.CharField(max_length=200, label=gettext_lazy("Product code"))
    lot = forms.CharField(max_length=120, label=gettext_lazy("Lot"))
    supplier = forms.CharField(
        max_length=80,
        required=False,
        label=gettext_lazy("Supplier"),
        help_text=gettext_lazy("Code or name; empty: as the receipts of the lot say"),
    )
    site = forms.CharField(max_length=80, required=False, label=gettext_lazy("Site"))
    lot_size = forms.IntegerField(
        min_value=2, max_value=10**9, label=gettext_lazy("Items in the lot")
    )
    aql = forms.ChoiceField(choices=aqls, label="AQL")
    level = forms.ChoiceField(choices=levels, label=gettext_lazy("Inspection level"))
    looked_at = forms.IntegerField(min_value=1, label=gettext_lazy("Looked at"))
    found = forms.IntegerField(min_value=0, label=gettext_lazy("Of these failed"))
    defects = forms.CharField(
        max_length=500, required=False, label=gettext_lazy("What was wrong with them")
    )
    inspected_at = forms.CharField(
        required=False,
        label=gettext_lazy("When"),
        help_text=gettext_lazy("Empty: now"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    inspector = forms.CharField(max_length=200, required=False, label=gettext_lazy("Inspector"))
    file = forms.FileField(required=False, label=gettext_lazy("Evidence, such as a photo"))


class TestForm(forms.Form):
    """One laboratory result."""

    product = forms.CharField(max_length=200, label=gettext_lazy("Product code"))
    lot = forms.CharField(max_length=120, required=False, label=gettext_lazy("Lot"))
    supplier = forms.CharField(
        max_length=80,
        required=False,
        label=gettext_lazy("Supplier"),
        help_text=gettext_lazy("Code or name; empty: as the receipts of the lot say"),
    )
    what = forms.CharField(
        max_length=200,
        label=gettext_lazy("What was tested"),
        help_text=gettext_lazy("Such as lead, Salmonella, drop from 1 m"),
    )
    method = forms.CharField(max_length=200, required=False, label=gettext_lazy("Method"))
    limit = forms.CharField(
        max_length=120,
        required=False,
        label=gettext_lazy("Limit"),
        help_text=gettext_lazy("Such as 0.5, ≥ 100, 6.5 - 7.5, absent in 25 g"),
    )
    value = forms.CharField(max_length=120, required=False, label=gettext_lazy("Value"))
    unit = forms.CharField(max_length=40, required=False, label=gettext_lazy("Unit"))
    passed = forms.ChoiceField(
        choices=[
            ("", gettext_lazy("as value and limit say")),
            ("yes", gettext_lazy("passed")),
            ("no", gettext_lazy("did not pass")),
        ],
        required=False,
        label=gettext_lazy("The report says"),
    )
    laboratory = forms.CharField(max_length=200, required=False, label=gettext_lazy("Laboratory"))
    report = forms.CharField(
        max_length=120, required=False, label=gettext_lazy("Number of the report")
    )
    tested_at = forms.CharField(
        required=False,
        label=gettext_lazy("When"),
        help_text=gettext_lazy("Empty: now"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    file = forms.FileField(required=False, label=gettext_lazy("The report"))
