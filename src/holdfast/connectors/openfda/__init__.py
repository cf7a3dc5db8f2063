"""openFDA: the enforcement reports of the US Food and Drug Administration."""
