"""Holdfast: from "something is wrong with a product" to "every unit is accounted for"."""

__version__ = "0.1.0"
