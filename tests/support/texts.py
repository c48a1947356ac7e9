"""Texts that nobody would think of."""

from hypothesis import strategies as st

ANY_TEXT = st.text() | st.text(alphabet="\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\x1b[]{}%<>/ a.")
