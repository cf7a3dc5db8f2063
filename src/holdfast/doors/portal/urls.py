"""Addresses of the consumer pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
