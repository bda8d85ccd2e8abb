"""The stored reason of appointments that were cancelled because the patient has died. Pure."""

DIED = "The patient has died"
