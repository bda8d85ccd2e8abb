"""Forms that came after their sender's session had ended, kept until the same person is back."""
