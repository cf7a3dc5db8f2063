"""The look: style sheets, the frame, and pictures drawn on the server; knows no recall."""
