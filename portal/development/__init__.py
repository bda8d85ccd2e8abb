"""The demonstration hospital and the development sign-in. None of it is in a release."""
