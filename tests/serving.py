"""A web server on loopback, for tests that let many clients come at once."""

from __future__ import annotations

from http.server import ThreadingHTTPServer


class LocalServer(ThreadingHTTPServer):
    """Lets as many clients wait as come at once: of more than five the others would try again after a whole second."""

    request_queue_size = 100
    daemon_threads = True
