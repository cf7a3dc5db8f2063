"""Holds an XML tree against the content models; the first thing that does not fit is the fault."""

from __future__ import annotations

from holdfast.kit.epcis.faults import Fault, shown
from holdfast.kit.epcis.formats import is_language
from holdfast.kit.epcis.xml_models import Model, Part
from holdfast.kit.epcis.xmltext import Element

XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSI_NAMES = frozenset({"type", "nil", "schemaLocation", "noNamespaceSchemaLocation"})


class Misfit(Exception):
    """An element that breaks its model; `trail` are the elements from it up to the root."""

    def __init__(self, element: Element, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.trail: list[Element] = [element]


def fault(root: Element, model: Model, target: str) -> Fault | None:
    """The first fault of a tree, or none; `target` is the namespace of the version."""
    try:
        _check(root, model, target)
    except Misfit as misfit:
        return Fault(path_of(misfit.trail), misfit.reason, misfit.trail[0].line)
    return None


def path_of(trail: list[Element]) -> str:
    """The XPath of the first element of a trail; positions where a name repeats."""
    steps = []
    for element, parent in zip(trail, [*trail[1:], None], strict=True):
        step = element.name
        if parent is not None:
            same = [one for one in parent.children if one.shown == element.shown]
            if len(same) > 1:
                step += f"[{next(n for n, one in enumerate(same, 1) if one is element)}]"
        steps.append(step)
    return "/" + "/".join(reversed(steps))


def _check(element: Element, model: Model, target: str) -> None:
    _language(element)
    _attributes(element, model)
    nil = element.attributes.get((XSI, "nil"))
    if nil is not None:
        if not model.nillable:
            raise Misfit(element, "may not be nil")
        if nil.strip() not in ("true", "false", "1", "0"):
            raise Misfit(element, f"xsi:nil: “{shown(nil)}” is not true or false")
        if nil.strip() in ("true", "1"):
            if element.text or element.children:
                raise Misfit(element, "is nil and yet not empty")
            return
    if model.mixed:
        for child in element.children:
            _foreign(child, element)
        return
    if model.text is not None:
        if element.children:
            raise _stranger(element, element.children[0], "holds a text and no elements")
        if why := model.text(element.text):
            raise Misfit(element, f"“{shown(element.text)}” {why}")
        return
    if element.stray or element.text.strip():
        raise Misfit(element, "holds text between its elements")
    if model.one_of:
        _exactly_one(element, model, target)
    elif model.choice:
        _any_of(element, model, target)
    else:
        _in_order(element, model, target)


def _language(element: Element) -> None:
    value = element.attributes.get((XML, "lang"))
    if value is not None and not is_language(value.strip()):
        raise Misfit(element, f"xml:lang: “{shown(value)}” is not a language")


def _foreign(child: Element, parent: Element) -> None:
    """Extensions are held to nothing but what XML itself says."""
    for one in child.walk():
        try:
            _language(one)
        except Misfit as misfit:
            misfit.trail = [child, parent]
            raise


def _attributes(element: Element, model: Model) -> None:
    for (namespace, name), value in element.attributes.items():
        if namespace == XSI and name in _XSI_NAMES:
            continue
        known = model.attributes.get(name) if not namespace else None
        if known is None:
            if not model.open_attributes:
                raise Misfit(element, f"may not have the attribute “{name}”")
        elif why := known.rule(value):
            raise Misfit(element, f"{name}: “{shown(value)}” {why}")
    for name, attribute in model.attributes.items():
        if attribute.needed and ("", name) not in element.attributes:
            raise Misfit(element, f"lacks the attribute “{name}”")


def _fits(child: Element, part: Part, target: str) -> bool:
    if part.name == "*other":
        return child.namespace not in ("", target)
    if part.name == "*local":
        return not child.namespace
    return child.shown == part.name


def _inside(child: Element, part: Part, parent: Element, target: str) -> None:
    if part.model is None or part.name.startswith("*"):
        _foreign(child, parent)
        return
    try:
        _check(child, part.model, target)
    except Misfit as misfit:
        misfit.trail.append(parent)
        raise


def _in_order(element: Element, model: Model, target: str) -> None:
    children, at = element.children, 0
    for part in model.parts:
        count = 0
        while at < len(children) and count < part.most and _fits(children[at], part, target):
            _inside(children[at], part, element, target)
            at, count = at + 1, count + 1
        if count < part.least:
            raise Misfit(element, _missing(part, children, at))
    if at < len(children):
        raise _unexpected(element, children[at], model, target)
    for name, before in model.only_after.items():
        if element.child(name) is not None and element.child(before) is None:
            raise Misfit(element, f"“{name}” cannot stand without “{before}”")


def _exactly_one(element: Element, model: Model, target: str) -> None:
    if not element.children:
        named = " or ".join(part.name.rpartition("}")[2] for part in model.parts)
        raise Misfit(element, f"is empty; it needs {named}")
    first = element.children[0]
    part = next((part for part in model.parts if _fits(first, part, target)), None)
    if part is None:
        raise _unexpected(element, first, model, target)
    _inside(first, part, element, target)
    if len(element.children) > 1:
        raise _unexpected(element, element.children[1], model, target)


def _any_of(element: Element, model: Model, target: str) -> None:
    for child in element.children:
        part = next((part for part in model.parts if _fits(child, part, target)), None)
        if part is None:
            raise _unexpected(element, child, model, target)
        _inside(child, part, element, target)


def _missing(part: Part, children: list[Element], at: int) -> str:
    name = part.name.rpartition("}")[2]
    if name.startswith("*"):
        return "is an empty extension"
    if at < len(children):
        return f"“{name}” is missing, or not where it belongs (before {children[at].name})"
    return f"“{name}” is missing"


def _unexpected(element: Element, child: Element, model: Model, target: str) -> Misfit:
    known = {part.name.rpartition("}")[2] for part in model.parts}
    if child.name in known and child.namespace:
        return _stranger(element, child, "EPCIS elements belong to no namespace")
    if child.name in known:
        return _stranger(element, child, f"wrong place in {element.name}, or once too often")
    return _stranger(element, child, f"does not belong in {element.name}")


def _stranger(element: Element, child: Element, reason: str) -> Misfit:
    misfit = Misfit(child, reason)
    misfit.trail.append(element)
    return misfit
