"""Loket: an omnichannel messaging-bot framework on a Rasa core."""

import os

from bot import blas_kernel

__version__ = "0.1.0"

# Before NumPy is loaded, in whichever process: later it changes nothing.
blas_kernel.choose(os.environ)
