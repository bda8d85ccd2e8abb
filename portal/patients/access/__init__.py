"""Access of accounts to records: one-time codes, and people who act for a patient."""
