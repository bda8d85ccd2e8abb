"""Medicines (MedicationRequest)."""
