"""Languages that patients often prefer, by BCP 47 tag, each with its native name and ours."""

from functools import lru_cache

from babel import Locale

from portal.words import UNLISTED, language_in_ours, language_name

LISTED = (
    *("en", "sq", "am", "ar", "hy", "bn", "bg", "yue", "zh", "hr", "cs", "da", "prs", "nl", "et"),
    *("fi", "fr", "ka", "de", "el", "gu", "ha", "he", "hi", "hu", "ig", "ga", "it", "ja", "ko"),
    *("ku", "lv", "ln", "lt", "ms", "ne", "no", "om", "ps", "fa", "pl", "pt", "pt-BR", "pa", "ro"),
    *("rom", "ru", "sr", "sn", "si", "sk", "sl", "so", "es", "sw", "sv", "tl", "ta", "te", "th"),
    *("ti", "tr", "uk", "ur", "vi", "cy", "yo", "bfi"),
)


@lru_cache
def languages(locale: str) -> dict[str, str]:
    """Names by tag for a list: the hospital's own language first, then in alphabetical order."""
    own = Locale.parse(locale).language
    names = {tag: language_name(tag, locale) for tag in LISTED}
    in_ours = {tag: language_in_ours(tag, locale) or name for tag, name in names.items()}
    order = sorted(names, key=lambda tag: (tag != own, in_ours[tag].casefold()))
    return {tag: names[tag] for tag in order} | {UNLISTED: language_name(UNLISTED, locale)}
