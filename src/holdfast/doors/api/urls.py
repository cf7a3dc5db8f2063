"""Addresses for other programs; each says which scope of a token opens it."""

from django.urls import path

from holdfast.doors.api import complaints

urlpatterns = [
    path("v1/complaints", complaints.take_in, name="api_complaints"),
    path("v1/complaints/schema.json", complaints.schema, name="api_complaints_schema"),
]
