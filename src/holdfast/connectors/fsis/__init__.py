"""USDA FSIS: recalls and health alerts on meat, poultry and egg products."""
