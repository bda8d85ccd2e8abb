"""The patient search: parsing the input, the search terms, and finding patients."""
