"""Addresses that several rooms share."""

PATIENT = "/patients/<string(length=20):patient_ref>"
