"""Notes about visits: reading and amending them."""
