"""moto's HTTP server in this process, on a loopback port of its own."""

import logging
import socket
import threading
from importlib.metadata import version


class MotoServer:
    """Listens at once, before moto is imported: a client connects and waits for its first answer, nothing is refused.

    The port is never given up between finding it and serving on it, so nobody else can take it.
    """

    def open(self) -> str:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._port: int = self._socket.getsockname()[1]
        return f"http://127.0.0.1:{self._port}"

    def serve(self) -> str:
        from moto.moto_api._internal import mock_random
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
        from werkzeug.serving import make_server

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        # moto draws message ids from here: the same story gets the same ids.
        mock_random.seed("sluice demo")
        application = DomainDispatcherApplication(create_backend_app)
        application.app_instances["sqs"] = create_backend_app("sqs")
        server = make_server(
            "127.0.0.1",
            self._port,
            application,
            threaded=True,
            request_handler=MotoRequestHandler,
            fd=self._socket.fileno(),
        )
        threading.Thread(target=server.serve_forever, name="moto", daemon=True).start()
        return version("moto")

    def stop(self) -> None:
        """Nothing outlives this process."""
