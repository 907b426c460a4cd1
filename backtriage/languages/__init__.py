"""Catalogues of translations (PO files) -> what is said in a language, read ahead where it can be.

Translators' tools read and write PO; `po` does so by Babel, which only authors and the build need.
"""
