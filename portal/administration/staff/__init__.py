"""Members of staff: their accounts, roles, and the practitioner behind a doctor or nurse."""
