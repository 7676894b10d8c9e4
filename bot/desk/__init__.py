"""The desk: where people of the organisation read conversations and answer, at `/desk`."""
