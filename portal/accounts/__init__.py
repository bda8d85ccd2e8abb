"""Code about sign-in accounts that several features use: ending sessions, and Cognito's own API."""
