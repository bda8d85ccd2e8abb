"""Documents: judged by their content, scanned, pictured."""
