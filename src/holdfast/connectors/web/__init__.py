"""Looking at a web address as anybody outside would."""
