"""Charts drawn on the server as SVG: selectable text, a title, a description and a table behind."""
