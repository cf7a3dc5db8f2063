"""The recall: scope, risk, decision, and who signed what."""
