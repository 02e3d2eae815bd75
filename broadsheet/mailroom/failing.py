"""What it says that handing a mail over failed: of us, of this mail, or that it may have left all the same."""

import smtplib
import socket

import requests
from anymail.exceptions import AnymailAPIError
from urllib3.exceptions import ProtocolError

# Our key, our pace, or the provider's own trouble; not 500, which may be about one mail that it cannot read.
ABOUT_US = frozenset({401, 403, 429, 502, 503, 504})


def is_about_us(trouble: Exception) -> bool:
    """Nothing has left, and nothing else would: nobody is there, or whoever is there has nothing to do with us just now."""
    if isinstance(trouble, AnymailAPIError):
        if trouble.response is not None:
            return trouble.status_code in ABOUT_US
        return isinstance(trouble.__cause__, requests.ConnectionError) and not may_have_left(trouble)
    return isinstance(trouble, ConnectionRefusedError | socket.gaierror | smtplib.SMTPAuthenticationError)


def is_lost(trouble: Exception) -> bool:
    """The connection, in the midst: by whose fault, nobody knows."""
    if isinstance(trouble, AnymailAPIError):
        return trouble.response is None
    if isinstance(trouble, smtplib.SMTPException):  # each is an OSError too
        return isinstance(trouble, smtplib.SMTPServerDisconnected)
    return isinstance(trouble, OSError)


def may_have_left(trouble: Exception) -> bool:
    """The provider was told all, and its answer was lost, or says nothing that can be read."""
    if isinstance(trouble, AnymailAPIError) and trouble.response is not None:
        return bool(trouble.response.ok)
    cause = trouble.__cause__
    if isinstance(cause, requests.ReadTimeout | requests.exceptions.ChunkedEncodingError):
        return True
    return isinstance(cause, requests.ConnectionError) and isinstance(next(iter(cause.args), None), ProtocolError)
