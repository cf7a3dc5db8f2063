"""Kinds of background work and the function that does each: `run(job, progress)`."""

JOB_KINDS: dict[str, str] = {
    "import": "holdfast.supply.imports.jobs.bring_in_upload",
    "scope": "holdfast.decision.recalls.jobs.work_out_scope",
    "notice_file": "holdfast.response.notices.jobs.print_file",
}
