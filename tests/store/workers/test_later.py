"""Work that begins after a while: called off in time it never begins, and else it is ended and waited for."""

import asyncio

from alpine_kg.store.workers import Later

SOON = 0.001


def test_what_is_called_off_in_time_never_begins() -> None:
    begun = asyncio.run(_begun(called_off=True))
    assert not begun


def test_what_is_not_called_off_begins() -> None:
    begun = asyncio.run(_begun(called_off=False))
    assert begun


def test_what_has_begun_has_ended_when_it_is_closed() -> None:
    ended = []

    async def run() -> bool:
        begun = asyncio.Event()

        async def work() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        later = Later(SOON, work)
        await begun.wait()
        assert not later.done
        await later.aclose()
        return later.done

    assert asyncio.run(run())
    assert ended == [True]


async def _begun(*, called_off: bool) -> bool:
    """Return whether work has begun some time after its moment."""
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()

    later = Later(SOON, work)
    if called_off:
        await later.aclose()
    await asyncio.sleep(10 * SOON)
    assert later.done is not called_off
    return begun.is_set()
