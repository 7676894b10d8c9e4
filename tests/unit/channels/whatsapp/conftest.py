"""A Graph API, and a sender that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from channels.whatsapp import WhatsApp
from channels.whatsapp.client import GraphSender
from tests.contract.adapters.whatsapp import APP_SECRET, VERIFY_TOKEN
from tests.providers.graph import PHONE_NUMBER_ID, TOKEN, Graph


@pytest.fixture
def graph() -> Iterator[Graph]:
    """A fresh server."""
    graph = Graph()
    yield graph
    graph.close()


@pytest.fixture
def channel(graph: Graph) -> WhatsApp:
    """The channel, configured for it."""
    return WhatsApp(
        token=TOKEN,
        phone_number_id=PHONE_NUMBER_ID,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        graph_url=graph.url,
    )


@pytest.fixture
async def sender(channel: WhatsApp) -> AsyncIterator[GraphSender]:
    """Its sender."""
    sender = channel.sender()
    yield sender
    await sender.close()
