"""The codes of ICD-10-CM, from the package that contains them."""

from collections.abc import Iterator


def all_codes() -> Iterator[tuple[str, str]]:
    """All codes that can be used, with their titles, but no chapters or headings."""
    # Imported here, because it reads a hundred thousand codes into the process.
    import simple_icd_10_cm as icd

    for code in dict.fromkeys(icd.get_all_codes(with_dots=True)):  # Some codes come twice.
        if icd.is_leaf(code):
            yield code, icd.get_description(code)
