"""Addresses of the staff pages; every view names its policy."""

from django.urls import path

from holdfast.doors.desk import (
    data,
    decision,
    evidence,
    evidencefiles,
    inbox,
    notice,
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
    path("recalls/<str:ref>/evidence/", evidence.recall_evidence, name="recall_evidence"),
    path("recalls/<str:ref>/evidence/package", evidence.package, name="recall_package"),
    path("recalls/<str:ref>/refunds", inbox.payouts, name="payouts"),
    path("recalls/<str:ref>/files/<int:number>", evidencefiles.download, name="evidence_file"),
    path("jobs/<int:job>/retry", recalls.retry, name="job_retry"),
    # notice studio (notices)
    path("recalls/<str:ref>/notice/", notice.notice, name="recall_notice"),
    path(
        "recalls/<str:ref>/notice/<str:language>.svg", notice.notice_letter, name="notice_letter"
    ),
    # launch check and outreach (outbox)
    path("recalls/<str:ref>/launch/", notyet.page_to_come, name="recall_launch"),
    path("recalls/<str:ref>/outreach/", notyet.page_to_come, name="recall_outreach"),
    path("outreach/", notyet.page_to_come, name="outreach"),
    # bring data in (imports)
    path("data/", data.data, name="data"),
    path("data/files/<str:token>/", data.data_file, name="data_file"),
    path("data/jobs/<int:job>/", data.data_job, name="data_job"),
    path("data/jobs/<int:job>/cancel", data.data_cancel, name="data_cancel"),
    path("data/runs/<int:run>/", data.data_run, name="data_run"),
    path("data/runs/<int:run>/rejected.csv", data.rejects_csv, name="data_rejects"),
    path("data/samples/<str:kind>.csv", data.sample_csv, name="data_sample"),
    # across recalls
    path("inbox/", inbox.inbox, name="inbox"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/check", evidence.check, name="evidence_check"),
    path("evidence/package", evidence.package, name="package"),
    path("drills/", notyet.page_to_come, name="drills"),
    path("go", search.search, name="search"),
    path("people/", people.people, name="people"),
    path("permissions/", people.permissions, name="permissions"),
    path("settings/", people.organisation_settings, name="settings"),
    path("preferences/theme", preferences.theme, name="theme"),
    path("preferences/language", preferences.language, name="language"),
]
