"""What somebody may send who wishes the portal no good, as the bytes of a value."""

MARK = "x7f"
QUOTED = "x7q"
"""Stands before each quote, so that one that was not escaped is known from the page's own."""
SUM = "1337"
ELSEWHERE = "evil.example"
INJECTED = "X-Injected"

PAYLOADS = {
    "quotes": b"x7q\"x7q'x7q`;--",
    "a tag": b"\"'><x7f>",
    "an attribute": b"x7q\" onfocus=x7q('",
    "a script": b"</script><script>x7f()</script>",
    "a script in an address": b"javascript:x7f()",
    "a template": b"x7f{{7*191}}${7*191}{%x7f%}",
    "a format": b"%s%n%(x7f)s{0.__class__}",
    "SQL": b"' OR 1=1) UNION SELECT 1 -- ",
    "a pattern": b"%_\\%",
    "NUL": b"x7f\x00x7f",
    "no UTF-8": b"\xff\xfe\xc0\xaf\x80",
    "a lone surrogate": b"\xed\xa0\x80x7f",
    "four bytes": "\U0001f9d1\u200d\u2695\ufe0f\U0010ffff".encode(),
    "right to left": "\u202ex7f\u2066\u200b\ufeff".encode(),
    "other digits": "\u0663\u0664\u00b2\uff11".encode(),
    "combining": ("e" + "\u0301" * 300).encode(),
    "very long": b"7" * 20_000,
    "nothing": b"",
    "a space": b" \t\n",
    "negative": b"-1",
    "a huge number": b"9" * 30,
    "beyond 64 bits": b"18446744073709551616",
    "not a number": b"NaN",
    "infinite": b"-1e999",
    "the first day": b"0001-01-01",
    "the last day": b"9999-12-31T23:59:59.999999+14:00",
    "no day": b"2026-02-30",
    "a year of five digits": b"12026-01-01",
    "a folder above": b"../../../../etc/passwd\x00.pdf",
    "a new header": b"x7f\r\nX-Injected: yes\r\n\r\n<x7f>",
    "another host": b"//evil.example/x7f",
    "another host, with backslashes": b"/\\evil.example\\x7f",
    "another address": b"https://evil.example/x7f",
    "JSON": b'{"$ne": null, "x7f": [1]}',
    "a list": b"a&x7f[]=1",
}
"""By what is hostile in them. `a list` is several values: its `&` is sent as it is."""
