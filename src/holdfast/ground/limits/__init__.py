"""How often one place may do a thing: shared by every process, forgotten when it is quiet again."""
