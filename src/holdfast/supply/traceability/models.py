"""Receipts, which are a lot's stays at a site, and stock on hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from holdfast.supply.catalog.models import Product
from holdfast.supply.parties.models import Supplier


class Receipt(models.Model):
    """A lot arrived at a site. The stay is [received_at, depleted_at); an empty end is open."""

    lot = models.CharField(max_length=120, db_index=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="receipts")
    site = models.CharField(max_length=80, default="", blank=True)
    received_at = models.DateTimeField(null=True)
    depleted_at = models.DateTimeField(null=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, related_name="receipts"
    )
    position = models.IntegerField(default=0)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lot", "product", "site", "received_at", "position"], name="receipt_once"
            )
        ]
        indexes: ClassVar = [models.Index(Lower("lot"), name="receipt_lot_folded")]


class StockOnHand(models.Model):
    """Units counted at a site."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="stock")
    site = models.CharField(max_length=80, default="", blank=True)
    lot = models.CharField(max_length=120, default="", blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "site", "lot"], name="stock_once")
        ]
