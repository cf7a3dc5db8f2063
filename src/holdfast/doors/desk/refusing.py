"""A refusal in the reader's language: what is refused and why, and what to do on a page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from holdfast.doors.desk.refusedwords import HINTS
from holdfast.doors.desk.ruled import in_words
from holdfast.ground.access.permissions import PERMISSIONS, ROLES
from holdfast.ground.access.queries import able_to
from holdfast.kit.actors import Actor
from holdfast.kit.refusals import Refusal


def in_readers_words(refused: Refusal, by: Actor) -> tuple[str, str]:
    """The sentence and what to do; who may where somebody may not."""
    if "permission" in refused.extra:
        return _not_permitted(str(refused.extra["permission"]), by)
    if refused.code == "lifecycle":  # names states and moves as the code does
        return (
            _("This cannot be done as things stand; somebody may have done it already."),
            _("Look at the page again: it shows what can be done now."),
        )
    hint = str(HINTS.get(refused.code, refused.hint))
    return in_words(refused.message), in_words(hint)


def _not_permitted(permission: str, by: Actor) -> tuple[str, str]:
    """What they may not, who may, and whom to ask."""
    words, roles = PERMISSIONS[permission]
    hint = _("It takes one of these roles: %(roles)s.") % {
        "roles": ", ".join(_(ROLES[role]) for role in roles)
    }
    able = able_to(permission)
    if able:
        hint += " " + _("Ask %(names)s.") % {"names": ", ".join(able)}
    return _("%(name)s may not do this: %(what)s") % {"name": by.name, "what": _(words)}, hint
