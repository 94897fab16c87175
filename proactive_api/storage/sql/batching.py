"""Group commit: what many coroutines ask for at once is done in one call off the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Callable, Generic, List, Sequence, Tuple, TypeVar, Union

In = TypeVar("In")
Out = TypeVar("Out")

#: A batch larger than this makes those who wait for it wait longer than it saves.
MAX_BATCH = 200


class Batcher(Generic[In, Out]):
    """Collects items while the previous batch runs, then runs them together.

    Nobody waits for company: with nothing under way an item starts at once.

    Args:
        run: does a batch; answers with a result or an exception for each item, in order.
        executor: where ``run`` runs.
    """

    def __init__(self, run: Callable[[List[In]], Sequence[Union[Out, Exception]]], executor: Executor) -> None:
        self._run = run
        self._executor = executor
        self._waiting: List[Tuple[In, asyncio.Future[Out]]] = []
        self._busy = False

    async def __call__(self, item: In) -> Out:
        """Do ``item`` in the next batch.

        Raises:
            Exception: what ``run`` answered for this item, or raised for the batch.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Out] = loop.create_future()
        self._waiting.append((item, future))
        if not self._busy:
            self._busy = True
            # Let everything that is ready in this turn of the loop join.
            loop.call_soon(self._start, loop)
        return await future

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
        work = loop.run_in_executor(self._executor, self._run, [item for item, _ in batch])
        work.add_done_callback(lambda done: self._finish(loop, [future for _, future in batch], done))

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        futures: List[asyncio.Future[Out]],
        done: asyncio.Future[Sequence[Union[Out, Exception]]],
    ) -> None:
        error = done.exception()
        results: Sequence[Union[Out, Exception, BaseException]] = [error] * len(futures) if error else done.result()
        for future, result in zip(futures, results, strict=True):
            _settle(future, result)
        if self._waiting:
            self._start(loop)
        else:
            self._busy = False


def _settle(future: asyncio.Future[Out], result: Union[Out, BaseException]) -> None:
    if future.done():  # the one who asked was cancelled
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)
