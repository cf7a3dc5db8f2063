"""Who may do what: the organisation, its people, roles and permissions."""
