"""A Slack app's own manifest, as the sandbox takes it: what the app is called, may do, listens to and is reached by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.rulebook.nearest import unknown
from bot.sandbox.cast import ALL_SCOPES, BotApp, CommandHint, Shortcut
from bot.sandbox.given_files import take
from bot.sandbox.towards_app.happenings import SENT

_EVENTS = """
    app_context_changed app_deleted app_home_opened app_installed app_mention app_rate_limited app_requested
    app_uninstalled app_uninstalled_team assistant_thread_context_changed assistant_thread_started call_rejected
    channel_archive channel_created channel_deleted channel_history_changed channel_id_changed channel_left
    channel_rename channel_shared channel_unarchive channel_unshared dnd_updated dnd_updated_user
    email_domain_changed emoji_changed entity_details_requested file_change file_comment_added file_comment_deleted
    file_comment_edited file_created file_deleted file_public file_shared file_unshared function_executed
    grid_migration_finished grid_migration_started group_archive group_close group_deleted group_history_changed
    group_left group_open group_rename group_unarchive im_close im_created im_history_changed im_open
    invite_requested link_shared member_joined_channel member_left_channel message.app_home
    message.channels message.groups message.im message.mpim message_metadata_deleted message_metadata_posted
    message_metadata_updated pin_added pin_removed reaction_added reaction_removed shared_channel_invite_accepted
    shared_channel_invite_approved shared_channel_invite_declined shared_channel_invite_received
    shared_channel_invite_requested star_added star_removed subteam_created subteam_members_changed
    subteam_self_added subteam_self_removed subteam_updated team_access_granted team_access_revoked
    team_domain_change team_join team_rename tokens_revoked user_change user_connection user_huddle_changed
    user_profile_changed user_status_changed workflow_deleted workflow_published workflow_step_deleted
    workflow_step_execute workflow_unpublished
"""
BOT_EVENTS = frozenset(_EVENTS.split())
"""What an app may subscribe to, by Slack's reference."""

_NO_YAML = "Slack shows the same manifest as JSON: App Manifest, tab JSON, at api.slack.com/apps; save that"

Word = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    """Manifests grow faster than we do: what we do not know is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Display(_Part):
    name: Annotated[str, Field(min_length=1, max_length=35)]
    description: Annotated[str, Field(max_length=140)] = ""


class _BotUser(_Part):
    display_name: Annotated[str, Field(min_length=1, max_length=80)]


class _Command(_Part):
    command: Annotated[str, Field(pattern=r"^/[^\s/]+$", max_length=32)]
    description: Word
    usage_hint: Annotated[str, Field(max_length=1000)] = ""
    should_escape: bool = False
    url: str | None = None


class _Shortcut(_Part):
    name: Word
    type: Literal["global", "message"]
    callback_id: Annotated[str, Field(min_length=1, max_length=255)]
    description: str = ""


class _Home(_Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = True


class _Features(_Part):
    app_home: _Home = _Home()
    bot_user: _BotUser | None = None
    slash_commands: tuple[_Command, ...] = ()
    shortcuts: tuple[_Shortcut, ...] = ()
    unfurl_domains: Annotated[tuple[str, ...], Field(max_length=5)] = ()


class _Scopes(_Part):
    bot: frozenset[str] = frozenset()


class _OAuth(_Part):
    scopes: _Scopes = _Scopes()


def _known(event: str) -> str:
    if event not in BOT_EVENTS:
        raise ValueError(unknown("event", event, BOT_EVENTS))
    return event


class _Events(_Part):
    request_url: str | None = None
    bot_events: tuple[Annotated[str, AfterValidator(_known)], ...] = ()


class _Interactivity(_Part):
    is_enabled: bool = False
    request_url: str | None = None
    message_menu_options_url: str | None = None


class _Settings(_Part):
    event_subscriptions: _Events = _Events()
    interactivity: _Interactivity = _Interactivity()
    socket_mode_enabled: bool = False


class _Manifest(_Part):
    display_information: _Display
    features: _Features = _Features()
    oauth_config: _OAuth = _OAuth()
    settings: _Settings = _Settings()


@dataclass(frozen=True)
class AppManifest:
    """An app as its manifest describes it.

    `scopes` are the bot token's; `request_urls` where Slack would send what by signed HTTP, each with its place in the
    manifest: none in Socket Mode. `remarks` is what the sandbox will not do for it, and what may be misspelt.
    """

    name: str
    app: BotApp
    scopes: frozenset[str]
    socket_mode: bool
    request_urls: Mapping[str, str]
    remarks: tuple[str, ...] = ()


def read_manifest(given: Path | Mapping[str, Any]) -> AppManifest:
    """Read a manifest from its JSON file, or as the mapping it holds. CannotTake naming every mistake by its place."""
    read, name = take(given, _Manifest, name="manifest", as_yaml=_NO_YAML)
    socket_mode = read.settings.socket_mode_enabled
    urls = {} if socket_mode else dict(_request_urls(read))
    return AppManifest(name, _app(read), read.oauth_config.scopes.bot, socket_mode, urls, tuple(_remarks(read)))


def _remarks(read: _Manifest) -> Iterator[str]:
    """Say what is taken and means nothing here: events that never happen, and scopes no call asks for."""
    silent = sorted(set(read.settings.event_subscriptions.bot_events) - SENT)
    if silent:
        yield f"these events never happen here: {', '.join(silent)}"
    for scope in sorted(read.oauth_config.scopes.bot - ALL_SCOPES):
        yield f"no call here asks for it: {unknown('scope', scope, ALL_SCOPES).partition('; expected')[0]}"


def _request_urls(read: _Manifest) -> Iterator[tuple[str, str]]:
    settings = read.settings
    places = {
        "settings.event_subscriptions.request_url": settings.event_subscriptions.request_url,
        "settings.interactivity.request_url": settings.interactivity.request_url,
        "settings.interactivity.message_menu_options_url": settings.interactivity.message_menu_options_url,
        **{f"features.slash_commands[{n}].url": one.url for n, one in enumerate(read.features.slash_commands)},
    }
    return ((place, url) for place, url in places.items() if url)


def _app(read: _Manifest) -> BotApp:
    shown, user = read.display_information, read.features.bot_user
    handle = (user.display_name if user else shown.name).lower().replace(" ", "-")
    commands = read.features.slash_commands
    return BotApp(
        name=shown.name,
        handle=handle,
        commands=tuple(one.command for one in commands),
        hints=tuple(CommandHint(f"{one.command} {one.usage_hint}".strip(), one.description) for one in commands),
        subscriptions=frozenset(read.settings.event_subscriptions.bot_events),
        about=shown.description,
        link_domains=read.features.unfurl_domains,
        home_tab=read.features.app_home.home_tab_enabled,
        messages_tab=read.features.app_home.messages_tab_enabled,
        escaped=frozenset(one.command for one in commands if one.should_escape),
        shortcuts=tuple(
            Shortcut(one.callback_id, one.name, on_message=one.type == "message") for one in read.features.shortcuts
        ),
    )
