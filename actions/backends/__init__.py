"""Typed clients of the organisation's own systems: orders, deliveries, returns, invoices and so on.

An organisation replaces this package with clients of its real systems and keeps the rest. What the
actions rely on: functions that take a connection first, frozen values out, and changes that may be
made twice with the same outcome as once, because a turn can be repeated after a crash.
"""
