"""The laboratory's panels, with the codes and units of their analytes."""
