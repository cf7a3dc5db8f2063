"""Kinds of background work and the function that does each: `run(job, progress)`."""

JOB_KINDS: dict[str, str] = {}
