"""The organisation and its people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Organisation(models.Model):
    """The one company of this instance (row 1)."""

    name = models.CharField(max_length=200, default="My shop")
    country = models.CharField(max_length=2, default="", blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    languages = models.JSONField(default=list)
    contact_email = models.CharField(max_length=254, default="", blank=True)
    contact_phone = models.CharField(max_length=64, default="", blank=True)
    postal_address = models.TextField(default="", blank=True)
    is_one_person = models.BooleanField(default=True)
    is_simulated = models.BooleanField(default=False)
    simulated_note = models.CharField(max_length=300, default="", blank=True)


class People(BaseUserManager["Person"]):
    """Finds people by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in, with the roles they hold (`permissions.ROLES`)."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    is_local_owner = models.BooleanField(default=False)
    added_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = People()

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A secret by which another program opens one scope; only its hash is kept."""

    name = models.CharField(max_length=40, unique=True)
    scope = models.CharField(max_length=40)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=80, default="", blank=True)
    revoked_at = models.DateTimeField(null=True)


class ApiAnswer(models.Model):
    """What a program was told under one of its own keys, so that sending again does nothing."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")
        ]
