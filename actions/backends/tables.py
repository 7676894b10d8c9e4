"""Tables of the shop's own database. Loket's database is another one (`bot.store`)."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
#: Tables with personal data say so, for retention and export (`table.info`).
_PERSONAL = {"personal": True}

customers = sa.Table(
    "customers",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("street", sa.String(80), nullable=False),
    sa.Column("house_number", sa.String(12), nullable=False),
    sa.Column("postcode", sa.String(7), nullable=False),
    sa.Column("city", sa.String(60), nullable=False),
    info=_PERSONAL,
)
orders = sa.Table(
    "orders",
    METADATA,
    sa.Column("number", sa.String(12), primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("placed_on", sa.Date, nullable=False),
    info=_PERSONAL,
)
order_lines = sa.Table(
    "order_lines",
    METADATA,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("article", sa.String(80), nullable=False),
    sa.Column("price_cents", sa.Integer, nullable=False),
    info=_PERSONAL,
)
deliveries = sa.Table(
    "deliveries",
    METADATA,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("planned_on", sa.Date),
    sa.Column("day_part", sa.String(8)),
    sa.Column("delivered_on", sa.Date),
    sa.Column("street", sa.String(80), nullable=False),
    sa.Column("house_number", sa.String(12), nullable=False),
    sa.Column("postcode", sa.String(7), nullable=False),
    sa.Column("city", sa.String(60), nullable=False),
    info=_PERSONAL,
)
#: Deliveries that a customer moved, with the day on which the parcel was expected before.
moved_deliveries = sa.Table(
    "moved_deliveries",
    METADATA,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("expected_on", sa.Date, nullable=False),
    info=_PERSONAL,
)
returns = sa.Table(
    "returns",
    METADATA,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("reason", sa.String(12), nullable=False),
    sa.Column("registered_on", sa.Date, nullable=False),
    sa.Column("label", sa.String(20), nullable=False),
    info=_PERSONAL,
)
invoices = sa.Table(
    "invoices",
    METADATA,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("order_number", sa.ForeignKey("orders.number"), nullable=False, unique=True),
    sa.Column("amount_cents", sa.Integer, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("paid_on", sa.Date),
    sa.Column("cancelled_on", sa.Date),
    info=_PERSONAL,
)
subscriptions = sa.Table(
    "subscriptions",
    METADATA,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("plan", sa.String(20), nullable=False),
    sa.Column("paused_until", sa.Date),
    sa.Column("ends_on", sa.Date),
    info=_PERSONAL,
)
#: What belongs to a subscription to energy. Of older data these rows are added at the next start.
energy_contracts = sa.Table(
    "energy_contracts",
    METADATA,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("fixed_until", sa.Date),
    sa.Column("fee_cents_a_month", sa.Integer, nullable=False),
    sa.Column("smart_meter", sa.Boolean, nullable=False),
    sa.Column("solar", sa.Boolean),
    sa.Column("gas", sa.Boolean, nullable=False),
    info=_PERSONAL,
)
meters = sa.Table(
    "meters",
    METADATA,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("two_tariffs", sa.Boolean, nullable=False),
    info=_PERSONAL,
)
meter_readings = sa.Table(
    "meter_readings",
    METADATA,
    sa.Column("customer_id", sa.ForeignKey("meters.customer_id"), primary_key=True),
    sa.Column("read_on", sa.Date, primary_key=True),
    sa.Column("high", sa.Integer, nullable=False),
    sa.Column("low", sa.Integer),
    info=_PERSONAL,
)
#: A table of one row: the day on which the sample data's dates are right.
sample_anchor = sa.Table(
    "sample_anchor",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    info={"personal": False},
)
