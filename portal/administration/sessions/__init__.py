"""Ending the sign-ins of somebody else, such as a patient whose phone was stolen."""
