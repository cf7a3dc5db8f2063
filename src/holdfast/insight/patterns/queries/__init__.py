"""Reads of the patterns: every question with its chance, fixes that did not hold, components."""

from holdfast.insight.patterns.queries.components import Carried, Carriers, carriers
from holdfast.insight.patterns.queries.looking import Found, look

__all__ = ["Carried", "Carriers", "Found", "carriers", "look"]
