"""Recording that a patient has died, what that ends, and undoing it."""
