"""Products; codes are found whatever their letter case, and kept as spelled."""

from __future__ import annotations

from django.db import models


class Product(models.Model):
    """One product code; `code_key` is case-folded, and `kind` "pseudo" is postage and the like."""

    code = models.CharField(max_length=200)
    code_key = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=300, default="", blank=True)
    brand = models.CharField(max_length=200, default="", blank=True)
    model = models.CharField(max_length=200, default="", blank=True)
    variant = models.CharField(max_length=200, default="", blank=True)
    gtin = models.CharField(max_length=14, default="", blank=True, db_index=True)
    kind = models.CharField(max_length=10, default="product")  # product, pseudo
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    picture = models.CharField(max_length=64, default="", blank=True)  # sha256 of an evidence file

    def __str__(self) -> str:
        return self.title or self.code
