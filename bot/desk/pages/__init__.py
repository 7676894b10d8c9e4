"""The desk's pages: what agents see, and the routes they click on."""
