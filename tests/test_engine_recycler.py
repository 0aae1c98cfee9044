"""An engine that leaks is recreated; one that does not is kept."""

from monitor.core.body.pose import Observation
from monitor.live.engine_recycler import GROWTH_MB, LOOK_EVERY, EngineRecycler
from monitor.ports import Frame
from monitor.testing import SIT

PICTURE, SEEN = Frame(0.0, None), Observation(0.0, SIT.pose())


class Engine:
    def __init__(self, made) -> None:
        self.closed = False
        made.append(self)

    def detect(self, _frame):
        assert not self.closed
        return SEEN

    def close(self):
        self.closed = True


def watch(memory, pictures):
    made = []
    engine = EngineRecycler(lambda: Engine(made), memory)
    for _ in range(pictures):
        engine.detect(PICTURE)
    return engine, made


def growing(mb_per_look):
    level = [100.0]

    def memory():
        level[0] += mb_per_look
        return level[0]

    return memory


def test_an_engine_that_leaks_is_closed_and_made_anew_each_time_its_limit_is_passed():
    looks = 20 * int(GROWTH_MB / 10 + 2)
    engine, made = watch(growing(10.0), LOOK_EVERY * looks)

    assert 15 <= engine.renewals <= 20
    assert [one.closed for one in made] == [True] * engine.renewals + [False]


def test_memory_that_stays_or_falls_renews_nothing():
    for memory in (lambda: 200.0, growing(-0.5)):
        assert watch(memory, LOOK_EVERY * 50)[0].renewals == 0


def test_what_a_new_engine_does_not_give_back_is_not_renewed_in_a_circle():
    calls = [0]

    def memory():
        calls[0] += 1
        return 100.0 if calls[0] == 1 else 300.0

    assert watch(memory, LOOK_EVERY * 50)[0].renewals == 1


def test_closing_closes_the_engine_of_now():
    engine, made = watch(growing(100.0), LOOK_EVERY * 3)
    engine.close()

    assert all(one.closed for one in made)
