"""Addresses: consumer pages, other programs, sign-in, and the desk."""

from django.urls import include, path

urlpatterns = [
    path("", include("holdfast.doors.portal.urls")),
    path("api/", include("holdfast.doors.api.urls")),
    path("account/", include("allauth.urls")),
    path("", include("holdfast.doors.desk.urls")),
]
handler400 = "holdfast.doors.desk.errors.bad_request"
handler404 = "holdfast.doors.desk.errors.not_found"
handler500 = "holdfast.doors.desk.errors.broken"
