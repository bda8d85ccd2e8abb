"""The panels of the laboratory, with the codes and units of what is in them."""
