"""Full collections are put off while a worker makes many objects, and come back afterwards."""

import gc

from bri_desktop.collection import RARELY, collect_again, few_pauses


def test_collections_are_rare_for_as_long_as_any_work_runs() -> None:
    usual = gc.get_threshold()
    gc.unfreeze()
    with few_pauses():
        assert gc.get_threshold() == (*usual[:2], RARELY)
        with few_pauses():
            assert gc.get_threshold()[2] == RARELY
        assert gc.get_threshold()[2] == RARELY
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0
    with few_pauses(keeps=True):
        pass
    assert gc.get_freeze_count() > 0
    collect_again()
    assert gc.get_freeze_count() == 0
