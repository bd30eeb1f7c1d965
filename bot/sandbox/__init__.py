"""A strict stand-in for Slack on loopback, with a page: for the demo and for tests."""

from bot.sandbox.cast import (
    ALL_SCOPES,
    BotApp,
    Channel,
    CommandHint,
    Person,
    ScriptedEvent,
    Shortcut,
    TourStep,
    UserGroup,
)
from bot.sandbox.clock import SandboxClock
from bot.sandbox.driver import ChannelSight, User
from bot.sandbox.faults import PlannedFault
from bot.sandbox.journal import Call
from bot.sandbox.replies import Reply
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import CannotServe, Server, serve
from bot.sandbox.state.records import Message, View

__all__ = [
    "ALL_SCOPES",
    "BotApp",
    "Call",
    "CannotServe",
    "Channel",
    "ChannelSight",
    "CommandHint",
    "Message",
    "Person",
    "PlannedFault",
    "Reply",
    "Sandbox",
    "SandboxClock",
    "ScriptedEvent",
    "Server",
    "Shortcut",
    "TourStep",
    "User",
    "UserGroup",
    "View",
    "serve",
]
