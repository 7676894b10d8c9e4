"""Everything Loket keeps: tables, queue, record. Functions take a connection, so they combine."""
