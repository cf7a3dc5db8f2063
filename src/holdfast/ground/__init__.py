"""The ground floor: who acts, what happened, what goes out, what proves it; knows nothing of recalls."""
