"""Consumer pages: no account, no script, nothing changes on GET."""
