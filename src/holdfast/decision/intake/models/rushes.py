"""Which products many people spoke of at once, as the worker counted it last."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from holdfast.supply.catalog.models import Product


class ProductRush(models.Model):
    """What was told of one thing as rushes, so that no page has to count.

    `about` names the thing: our product, or maker and name as told. `spans` are the rushes of the
    last weeks as `[begins, ends, reports, voices, usual]`; `ends` is the last day of the latest,
    null where there is none. Every complaint up to `upto` is counted.
    """

    about = models.CharField(max_length=64, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    maker = models.CharField(max_length=120, default="", blank=True)
    name = models.TextField(default="", blank=True)
    spans = models.JSONField(default=list)
    ends = models.DateField(null=True)
    upto = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ends"], name="product_rush_ends")]
