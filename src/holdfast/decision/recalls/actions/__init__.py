"""Every write of the recall room, by verb group."""

from holdfast.decision.recalls.actions.asking import ask_scope, stop_scope
from holdfast.decision.recalls.actions.clocks import (
    catch_up_clock_starts,
    catch_up_clocks_of_entry,
    record_clock_start,
    start_clocks_of_entry,
    withdraw_clock_start,
)
from holdfast.decision.recalls.actions.closing import (
    begin_telling,
    close_recall,
    reopen_recall,
    withdraw_recall,
)
from holdfast.decision.recalls.actions.deciding import (
    propose_decision,
    record_dissent,
    sign_decision,
)
from holdfast.decision.recalls.actions.following import open_recall_from
from holdfast.decision.recalls.actions.gathering import gather_scope
from holdfast.decision.recalls.actions.judging import (
    classify_recall,
    evaluate_hazard,
    record_authority_class,
)
from holdfast.decision.recalls.actions.opening import assign_role, open_recall
from holdfast.decision.recalls.actions.profiling import set_legal_profile
from holdfast.decision.recalls.actions.reviewing import (
    review_live_scopes,
    review_scope,
    review_settled_scope,
)
from holdfast.decision.recalls.actions.scope import confirm_scope, propose_scope, refuse_scope
from holdfast.decision.recalls.actions.tasks import add_task, finish_task

__all__ = [
    "add_task",
    "ask_scope",
    "assign_role",
    "begin_telling",
    "catch_up_clock_starts",
    "catch_up_clocks_of_entry",
    "classify_recall",
    "close_recall",
    "confirm_scope",
    "evaluate_hazard",
    "finish_task",
    "gather_scope",
    "open_recall",
    "open_recall_from",
    "propose_decision",
    "propose_scope",
    "record_authority_class",
    "record_clock_start",
    "record_dissent",
    "refuse_scope",
    "reopen_recall",
    "review_live_scopes",
    "review_scope",
    "review_settled_scope",
    "set_legal_profile",
    "sign_decision",
    "start_clocks_of_entry",
    "stop_scope",
    "withdraw_clock_start",
    "withdraw_recall",
]
