"""US Consumer Product Safety Commission: its recall retrieval service."""
