"""Every write on the outbox."""
