"""The notice linter and the phrase library."""
