"""The look: one style sheet, one frame, and pictures drawn on the server; knows nothing of recalls."""
