"""FDA iRES: the enforcement reports as the FDA itself gives them, before openFDA."""
