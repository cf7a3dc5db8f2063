"""The law as dated data: who must be told what, by when, counted as that law counts."""
