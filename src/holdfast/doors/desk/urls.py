"""Addresses of the staff pages; every view names its policy."""

from django.urls import path

from holdfast.doors.desk import (
    decision,
    evidencefiles,
    notyet,
    people,
    preferences,
    recalls,
    results,
    room,
    scope,
    search,
    start,
    stop,
    units,
)

urlpatterns = [
    path("", start.front, name="front"),
    path("start", start.start, name="start"),
    path("recalls/", recalls.recalls, name="recalls"),
    path("recalls/<str:ref>/", room.room, name="recall_room"),
    path("recalls/<str:ref>/scope/", scope.scope, name="recall_scope"),
    path("recalls/<str:ref>/scope/<int:number>/lines", scope.lines, name="recall_scope_lines"),
    path("recalls/<str:ref>/scope/<int:number>.csv", scope.lines_csv, name="recall_scope_csv"),
    path("recalls/<str:ref>/decision/", decision.decision, name="recall_decision"),
    path("recalls/<str:ref>/stop/", stop.stop, name="recall_stop"),
    path("recalls/<str:ref>/units/", units.units, name="recall_units"),
    path("recalls/<str:ref>/units.csv", units.units_csv, name="recall_units_csv"),
    path("recalls/<str:ref>/results/", results.results, name="recall_results"),
    path("recalls/<str:ref>/funnel.csv", results.funnel_csv, name="recall_funnel_csv"),
    path("recalls/<str:ref>/curve.csv", results.curve_csv, name="recall_curve_csv"),
    path("recalls/<str:ref>/evidence/", notyet.page_to_come, name="recall_evidence"),
    path("recalls/<str:ref>/files/<int:number>", evidencefiles.download, name="evidence_file"),
    path("jobs/<int:job>/retry", recalls.retry, name="job_retry"),
    # notice studio (notices)
    path("recalls/<str:ref>/notice/", notyet.page_to_come, name="recall_notice"),
    # launch check and outreach (outbox)
    path("recalls/<str:ref>/launch/", notyet.page_to_come, name="recall_launch"),
    path("recalls/<str:ref>/outreach/", notyet.page_to_come, name="recall_outreach"),
    path("outreach/", notyet.page_to_come, name="outreach"),
    # bring data in (imports)
    path("data/", notyet.page_to_come, name="data"),
    # across recalls
    path("inbox/", notyet.page_to_come, name="inbox"),
    path("evidence/", notyet.page_to_come, name="evidence"),
    path("drills/", notyet.page_to_come, name="drills"),
    path("go", search.search, name="search"),
    path("people/", people.people, name="people"),
    path("permissions/", people.permissions, name="permissions"),
    path("settings/", people.organisation_settings, name="settings"),
    path("preferences/theme", preferences.theme, name="theme"),
    path("preferences/language", preferences.language, name="language"),
]
