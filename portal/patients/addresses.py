"""Addresses that several parts of the feature share."""

PATIENT = "/patients/<string(length=20):patient_ref>"
