"""What the portal reports about itself: logs, measures and traces, without names or values."""
