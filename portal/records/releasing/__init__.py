"""When a patient sees a result: at once, after a talk, or when a clinician no longer holds it."""
