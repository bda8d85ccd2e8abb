"""Leave, closures and public holidays: their times can't be booked."""
