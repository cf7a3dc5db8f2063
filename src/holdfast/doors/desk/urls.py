"""Addresses of the staff pages; every view names its policy."""

from django.urls import path

from holdfast.doors.desk import start

urlpatterns = [path("", start.front, name="front")]
