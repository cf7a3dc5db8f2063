"""What happens when: a fact in the journal, and the actions that follow it, on one page.

A worker claims each pair after commit and calls `action(entry=…, by=SYSTEM, now=…)`; every
action here is idempotent, because a worker may die between the work and its own tick.
"""

# The numbers that lists and rooms show, worked out again.
FIGURES = "holdfast.insight.measures.actions.refresh_figures_of_entry"
# Scopes in force, worked out again; what joined and what left is proposed to a person.
LIVE_SCOPES = "holdfast.decision.recalls.actions.review_live_scopes"
SETTLED_SCOPE = "holdfast.decision.recalls.actions.review_settled_scope"

# Facts from which legal clocks count, taken from what happened.
CLOCKS = "holdfast.decision.recalls.actions.start_clocks_of_entry"

# Products that came in, set against what authorities recalled.
REMATCH = "holdfast.decision.announcements.actions.rematch_entry"
REMATCH_PHOTOS = "holdfast.decision.announcements.actions.rematch_photographs_entry"

# Their ends, worked out anew.
REWORK = "holdfast.response.duties.actions.rework_clocks_of_entry"

# What a complaint is about, or everything, scored again; it may raise an alarm.
SCORE = "holdfast.decision.investigations.actions.score_complaint_of_entry"
SCORE_ALL = "holdfast.decision.investigations.actions.score_import_of_entry"

# Whether many people speak of one thing at once, counted again.
RUSH = "holdfast.decision.intake.actions.count_rush_of_entry"
RUSHES = "holdfast.decision.intake.actions.count_rushes_of_entry"

# Complaints without a product, looked at again.
RELINK = "holdfast.decision.intake.actions.relink_complaints_of_entry"

REACTIONS: dict[str, list[str]] = {
    # who works here
    "InstanceFounded": [],
    "PersonAdded": [],
    "RolesChanged": [],
    "PersonRemoved": [],
    "SettingsChanged": [],
    "ApiTokenIssued": [],
    "ApiTokenRevoked": [],
    # data comes in
    "FileImported": [
        "holdfast.insight.measures.actions.refresh_live_figures",
        LIVE_SCOPES,
        REMATCH,
        RELINK,
    ],
    "MappingSaved": [],
    "RejectedRowsErased": [],
    "RejectedRowsSettled": [],
    "ImportAsked": [],
    "HistorySimulated": [],
    "ReceiptRecorded": [LIVE_SCOPES],
    "EventsImported": [LIVE_SCOPES],
    "TracePublished": [],
    "ShopFed": [],
    "DocumentsImported": [LIVE_SCOPES],
    # something is wrong
    "SignalRecorded": [],
    "ComplaintReceived": [RUSH, SCORE],
    "ComplaintsImported": [RUSHES, SCORE_ALL],
    "FirstInformationNoted": [],
    "ComplaintLinked": [RUSH, SCORE],
    "ComplaintLinkWithdrawn": [RUSH, SCORE],
    "DuplicateMarked": [RUSH, SCORE],
    "DuplicateWithdrawn": [RUSH, SCORE],
    "ComplaintSeen": [],
    "InformantErased": [],
    "ComplaintsCarried": [],
    "ComplaintsRelinked": [RUSHES, SCORE_ALL],
    # what authorities recalled
    "FeedAdded": [],
    "FeedSwitched": [],
    "FeedAsked": [],
    "FeedAnswered": [],
    "FeedFailed": [],
    "FeedDrifted": [],
    "AnnouncementsImported": ["holdfast.decision.announcements.actions.match_entry"],
    "AnnouncementsEnded": ["holdfast.decision.announcements.actions.match_without_ended_entry"],
    "PhotographAdded": [],
    "PhotographsScanned": [REMATCH_PHOTOS],
    "PhotographDropped": [REMATCH_PHOTOS],
    "AnnouncementsJoined": [],
    "AnnouncementsParted": [],
    "CatalogueMatched": [],
    "MatchDecided": [],
    "MatchReopened": [],
    "InspectionRecorded": [],
    "InspectionsImported": [],
    "SeverityChanged": [],
    "TestResultRecorded": [],
    "TestResultsImported": [],
    "AlarmRaised": [],
    "AlarmDismissed": [],
    "AlarmDismissalWithdrawn": [],
    "AlarmBudgetSet": [],
    "InvestigationOpened": [],
    "InvestigationAssigned": [],
    "InvestigationNarrowed": [],
    "InvestigationTaskAdded": [],
    "InvestigationTaskFinished": [],
    "FindingRecorded": [],
    "InvestigationConcluded": [],
    "InvestigationReopened": [],
    # what is decided
    "RecallOpened": [
        "holdfast.response.holds.actions.list_places_of_entry",
        CLOCKS,
        FIGURES,
    ],
    "RoleAssigned": [],
    "ClockStartRecorded": [REWORK],
    "ClockStartWithdrawn": [REWORK],
    "LegalProfileSet": [
        FIGURES,
        "holdfast.decision.recalls.actions.catch_up_clocks_of_entry",
        REWORK,
    ],
    "ScopeAsked": [],
    "ScopeStopped": [],
    "ScopeProposed": [FIGURES],
    "ScopeConfirmed": [
        "holdfast.response.holds.actions.list_places_of_entry",
        "holdfast.response.units.actions.follow_scope",
        REWORK,
        FIGURES,
        SETTLED_SCOPE,
    ],
    "ScopeRefused": [FIGURES, SETTLED_SCOPE],
    "HazardEvaluated": [],
    "RiskPresumed": [],
    "FirmClassSet": [],
    "AuthorityClassRecorded": [],
    "DecisionProposed": [FIGURES],
    "DecisionSigned": ["holdfast.response.remedies.actions.follow_decision", CLOCKS, FIGURES],
    "DissentRecorded": [],
    "TellingBegan": [CLOCKS, FIGURES],
    "RecallClosed": [FIGURES],
    "RecallReopened": [FIGURES],
    "RecallWithdrawn": [FIGURES],
    "TaskAdded": [FIGURES],
    "TaskFinished": [FIGURES],
    # who must be told what, by when
    "DutyClocksReworked": [FIGURES],
    "DutyAssigned": [],
    "DutyMet": [FIGURES],
    "DutyWaived": [FIGURES],
    "DutyReopened": [FIGURES],
    "HouseTargetSet": [FIGURES],
    "DutyEscalated": [FIGURES],
    "LawConfirmed": [],
    "LawConfirmationWithdrawn": [],
    "CalendarLinkMade": [],
    "CalendarLinkRevoked": [],
    # goods stop
    "PlacesListed": [FIGURES],
    "HoldAdded": [FIGURES],
    "HoldAssigned": [],
    "HoldStopped": [CLOCKS, FIGURES],
    "HoldFailed": [FIGURES],
    "HoldNotNeeded": [FIGURES],
    # every unit
    "UnitsRebalanced": [FIGURES],
    "UnitsEntered": [FIGURES],
    "UnitsMoved": [FIGURES],
    "StockCounted": [FIGURES],
    # making good
    "RemediesSet": [],
    "LinksMade": [],
    "LinkRevoked": [],
    "LinkRenewed": [],
    "ClaimPhotosAdded": [],
    "ClaimPhotosErased": [],
    "ClaimsWithdrawn": [FIGURES],
    "ClaimAnswered": [FIGURES],
    "RemedyChosen": [FIGURES],
    "ClaimReviewed": [],
    "ClaimsFulfilled": [FIGURES],
    "PayoutsExported": [],
    "PayoutsPaid": [FIGURES],
    "ClaimsEscalated": [],
    "InjuryReported": [CLOCKS, "holdfast.response.remedies.actions.keep_injury_as_complaint"],
    "InjurySeen": [],
    # what authorities are told
    "FactStated": [],
    "FilingDrafted": [],
    "FilingUpdated": [],
    "FilingProposed": [],
    "FilingReopened": [],
    "FilingReleased": [],
    "FilingExported": [],
    "FilingFiled": [],
    "FilingAcknowledged": [],
    "FilingWithdrawn": [],
    "ContradictionExplained": [],
    "FilingsPersonErased": [],
    "AuthorityLetterRecorded": [],
    "AuthorityRequestRecorded": [],
    "AuthorityRequestSettled": [],
    # the proof
    "EvidenceAttached": [],
    "EvidenceErased": [],
    # what people are told
    "NoticeDrafted": [FIGURES],
    "NoticeTextEdited": [FIGURES],
    "NoticePhotoSet": [FIGURES, "holdfast.response.notices.actions.match_photo_of_entry"],
    "NoticeTextApproved": [FIGURES],
    "NoticeApprovalWithdrawn": [FIGURES],
    "NoticeFileAsked": [],
    "NoticeFileStopped": [],
    "NoticesPrinted": [],
    # the outbox
    "DeliveriesSettled": [],
    "AttemptsRecovered": [],
    "MessagesPlanned": [],
    "MessagesSuppressed": [],
    "AmbiguousSettled": [],
    "BouncesNoted": [FIGURES],
    "StaffMailSettled": [],
    "InstanceConfirmed": [],
    # telling people
    "GatesChecked": [],
    "GateWaived": [],
    "TrialSent": [],
    "TrialOpened": [],
    "WaveLaunched": [FIGURES],
    "WavePaused": [],
    "WaveResumed": [],
    "WaveWithdrawn": [FIGURES],
    # what people say in public
    "MentionsRecorded": [],
    "MentionSettled": [],
    "MentionReopened": [],
    "MentionErased": [],
    "MentionSourceAdded": [],
    "MentionSourceSwitched": [],
    "MentionSourceFailed": [],
    "CorrectionDrafted": [],
    "CorrectionApproved": [],
    "CorrectionWithdrawn": [],
    # what we practise
    "DrillStarted": [],
    "DrillEnded": [],
}
