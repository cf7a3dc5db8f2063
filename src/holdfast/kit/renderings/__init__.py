"""A notice in its forms: e-mail, page, letter, mail merge; pure functions of what it says."""
