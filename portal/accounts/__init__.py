"""What several features need of sign-in accounts: ending sessions, and Cognito's own API."""
