"""Handing messages to a mail server: fast, in order of commit, and honest about what is unclear."""
