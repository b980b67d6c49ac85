"""Live replies: a browser's stream of server-sent events, woken when a reply was sent.

The sender may run in another process than the one that holds the browser's connection. It announces
the channel's topic in the transaction that marks a reply as sent, and the stream looks at the rows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from sse_starlette import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from bot.channels.webchat.thread import Cursor, Entry, Thread
from bot.db.broadcast import Broadcaster, Signal


async def follow(
    read: Callable[[Cursor], Thread],
    draw: Callable[[str, Entry], str],
    bell: Broadcaster,
    leaving: Signal,
    *,
    page_token: str,
    seen: Cursor,
) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of one browser: whose thread this is, then what is new.

    Args:
        read: the thread since a cursor.
        draw: an entry as HTML, in a language.
        bell: rings when there may be something new.
        leaving: the server stops.
        page_token: lets a page of somebody else notice that the browser has changed identity.
        seen: how far the browser has seen.
    """
    yield ServerSentEvent(event="whose", data=page_token)
    shown: set[str] = set()
    async for _ in bell.looks(leaving):
        thread = await run_in_threadpool(read, seen)
        events = []
        if thread.cursor.erasure != seen.erasure:
            shown.clear()
            events.append(ServerSentEvent(event="erase", data=""))
        events += [
            ServerSentEvent(draw(thread.language, entry), event="entry")
            for entry in thread.entries
            if entry.key not in shown
        ]
        shown.update(entry.key for entry in thread.entries)
        if events:
            # On the last one only: a browser cut off half-way must get all of them again.
            events[-1].id = str(thread.cursor)
        for event in events:
            yield event
        seen = thread.cursor
