"""Reference ranges of laboratory results, and what is certainly outside of them."""
