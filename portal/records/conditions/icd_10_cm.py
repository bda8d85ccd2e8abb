"""The codes of ICD-10-CM, from the package that contains them."""

from collections.abc import Iterator


def all_codes() -> Iterator[tuple[str, str]]:
    """All usable codes with their titles, without chapters and headings."""
    # Imported here, because the import loads a hundred thousand codes into memory.
    import simple_icd_10_cm as icd

    for code in dict.fromkeys(
        icd.get_all_codes(with_dots=True)
    ):  # The package has some codes twice.
        if icd.is_leaf(code):
            yield code, icd.get_description(code)
