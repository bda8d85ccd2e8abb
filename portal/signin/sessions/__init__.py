"""Sessions as rows: who is signed in, where and for how long; signing out of one or all."""
