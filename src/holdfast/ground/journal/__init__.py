"""The journal: every fact once, in order, in an RFC 6962 tree."""
