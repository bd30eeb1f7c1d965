"""The three-step upload with its late completion, files in messages and blocks, and fetching the bytes."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox
from tests.sandbox.asking import PNG, asked, error, refused, send, upload
from tests.sandbox.fixtures import client, sandbox

__all__ = ["client", "sandbox"]

LATE = {"mimetype", "filetype", "shares"}
SECOND = timedelta(seconds=1)


def announced(client: WebClient, length: int = len(PNG)) -> dict[str, Any]:
    return asked(client, "files.getUploadURLExternal", filename="chart.png", length=str(length))


def picture(**slack_file: str) -> list[dict[str, Any]]:
    return [{"type": "image", "alt_text": "a chart", "slack_file": slack_file}]


def test_what_a_file_is_becomes_known_when_the_clock_has_moved(sandbox: Sandbox, client: WebClient) -> None:
    (file,) = upload(client, channel_id="C0REV")["files"]
    assert not LATE & file.keys()
    assert not LATE & asked(client, "files.info", file=file["id"])["file"].keys()
    sandbox.clock.advance(SECOND)
    ready = asked(client, "files.info", file=file["id"])["file"]
    assert (ready["mimetype"], ready["filetype"], ready["size"]) == ("image/png", "png", len(PNG))
    (message,) = sandbox.channel("revenue").posts
    assert [share["ts"] for share in ready["shares"]["public"]["C0REV"]] == [message.ts]
    assert ready["channels"] == ["C0REV"]


def test_what_a_file_is_becomes_known_in_real_time_too(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.files.ready_after = 0.05
    (file,) = upload(client)["files"]
    time.sleep(0.06)
    assert asked(client, "files.info", file=file["id"])["file"]["mimetype"] == "image/png"


def test_the_official_client_uploads_in_one_call(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.files_upload_v2(content=PNG, filename="chart.png", channel="C0REV", initial_comment="look")
    (message,) = sandbox.channel("revenue").posts
    assert (message.text, [file.id for file in message.files]) == ("look", [answer["file"]["id"]])
    assert message.plain == "look\nchart.png"


def test_bytes_go_once_and_only_in_the_announced_length(client: WebClient) -> None:
    ticket = announced(client)
    assert send(ticket["upload_url"], PNG + b"more")[0] == 400
    assert error(client, "files.completeUploadExternal", files=[{"id": ticket["file_id"]}]) == "file_not_found"
    assert send(ticket["upload_url"], PNG)[:2] == (200, f"OK - {len(PNG)}".encode())
    assert send(ticket["upload_url"], PNG)[0] == 410
    assert send(ticket["upload_url"] + "x", PNG)[0] == 404


def test_an_upload_stands_in_the_journal(sandbox: Sandbox, client: WebClient) -> None:
    upload(client)
    (call,) = sandbox.calls("upload")
    assert (call.status, call.arguments, call.answer) == (200, {"bytes": len(PNG)}, f"OK - {len(PNG)}")


def test_bytes_may_come_as_the_part_of_a_form(client: WebClient) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + PNG + b"\r\n--b--\r\n"
    url = announced(client)["upload_url"]
    assert send(url, body, **{"Content-Type": "multipart/form-data; boundary=b"})[0] == 200


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"length": "0"}, "missing_argument"),
        ({"filename": ""}, "missing_argument"),
        ({"length": "many"}, "invalid_arguments"),
        ({"alt_txt": "a" * 1001}, "alt_txt_too_large"),
        ({"length": "1000001", "snippet_type": "python"}, "snippet_too_large"),
    ],
)
def test_files_that_cannot_be_announced(client: WebClient, fields: dict[str, str], word: str) -> None:
    assert error(client, "files.getUploadURLExternal", **{"filename": "a.py", "length": "9", **fields}) == word


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ({"channel_id": "C0NONE"}, "channel_not_found"),
        ({"channel_id": "#revenue"}, "channel_not_found"),
        ({"channel_id": "U0ANA"}, "channel_not_found"),
        ({"channel_id": "G0SEC"}, "channel_not_found"),
        ({"channel_id": "C0OPS"}, "not_in_channel"),
        ({"channel_id": "C0OLD"}, "posting_to_channel_denied"),
        ({"channels": "C,0,R,E,V"}, "invalid_channel"),
        ({"channels": ",".join(["C0REV"] * 101)}, "channels_limit_exceeded"),
        ({"channel_id": "C0REV", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
def test_a_file_that_cannot_be_shared_there_stays_uncompleted(
    sandbox: Sandbox, client: WebClient, place: dict[str, str], word: str
) -> None:
    ticket = announced(client)
    send(ticket["upload_url"], PNG)
    files = [{"id": ticket["file_id"], "title": "Churn"}]
    assert error(client, "files.completeUploadExternal", files=files, **place) == word
    assert error(client, "files.info", file=ticket["file_id"]) == "file_not_found"
    assert sandbox.channel("revenue").posts == []
    assert asked(client, "files.completeUploadExternal", files=files)["files"][0]["title"] == "Churn"
    assert error(client, "files.completeUploadExternal", files=files) == "file_not_found"


def test_a_file_goes_to_several_channels_and_into_a_thread(sandbox: Sandbox, client: WebClient) -> None:
    upload(client, channels="C0REV,G0EXE", initial_comment="for all")
    parent = sandbox.channel("revenue").posts[0]
    (file,) = upload(client, channel_id="C0REV", thread_ts=parent.ts)["files"]
    assert [[shared.id for shared in reply.files] for reply in parent.thread] == [[file["id"]]]
    assert [message.text for message in sandbox.channel("executives").posts] == ["for all"]


def test_an_image_block_takes_a_file_only_once_it_is_ready(sandbox: Sandbox, client: WebClient) -> None:
    (file,) = upload(client)["files"]
    answer = refused(client, "chat.postMessage", channel="C0REV", text="a", blocks=picture(id=file["id"]))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]
    sandbox.clock.advance(SECOND)
    asked(client, "chat.postMessage", channel="C0REV", text="a", blocks=picture(id=file["id"]))
    asked(client, "chat.postMessage", channel="C0REV", text="a", blocks=picture(url=file["url_private"]))
    assert len(sandbox.channel("revenue").posts) == 2


def test_image_elements_edits_and_views_are_held_to_it_too(sandbox: Sandbox, client: WebClient) -> None:
    message = asked(client, "chat.postMessage", channel="C0REV", text="a")
    context = [{"type": "context", "elements": picture(id="F0NONE")}]
    change = {"channel": "C0REV", "ts": message["ts"], "text": "a"}
    assert error(client, "chat.update", **change, blocks=context) == "invalid_blocks"
    home = {"type": "home", "blocks": picture(id="F0NONE")}
    assert error(client, "views.publish", user_id="U0ANA", view=home) == "invalid_blocks"
    assert sandbox.workspace.homes == {}


def test_a_file_that_is_no_image_or_was_deleted_is_no_picture(sandbox: Sandbox, client: WebClient) -> None:
    (words,) = upload(client, "chart.png", b"only words")["files"]
    (image,) = upload(client)["files"]
    sandbox.clock.advance(SECOND)
    asked(client, "files.delete", file=image["id"])
    for file in (words, image):
        assert error(client, "chat.postMessage", channel="C0REV", blocks=picture(id=file["id"])) == "invalid_blocks"


def test_a_deleted_file_is_gone_and_its_message_says_so(sandbox: Sandbox, client: WebClient) -> None:
    (file,) = upload(client, channel_id="C0REV")["files"]
    asked(client, "files.delete", file=file["id"])
    assert (
        error(client, "files.info", file=file["id"]) == error(client, "files.delete", file=file["id"]) == "file_deleted"
    )
    assert (
        error(client, "files.info", file="F0NONE") == error(client, "files.delete", file="F0NONE") == "file_not_found"
    )
    (message,) = asked(client, "conversations.history", channel="C0REV")["messages"]
    assert message["files"] == [{"id": file["id"], "mode": "tombstone"}]
    assert send(file["url_private"])[0] == 404


def test_files_are_listed_newest_first_by_channel_and_page(client: WebClient) -> None:
    (first,) = upload(client, "one.png", channel_id="C0REV")["files"]
    (second,) = upload(client, "two.png")["files"]

    def listed(**fields: str) -> list[str]:
        return [file["id"] for file in asked(client, "files.list", **fields)["files"]]

    assert listed() == [second["id"], first["id"]]
    assert listed(channel="C0REV") == [first["id"]]
    assert listed(count="1", page="2") == [first["id"]]
    assert listed(user="U0ANA") == []
    assert asked(client, "files.list", count="1")["paging"] == {"count": 1, "total": 2, "page": 1, "pages": 2}
    assert error(client, "files.list", user="U0NONE") == "user_not_found"


def test_only_images_are_shown_in_place_and_nothing_is_guessed(client: WebClient) -> None:
    (image,) = upload(client)["files"]
    (page,) = upload(client, "page.html", b"<script>alert(1)</script>")["files"]
    status, body, headers = send(image["url_private"])
    assert (status, body, headers["content-type"]) == (200, PNG, "image/png")
    assert (headers["content-disposition"], headers["x-content-type-options"]) == ("inline", "nosniff")
    assert send(image["url_private_download"])[2]["content-disposition"] == "attachment"
    _, _, headers = send(page["url_private"])
    assert (headers["content-disposition"], headers["content-type"]) == ("attachment", "application/octet-stream")


def test_a_canvas_is_written_in_markdown(sandbox: Sandbox, client: WebClient) -> None:
    content = {"type": "markdown", "markdown": "# Board"}
    canvas = asked(client, "canvases.create", title="Board", document_content=content)["canvas_id"]
    assert sandbox.workspace.canvases[canvas]["markdown"] == "# Board"
    bad = refused(client, "canvases.create", document_content={"type": "html"})
    assert (bad["error"], "content" in bad["detail"]) == ("canvas_creation_failed", True)
    assert error(client, "canvases.create", channel_id="C0NONE") == "channel_not_found"
