"""Mock recalls on a copy of the state, without any way to send."""
