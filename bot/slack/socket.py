"""Socket Mode: a connection from us to Slack, kept up in the background, over which commands and clicks arrive."""

import threading

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.flows.house import House
from bot.slack.errors import TRANSPORT_FAULTS, classify
from bot.slack.messenger import quiet_logger
from bot.slack.replays import first_time

log = structlog.get_logger()

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0


class Socket:
    """A running connection. It does not have to stand at once: Slack being away keeps nobody from starting."""

    def __init__(self, house: House, app: App, app_token: str, client: WebClient) -> None:
        self._handler = _OnceOnly(house, app, app_token, client)
        self._closing = threading.Event()
        self._connecting = threading.Thread(target=self._connect, name="slack-socket", daemon=True)
        self._connecting.start()

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us now."""
        return bool(self._handler.client.is_connected())

    def close(self) -> None:
        """Hang up, and wait for what is being done; Slack tells whoever is still unanswered to try again."""
        self._closing.set()
        self._connecting.join(timeout=3)
        self._handler.hang_up()

    def _connect(self) -> None:
        """Connect for the first time; from then on the client reconnects by itself."""
        wait = _FIRST_WAIT
        while not self._closing.is_set():
            try:
                self._handler.client.connect_to_new_endpoint(force=True)
            except TRANSPORT_FAULTS as error:
                log.warning("socket_not_connected", code=classify(error).code, next_try_in=wait)
            if self._closing.is_set():
                self._handler.client.disconnect()
            elif self.connected:
                log.info("socket_connected")
                return
            self._closing.wait(wait)
            wait = min(wait * 2, _LONGEST_WAIT)


class _OnceOnly(SocketModeHandler):
    """Takes every envelope, and every event in whatever envelope, once; a repeated one is only acknowledged."""

    def __init__(self, house: House, app: App, app_token: str, client: WebClient) -> None:
        super().__init__(app, app_token, logger=quiet_logger(), web_client=client, ping_interval=5)
        self._house = house
        self.client.on_error_listeners.append(_stumbled)
        self.client.on_close_listeners.append(lambda code, _reason: log.info("socket_closed", code=code))

    def hang_up(self) -> None:
        """Close the connection and wait for the requests that are being answered."""
        self.client.close()

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Take one envelope. What goes wrong is logged here: the library, which quotes people, is silenced."""
        try:
            if self._first_time(req):
                super().handle(client, req)
            else:
                client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
        except Exception as error:  # noqa: BLE001 - one envelope must not end the connection for all others
            _stumbled(error)

    def _first_time(self, req: SocketModeRequest) -> bool:
        if not first_time(self._house, "envelope", req.envelope_id):
            return False
        event_id = req.payload.get("event_id") if isinstance(req.payload, dict) else None
        return not isinstance(event_id, str) or first_time(self._house, "event", event_id)


def _stumbled(error: Exception) -> None:
    log.error("socket_failed", error=type(error).__name__)


def start_socket(house: House, app: App, app_token: str, client: WebClient) -> Socket:
    """Connect to Slack in the background. app_token: ``xapp-…``; client: whose address apps.connections.open is at."""
    return Socket(house, app, app_token, client)
