"""Answers from pages that people wrote: quoted, dated and linked, or not given at all."""
