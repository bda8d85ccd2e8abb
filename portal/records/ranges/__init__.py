"""Reference ranges of laboratory results, and the values that are certainly outside."""
