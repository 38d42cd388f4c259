"""The memory that queries take together."""

from alpine_kg.store.workers.memory import Budget


class Query:
    """A query whose memory is set by hand."""

    def __init__(self, size: int) -> None:
        self.memory = 0
        self.size = size
        self.ended = False

    def weigh(self) -> None:
        self.memory = self.size

    def crowd_out(self) -> None:
        self.ended = True


def test_the_one_that_has_taken_most_is_ended_when_all_together_take_too_much() -> None:
    budget, small, large = Budget(100), Query(30), Query(60)
    with budget.holding(small), budget.holding(large):
        budget.weigh(small)
        budget.weigh(large)
        assert not small.ended
        assert not large.ended
        small.size = 45
        budget.weigh(small)
        assert large.ended
        assert not small.ended
        budget.weigh(small)  # what has been ended does not count any more
        assert not small.ended


def test_what_has_left_does_not_count() -> None:
    budget, gone, here = Budget(100), Query(90), Query(60)
    with budget.holding(gone):
        budget.weigh(gone)
    with budget.holding(here):
        budget.weigh(here)
    assert not gone.ended
    assert not here.ended
