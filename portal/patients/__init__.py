"""People: found, registered, changed, merged; their accounts and those who act for them."""
