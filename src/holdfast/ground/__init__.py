"""The ground: who acts, what happened, what goes out, what proves it; knows no recalls."""
