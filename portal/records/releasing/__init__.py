"""When a patient sees a result: at once, after a talk, or when a clinician's hold ends."""
