"""Order lines, the people who ordered, and which cancellation reduced which line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from holdfast.supply.catalog.models import Product


class Customer(models.Model):
    """A buyer as the shop knows them. Contact data is used for safety only."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    email = models.CharField(max_length=320, default="", blank=True)
    phone = models.CharField(max_length=64, default="", blank=True)
    street = models.CharField(max_length=300, default="", blank=True)
    postcode = models.CharField(max_length=40, default="", blank=True)
    city = models.CharField(max_length=120, default="", blank=True)
    region = models.CharField(max_length=120, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    language = models.CharField(max_length=12, default="", blank=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["email"])]


class OrderLine(models.Model):
    """One row of an order file: identity is source, order, product and position.

    `kind` is sale, cancellation or adjustment (stock, no customer); only a sale is ever in a scope.
    `quantity` is as sold (negative on cancellations); `cancelled` is what cancellations took away.
    """

    source = models.CharField(max_length=40)
    order_number = models.CharField(max_length=120)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="lines", db_index=False
    )  # the index of product and moved_at serves it
    sku = models.CharField(max_length=200)  # as spelled in the file
    position = models.IntegerField(default=0)
    kind = models.CharField(max_length=12, default="sale")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, related_name="lines"
    )
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    cancelled = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    ordered_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)  # shipped_at, else ordered_at: what scopes look at
    country = models.CharField(max_length=80, default="", blank=True)  # as written
    market = models.CharField(max_length=2, default="", blank=True)  # ISO 3166 alpha-2
    language = models.CharField(max_length=12, default="", blank=True)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    channel = models.CharField(max_length=40, default="", blank=True)
    site = models.CharField(max_length=80, default="", blank=True)
    lot = models.CharField(max_length=120, default="", blank=True)
    serial = models.CharField(max_length=120, default="", blank=True)
    container = models.CharField(max_length=120, default="", blank=True)
    refers_to = models.CharField(max_length=120, default="", blank=True)  # the order it cancels
    fingerprint = models.BigIntegerField(default=0)  # of the row's values, to see a change

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "order_number", "product", "position"], name="line_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["product", "moved_at"]),
            models.Index(fields=["lot"]),
            models.Index(Lower("lot"), condition=~models.Q(lot=""), name="line_lot_folded"),
            models.Index(
                fields=["serial", "product"], condition=~models.Q(serial=""), name="line_serial"
            ),
        ]


class CancellationMatch(models.Model):
    """How much of one cancellation was set against one earlier line."""

    cancellation = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="takes")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="taken_by")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
