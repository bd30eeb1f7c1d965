"""What Slack's refusals and the network's accidents mean for the message they met: one table, and one function."""

import http.client
import re
import socket
import ssl
import urllib.error
from collections.abc import Mapping
from types import MappingProxyType

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.errors import DeliveryClass, DeliveryError

TRANSPORT_FAULTS = (SlackClientError, OSError, http.client.HTTPException, ValueError, AttributeError)
"""What a call of the SDK raises when it does not succeed; ValueError and AttributeError are answers it cannot read."""

LONGEST_RETRY_AFTER = 24 * 3600.0
UNREADABLE = "unreadable_answer"

_BY_CLASS: dict[DeliveryClass, str] = {
    DeliveryClass.WAIT: """
        ratelimited rate_limited message_limit_exceeded team_added_to_org org_login_required
        external_channel_migrating
    """,
    DeliveryClass.AMBIGUOUS: """
        internal_error fatal_error request_timeout service_unavailable update_failed
        duplicate_message_not_found duplicate_channel_not_found
    """,
    DeliveryClass.DESTINATION: """
        channel_not_found not_in_channel is_archived is_inactive channel_type_not_supported messages_tab_disabled
        restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
        no_permission access_denied
        restricted_action_non_threadable_channel restricted_action_thread_locked ekm_access_denied
        user_not_found user_disabled user_not_visible user_not_in_channel cannot_dm_bot
        method_not_supported_for_channel_type invalid_user_combination team_not_found
        slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked
        slack_connect_lists_sharing_blocked slack_connect_blocked_file_type
    """,
    DeliveryClass.CREDENTIALS: """
        invalid_auth not_authed account_inactive token_revoked token_expired missing_scope
        not_allowed_token_type team_access_not_granted accesslimited enterprise_is_restricted
        two_factor_setup_required user_is_bot bot_access_denied
    """,
    DeliveryClass.GONE: """
        message_not_found thread_not_found cant_update_message edit_window_closed cannot_reply_to_message
        streaming_mode_mismatch streaming_state_conflict message_not_owned_by_app not_found
    """,
    DeliveryClass.OUR_FAULT: """
        invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text too_many_attachments
        too_many_contact_cards attachment_payload_limit_exceeded invalid_attachments block_mismatch
        markdown_text_conflict no_dual_broadcast_content_update as_user_not_supported
        metadata_too_large metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema
        invalid_metadata_keys invalid_arguments invalid_arg_name invalid_array_arg invalid_charset
        invalid_form_data invalid_post_type missing_post_type invalid_json json_not_object upgrade_required
        unknown_method method_deprecated deprecated_endpoint
        invalid_cursor invalid_limit invalid_ts_latest invalid_ts_oldest pagination_not_available
        users_list_not_supplied not_enough_users too_many_users
        view_too_large hash_conflict duplicate_external_id not_enabled push_limit_reached
        invalid_trigger_id trigger_expired expired_trigger_id trigger_exchanged exchanged_trigger_id
    """,
}

CODES: Mapping[str, DeliveryClass] = MappingProxyType(
    {code: kind for kind, codes in _BY_CLASS.items() for code in codes.split()}
)
"""Every documented error of the methods we call (chat.postMessage, chat.update, conversations.history, .replies and
.open, auth.test, views.*), with what it means for the message."""

# Each of these is raised before a byte of the request has been sent.
_NEVER_SENT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
# These end a TLS connection that may already have carried the request.
_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


def classify(error: BaseException) -> DeliveryError:
    """Say what a failed call means for the message it carried; nothing of the answer but Slack's code is kept."""
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, SlackClientError):
        return DeliveryError(DeliveryClass.OUR_FAULT, "refused_by_sdk")
    return _not_answered(error)


def retry_after(headers: Mapping[str, object]) -> float | None:
    """Read ``Retry-After`` in seconds, from 0 to a day; None when it is absent or no such number."""
    given = next((value for name, value in headers.items() if name.casefold() == "retry-after"), None)
    text = str(given[0] if isinstance(given, list | tuple) and given else given).strip()
    if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", text, re.ASCII):
        return None
    return min(float(text), LONGEST_RETRY_AFTER)


def _answered(error: SlackApiError) -> DeliveryError:
    """An answer came back: it is judged by its code, or by its HTTP status when it holds none we can read."""
    response = error.response
    status = getattr(response, "status_code", 200)
    code = _code(getattr(response, "data", response))
    if status == 429:
        return DeliveryError(DeliveryClass.WAIT, "ratelimited", retry_after(response.headers))
    if code is None:
        # Whoever wrote this was not Slack's API (a proxy's page, half an answer): it may have been taken.
        kind = DeliveryClass.UNKNOWN if 300 <= status < 500 else DeliveryClass.AMBIGUOUS
        return DeliveryError(kind, UNREADABLE if status == 200 else f"http_{status}")
    kind = CODES.get(code) or (DeliveryClass.AMBIGUOUS if status >= 500 else DeliveryClass.UNKNOWN)
    return DeliveryError(kind, code, retry_after(getattr(response, "headers", None) or {}))


def _code(data: object) -> str | None:
    """Give Slack's word for the error; the SDK puts its own sentence, with parts of the body, where there is none."""
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) and re.fullmatch(r"[a-z0-9_.]{2,80}", code) else None


def _not_answered(error: BaseException) -> DeliveryError:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, _NEVER_SENT) or (isinstance(reason, ssl.SSLError) and not isinstance(reason, _CUT)):
        return DeliveryError(DeliveryClass.NOT_SENT, _name(reason))
    if isinstance(reason, OSError) and _unreachable(reason):
        return DeliveryError(DeliveryClass.NOT_SENT, _name(reason))
    if isinstance(reason, ValueError | AttributeError):
        return DeliveryError(DeliveryClass.AMBIGUOUS, UNREADABLE)
    return DeliveryError(DeliveryClass.AMBIGUOUS, _name(reason))


def _unreachable(error: OSError) -> bool:
    """No route, no network, or a proxy that would not let us through: nothing has left for Slack."""
    words = error.strerror or str(error)
    return words.startswith(("Network is unreachable", "No route to host", "Tunnel connection"))


def _name(error: object) -> str:
    """Name an accident in the way Slack names its codes: ``ConnectionRefusedError`` → ``connection_refused``."""
    if isinstance(error, TimeoutError):
        return "timeout"
    plain = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain).casefold() or "os_error"
