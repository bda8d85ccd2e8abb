"""Addresses that several parts of the feature share."""

APPOINTMENTS = "/patients/<string(length=20):patient_ref>/appointments"
APPOINTMENT = f"{APPOINTMENTS}/<string(length=20):appointment_ref>"
SLOT = "<string(length=20):slot_ref>"
