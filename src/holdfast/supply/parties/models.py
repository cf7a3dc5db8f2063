"""Suppliers, consignees and the sites goods lie at."""

from __future__ import annotations

from django.db import models


class Supplier(models.Model):
    """A firm goods are bought from."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)
    phone = models.CharField(max_length=64, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)


class Consignee(models.Model):
    """A firm that received goods to sell on: distributor, retailer."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    level = models.CharField(max_length=16, default="retailer")  # distributor, retailer
    email = models.CharField(max_length=254, default="", blank=True)
    phone = models.CharField(max_length=64, default="", blank=True)
    address = models.TextField(default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    language = models.CharField(max_length=12, default="", blank=True)


class Site(models.Model):
    """A place goods lie: warehouse, shop, fulfilment centre."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    kind = models.CharField(max_length=20, default="warehouse")
    country = models.CharField(max_length=2, default="", blank=True)
