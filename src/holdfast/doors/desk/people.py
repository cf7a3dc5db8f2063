"""People and their roles, every permission on one page, and the organisation's settings."""

from __future__ import annotations

import secrets
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.doors.desk.pages import now, page, said
from holdfast.doors.desk.policy import policy
from holdfast.ground.access.actions import (
    add_person,
    change_roles,
    change_settings,
    issue_api_token,
    remove_person,
    revoke_api_token,
)
from holdfast.ground.access.models import ApiToken, Person
from holdfast.ground.access.permissions import PERMISSIONS, ROLES, SCOPES, may
from holdfast.ground.access.queries import organisation
from holdfast.kit.quantities import whole_number
from holdfast.kit.refusals import NotFound, Refusal

ROLE_CHOICES = [(key, gettext_lazy(words)) for key, words in ROLES.items()]


class PersonForm(forms.Form):
    """Somebody to add."""

    name = forms.CharField(max_length=200, label=gettext_lazy("Name"))
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    roles = forms.MultipleChoiceField(
        choices=ROLE_CHOICES,
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one role.")},
    )


class SettingsForm(forms.Form):
    """What the organisation says about itself; it stands in notices and on pages."""

    name = forms.CharField(max_length=200, label=gettext_lazy("Name of the shop or firm"))
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        required=False,
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("Two letters, such as DE"),
    )
    zone = forms.CharField(max_length=64, label=gettext_lazy("Time zone"))
    currency = forms.RegexField(r"^[A-Za-z]{3}$", label=gettext_lazy("Currency"))
    contact_email = forms.EmailField(required=False, label=gettext_lazy("E-mail for the public"))
    contact_phone = forms.CharField(
        max_length=64, required=False, label=gettext_lazy("Telephone for the public")
    )
    postal_address = forms.CharField(
        required=False,
        label=gettext_lazy("Postal address"),
        help_text=gettext_lazy("Stands on letters, above the window"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_one_person = forms.BooleanField(
        required=False, label=gettext_lazy("This organisation is one person")
    )

    def clean_zone(self) -> str:
        """A zone this machine knows."""
        zone = str(self.cleaned_data["zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("No such time zone. For example: Europe/Berlin"))
        return zone


@policy("people.manage")
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, with which roles; add, change, close."""
    form = PersonForm()
    refusal = None
    password = ""
    if request.method == "POST":
        try:
            if request.POST.get("step") == "add":
                form = PersonForm(request.POST)
                if form.is_valid():
                    password = secrets.token_urlsafe(12)
                    add_person(
                        email=form.cleaned_data["email"],
                        name=form.cleaned_data["name"],
                        roles=form.cleaned_data["roles"],
                        password=password,
                        by=request.actor,  # type: ignore[attr-defined]
                        now=now(),
                    )
                    return _people_page(request, PersonForm(), password=password)
            else:
                return _change(request)
        except Refusal as refused:
            refusal = refused
    return _people_page(request, form, refusal=refusal)


def _people_page(
    request: HttpRequest,
    form: PersonForm,
    *,
    refusal: Refusal | None = None,
    password: str = "",
) -> HttpResponse:
    everybody = Person.objects.filter(is_active=True).order_by("name", "pk")
    return page(
        request,
        "desk/people.html",
        {
            "people": everybody,
            "roles": ROLE_CHOICES,
            "form": form,
            "password": password,
            "alone": organisation().is_one_person,
        },
        nav="people",
        refusal=refusal,
        status=400 if form.errors else 200,
    )


def _change(request: HttpRequest) -> HttpResponse:
    number = whole_number(request.POST.get("person"))
    person = Person.objects.filter(pk=number, is_active=True).first()
    if person is None:
        raise NotFound("no_person", _("This person is not here any more."))
    by = request.actor  # type: ignore[attr-defined]
    if request.POST.get("step") == "close":
        remove_person(person=person, by=by, now=now())
        said(request, _("%(name)s cannot sign in any more.") % {"name": person.name})
    else:
        change_roles(person=person, roles=request.POST.getlist("roles"), by=by, now=now())
        said(request, _("Roles of %(name)s saved.") % {"name": person.name})
    return redirect("people")


@policy("recall.view")
def permissions(request: HttpRequest) -> HttpResponse:
    """Every permission and the roles that hold it; and the programs that are let in."""
    by = request.actor  # type: ignore[attr-defined]
    refusal, secret = None, ""
    if request.method == "POST":
        try:
            if request.POST.get("step") == "revoke":
                _revoke(request)
                return redirect("permissions")
            secret = f"hf_{secrets.token_urlsafe(32)}"
            issue_api_token(
                name=request.POST.get("name", ""),
                scope=request.POST.get("scope", ""),
                secret=secret,
                by=by,
                now=now(),
            )
        except Refusal as refused:
            refusal, secret = refused, ""
    rows = [
        (key, _(words), [(role, role in holders) for role in ROLES])
        for key, (words, holders) in PERMISSIONS.items()
    ]
    context = {
        "rows": rows,
        "roles": ROLE_CHOICES,
        "tokens": ApiToken.objects.order_by("revoked_at", "name"),
        "scopes": [(key, gettext_lazy(words)) for key, words in SCOPES.items()],
        "secret": secret,
        "api_url": request.build_absolute_uri(reverse("api_complaints")),
        "may_issue": may(by, "token.issue"),
        "may_manage": may(by, "people.manage"),
    }
    return page(request, "desk/permissions.html", context, nav="permissions", refusal=refusal)


def _revoke(request: HttpRequest) -> None:
    told = request.POST.get("token", "")
    found = ApiToken.objects.filter(pk=whole_number(told)).first()
    if found is None:
        raise NotFound("no_token", _("There is no such token."))
    revoke_api_token(token=found, by=request.actor, now=now())  # type: ignore[attr-defined]
    said(request, _("%(name)s is shut out.") % {"name": found.name})


@policy("settings.change")
def organisation_settings(request: HttpRequest) -> HttpResponse:
    """Name, zone, contact: what notices and pages say about the sender."""
    org = organisation()
    fields = SettingsForm.base_fields
    form = SettingsForm(request.POST or None, initial={name: getattr(org, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["country"] = values["country"].upper()
        values["currency"] = values["currency"].upper()
        changed = {name: v for name, v in values.items() if v != getattr(org, name)}
        if changed:
            change_settings(changes=changed, by=request.actor, now=now())  # type: ignore[attr-defined]
        said(request, _("Settings saved."))
        return redirect("settings")
    return page(
        request,
        "desk/settings.html",
        {"form": form},
        nav="settings",
        status=400 if form.errors else 200,
    )
