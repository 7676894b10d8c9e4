"""The words of conversations can be looked up at the desk: FTS5 on SQLite, GIN on PostgreSQL.

The databases keep the indexes themselves, in the transaction that writes or erases a row, so that
what is gone is never found. What the assistant says is the same for everybody and is left out.
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEPT = ("data", "proved", "unproved")
_FACTS = "coalesce((SELECT group_concat(value, ' ') FROM json_each(r.summary, '$.{}')), '')"

# Each table with what of a row is looked up: in SQLite's words (of the row `r`), in PostgreSQL's,
# the columns that it depends on, and the rows without anything to look up.
SOURCES = (
    ("inbox", "r.text", "text", ("text",), None),
    (
        "outbox",
        "coalesce(json_extract(r.content, '$.text'), '')",
        "coalesce(content ->> 'text', '')",
        ("content",),
        "author = 'human'",
    ),
    ("notes", "r.text", "text", ("text",), None),
    (
        "handovers",
        " || ' ' || ".join(["coalesce(r.settled, '')", *map(_FACTS.format, _KEPT)]),
        "coalesce(settled, '') || ' ' || loket_summary(summary)",
        ("settled", "summary"),
        None,
    ),
    (
        "callbacks",
        "r.name || ' ' || r.contact || ' ' || r.question",
        "name || ' ' || contact || ' ' || question",
        ("name", "contact", "question"),
        None,
    ),
)

# Accents off and signs between words, as FTS5's tokenizer does.
_WORDS = r"""
CREATE FUNCTION loket_words(said text) RETURNS tsvector IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
SELECT to_tsvector('simple', regexp_replace(
    regexp_replace(lower(normalize(left(said, 100000), NFKD)), '[\u0300-\u036f]', '', 'g'),
    '[!-/:-@\[-`{-~]+', ' ', 'g'))
$$
"""
_SUMMARY = """
CREATE FUNCTION loket_summary(summary json) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
SELECT coalesce((SELECT string_agg(value, ' ') FROM json_each_text(CASE
        WHEN json_typeof(summary -> 'data') = 'object' THEN summary -> 'data' END)), '')
    || ' ' || coalesce((SELECT string_agg(value, ' ') FROM json_array_elements_text(CASE
        WHEN json_typeof(summary -> 'proved') = 'array' THEN summary -> 'proved' END)), '')
    || ' ' || coalesce((SELECT string_agg(value, ' ') FROM json_array_elements_text(CASE
        WHEN json_typeof(summary -> 'unproved') = 'array' THEN summary -> 'unproved' END)), '')
$$
"""


def upgrade() -> None:
    """Make the indexes, and fill them with what is there."""
    op.create_index("ix_handovers_created_at", "handovers", ["created_at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(_WORDS.replace("%", "%%"))
        op.get_bind().exec_driver_sql(_SUMMARY)
        for table, _, words, _, where in SOURCES:
            only = f" WHERE {where}" if where else ""
            op.get_bind().exec_driver_sql(
                f"CREATE INDEX ix_{table}_words ON {table} USING gin (loket_words({words})){only}"
            )
        return
    for table, words, _, columns, where in SOURCES:
        for statement in _sqlite(table, words, columns, where):
            op.get_bind().exec_driver_sql(statement)


def _sqlite(table: str, words: str, columns: tuple[str, ...], where: str | None) -> list[str]:
    index = f"{table}_words"
    new, old = words.replace("r.", "new."), words.replace("r.", "old.")
    # FTS5 drops a row of an index without texts by being told its words again.
    add = f"INSERT INTO {index} (rowid, words) VALUES (new.id, {new});"  # noqa: S608 - constants
    drop = f"INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', old.id, {old});"  # noqa: S608 - the same
    if_new, if_old = (f" WHEN {of}.{where}" if where else "" for of in ("new", "old"))
    only = f" WHERE r.{where}" if where else ""
    of, both = ", ".join(columns), f"{drop} {add}"
    made = "words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'"
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5({made})",
        f"INSERT INTO {index} (rowid, words) SELECT r.id, {words} FROM {table} AS r{only}",  # noqa: S608 - the same
        f"CREATE TRIGGER {index}_added AFTER INSERT ON {table}{if_new} BEGIN {add} END",
        f"CREATE TRIGGER {index}_dropped AFTER DELETE ON {table}{if_old} BEGIN {drop} END",
        f"CREATE TRIGGER {index}_changed AFTER UPDATE OF {of} ON {table}{if_new} BEGIN {both} END",
    ]


def downgrade() -> None:
    """Nothing can be looked up any more."""
    op.drop_index("ix_handovers_created_at", "handovers")
    if op.get_bind().dialect.name == "postgresql":
        for table, *_ in SOURCES:
            op.drop_index(f"ix_{table}_words")
        op.execute("DROP FUNCTION loket_words(text)")
        op.execute("DROP FUNCTION loket_summary(json)")
        return
    for table, *_ in SOURCES:
        for what in ("added", "dropped", "changed"):
            op.execute(f"DROP TRIGGER {table}_words_{what}")
        op.execute(f"DROP TABLE {table}_words")
