"""The notice linter and the phrase library: required elements, banned words, reading level, parity."""
