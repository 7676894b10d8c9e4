"""Pure functions that read what Dutch customers write: dates, postcodes, amounts, numbers.

Nothing here imports Rasa, keeps state or looks at a clock. Each module has a `find` that says where
in a text it saw something (`Span`) and a `parse` that reads one value or gives None.
"""
