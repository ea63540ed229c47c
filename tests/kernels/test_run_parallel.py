"""Tasks → all run, those beyond the first in other threads, and what one raises is raised."""

from __future__ import annotations

import os
import threading

import pytest

from unrolled.kernels.run_parallel import run_parallel, thread_count, threads


def test_the_number_of_threads_holds_for_the_block_and_this_thread_alone() -> None:
    seen: list[int] = []
    assert thread_count() == 1
    with threads(3):
        assert thread_count() == 3
        other = threading.Thread(target=lambda: seen.append(thread_count()))
        other.start()
        other.join()
    assert (thread_count(), seen) == (1, [1])


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_every_task_runs_once_the_first_in_the_calling_thread(number: int) -> None:
    ran: list[tuple[int, bool]] = []
    here = threading.get_ident()
    run_parallel([lambda task=task: ran.append((task, threading.get_ident() == here)) for task in range(number)])  # type: ignore[misc]
    assert sorted(ran) == [(task, task == 0) for task in range(number)]


def test_tasks_truly_run_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=20)

    def meet() -> None:
        meeting.wait()

    run_parallel([meet] * 3)


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_what_a_task_raises_is_raised_after_all_have_ended(failing: int) -> None:
    ended: list[int] = []

    def task(number: int) -> None:
        if number == failing:
            raise MemoryError
        ended.append(number)

    with pytest.raises(MemoryError):
        run_parallel([lambda number=number: task(number) for number in range(3)])  # type: ignore[misc]
    assert len(ended) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_makes_threads_of_its_own() -> None:
    run_parallel([lambda: None] * 2)
    child = os.fork()
    if not child:
        run_parallel([lambda: None] * 2)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
