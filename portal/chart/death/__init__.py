"""That a patient has died: what it ends, and taking it back."""
