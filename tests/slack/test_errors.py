"""What a failed call means: every documented code, every accident on the way, and no word of an answer leaking out."""

import http.client
import socket
import ssl
import threading
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.core.errors import DeliveryClass, DeliveryError
from bot.slack.errors import CODES, LONGEST_RETRY_AFTER, TRANSPORT_FAULTS, classify, retry_after
from bot.slack.messenger import make_client

DOCUMENTED = {
    "chat.postMessage": """
        channel_not_found not_in_channel is_archived msg_too_long no_text too_many_attachments too_many_contact_cards
        rate_limited ratelimited message_limit_exceeded restricted_action restricted_action_read_only_channel
        restricted_action_thread_only_channel restricted_action_non_threadable_channel restricted_action_thread_locked
        as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message channel_type_not_supported
        duplicate_channel_not_found duplicate_message_not_found ekm_access_denied invalid_blocks invalid_blocks_format
        invalid_metadata_format invalid_metadata_schema markdown_text_conflict messages_tab_disabled
        metadata_must_be_sent_from_app metadata_too_large msg_blocks_too_long slack_connect_canvas_sharing_blocked
        slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked team_access_not_granted
        team_not_found
    """,
    "chat.update": """
        block_mismatch cant_update_message channel_not_found edit_window_closed external_channel_migrating
        invalid_attachments is_inactive message_not_found msg_too_long no_dual_broadcast_content_update no_text
        streaming_mode_mismatch streaming_state_conflict update_failed rate_limited
    """,
    "conversations": """
        channel_not_found invalid_cursor invalid_limit invalid_metadata_keys invalid_ts_latest invalid_ts_oldest
        not_in_channel thread_not_found pagination_not_available method_not_supported_for_channel_type user_not_found
        user_not_visible user_disabled users_list_not_supplied not_enough_users too_many_users
        invalid_user_combination cannot_dm_bot
    """,
    "views": """
        hash_conflict not_found duplicate_external_id view_too_large not_enabled push_limit_reached
        expired_trigger_id exchanged_trigger_id trigger_expired trigger_exchanged invalid_trigger_id
    """,
    "every method": """
        access_denied accesslimited account_inactive deprecated_endpoint enterprise_is_restricted fatal_error
        internal_error invalid_arg_name invalid_arguments invalid_array_arg invalid_auth invalid_charset
        invalid_form_data invalid_post_type invalid_json json_not_object method_deprecated missing_post_type
        missing_scope no_permission not_allowed_token_type not_authed org_login_required ratelimited request_timeout
        service_unavailable team_added_to_org token_expired token_revoked two_factor_setup_required unknown_method
        upgrade_required
    """,
}

MEANT = {
    DeliveryClass.WAIT: "ratelimited rate_limited message_limit_exceeded",
    DeliveryClass.AMBIGUOUS: "internal_error fatal_error request_timeout service_unavailable "
    "duplicate_message_not_found",
    DeliveryClass.DESTINATION: "channel_not_found not_in_channel is_archived restricted_action ekm_access_denied "
    "user_not_found cannot_dm_bot restricted_action_thread_locked",
    DeliveryClass.CREDENTIALS: "invalid_auth account_inactive token_revoked token_expired not_authed missing_scope "
    "team_access_not_granted",
    DeliveryClass.OUR_FAULT: "invalid_blocks msg_too_long msg_blocks_too_long no_text metadata_too_large "
    "invalid_arguments",
    DeliveryClass.GONE: "message_not_found thread_not_found cant_update_message edit_window_closed",
    DeliveryClass.UNKNOWN: "something_slack_invented_yesterday",
}


class Answer:
    """An answer of Slack's as the SDK hands it over."""

    def __init__(self, data: object, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        self.data, self.status_code, self.headers = data, status_code, headers or {}


def refused(data: object, status: int = 200, **headers: str) -> DeliveryError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return classify(SlackApiError("refused", Answer(data, status, named)))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("method", DOCUMENTED)
def test_every_documented_code_has_its_class(method: str) -> None:
    assert [code for code in DOCUMENTED[method].split() if code not in CODES] == []


@pytest.mark.parametrize(("kind", "codes"), MEANT.items())
def test_codes_mean_what_the_sender_must_do(kind: DeliveryClass, codes: str) -> None:
    assert {code: refused({"ok": False, "error": code}).kind for code in codes.split()} == dict.fromkeys(
        codes.split(), kind
    )


def test_the_code_is_kept_for_the_operators() -> None:
    assert refused({"ok": False, "error": "is_archived"}).code == "is_archived"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("86400", 86400.0),
        ("864000", LONGEST_RETRY_AFTER),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("١٢", None),
        ("1e9", None),
        ("nan", None),
    ],
)
def test_retry_after_is_read_defensively(given: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": given}) == seconds
    limited = refused({"ok": False, "error": "ratelimited"}, 429, Retry_After=given)
    assert (limited.kind, limited.retry_after) == (DeliveryClass.WAIT, seconds)


def test_a_rate_limit_without_a_word_is_still_a_rate_limit() -> None:
    assert (
        refused({"ok": False, "error": "Received a response in a non-JSON format: <html>"}, 429).kind
        is DeliveryClass.WAIT
    )


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (urllib.error.URLError(ConnectionRefusedError(111, "Connection refused")), DeliveryClass.NOT_SENT),
        (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), DeliveryClass.NOT_SENT),
        (urllib.error.URLError(ssl.SSLCertVerificationError("self-signed")), DeliveryClass.NOT_SENT),
        (urllib.error.URLError(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]")), DeliveryClass.NOT_SENT),
        (urllib.error.URLError(OSError(101, "Network is unreachable")), DeliveryClass.NOT_SENT),
        (urllib.error.URLError(OSError(113, "No route to host")), DeliveryClass.NOT_SENT),
        (urllib.error.URLError(OSError("Tunnel connection failed: 403 Forbidden")), DeliveryClass.NOT_SENT),
        (urllib.error.URLError(ssl.SSLEOFError(8, "EOF occurred in violation of protocol")), DeliveryClass.AMBIGUOUS),
        (urllib.error.URLError(TimeoutError("timed out")), DeliveryClass.AMBIGUOUS),
        (urllib.error.URLError(BrokenPipeError(32, "Broken pipe")), DeliveryClass.AMBIGUOUS),
        (TimeoutError("The read operation timed out"), DeliveryClass.AMBIGUOUS),
        (ConnectionResetError(104, "Connection reset by peer"), DeliveryClass.AMBIGUOUS),
        (http.client.RemoteDisconnected("closed"), DeliveryClass.AMBIGUOUS),
        (http.client.IncompleteRead(b"{"), DeliveryClass.AMBIGUOUS),
        (http.client.BadStatusLine("x"), DeliveryClass.AMBIGUOUS),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), DeliveryClass.AMBIGUOUS),
        (AttributeError("'list' object has no attribute 'get'"), DeliveryClass.AMBIGUOUS),
        (SlackRequestError("not a url"), DeliveryClass.OUR_FAULT),
    ],
)
def test_accidents_on_the_way_say_whether_the_message_can_have_arrived(error: Exception, kind: DeliveryClass) -> None:
    assert classify(error).kind is kind
    assert isinstance(error, TRANSPORT_FAULTS)


def answering(status: int, body: str, kind: str = "application/json", **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body.encode())}",
        "Connection: close",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@contextmanager
def wire(answer: bytes | None) -> Iterator[str]:
    """A server that reads one request and sends these bytes, or hangs up without a word."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(2)
            connection.recv(65536)
            if answer:
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/"
    finally:
        thread.join(timeout=3)
        listening.close()


HTML = "<!doctype html><h1>Churn is 4.3 %, please stand by</h1>"
ON_THE_WIRE = [
    (answering(200, '{"ok": false, "error": "invalid_blocks"}'), DeliveryClass.OUR_FAULT, "invalid_blocks"),
    (answering(429, '{"ok": false, "error": "ratelimited"}', Retry_After="12"), DeliveryClass.WAIT, "ratelimited"),
    (answering(429, "slow down", "text/plain"), DeliveryClass.WAIT, "ratelimited"),
    (answering(500, HTML, "text/html"), DeliveryClass.AMBIGUOUS, "http_500"),
    (answering(502, "", "text/plain"), DeliveryClass.AMBIGUOUS, "http_502"),
    (answering(503, '{"ok": false, "error": "service_unavailable"}'), DeliveryClass.AMBIGUOUS, "service_unavailable"),
    (answering(503, '{"ok": false, "error": "overloaded"}'), DeliveryClass.AMBIGUOUS, "overloaded"),
    (answering(407, HTML, "text/html"), DeliveryClass.UNKNOWN, "http_407"),
    (answering(404, HTML, "text/html"), DeliveryClass.UNKNOWN, "http_404"),
    (answering(200, HTML, "text/html"), DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (answering(200, '{"ok": true, "ts": "17'), DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (answering(200, ""), DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (answering(200, "[]"), DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (answering(200, "null"), DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (answering(200, "[1]"), DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (answering(200, "{}"), DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", DeliveryClass.AMBIGUOUS, "incomplete_read"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe", DeliveryClass.AMBIGUOUS, "unreadable_answer"),
    (b"what?\r\n\r\n", DeliveryClass.AMBIGUOUS, "bad_status_line"),
    (None, DeliveryClass.AMBIGUOUS, "remote_disconnected"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "kind", "code"), ON_THE_WIRE)
def test_real_answers_on_the_wire_are_understood(answer: bytes | None, kind: DeliveryClass, code: str) -> None:
    with wire(answer) as address:
        error = failure(lambda: make_client("xoxb-1", address).chat_postMessage(channel="C1", text="Churn is 4.3 %"))
    assert (error.kind, error.code) == (kind, code)
    assert "4.3" not in str(error)


def test_a_connection_nobody_takes_means_surely_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure(lambda: make_client("xoxb-1", f"http://127.0.0.1:{port}/api/").auth_test())
    assert (error.kind, error.code) == (DeliveryClass.NOT_SENT, "connection_refused")


def test_an_answer_that_does_not_come_in_time_is_ambiguous() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        error = failure(lambda: make_client("xoxb-1", address, timeout=1).auth_test())
    assert (error.kind, error.code) == (DeliveryClass.AMBIGUOUS, "timeout")


def failure(call: Callable[[], object]) -> DeliveryError:
    try:
        call()
    except TRANSPORT_FAULTS as error:
        return classify(error)
    raise AssertionError("the call did not fail")
