"""What everybody who serves HTTP needs: static files, rate limits, allowed origins."""
