"""What is kept as the reason of an appointment that ended because its patient has died. Pure."""

DIED = "The patient has died"
