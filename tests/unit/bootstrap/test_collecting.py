import gc

from ml_service.bootstrap.collecting import left_out_of_collections


def test_what_was_loaded_is_left_out_of_collections_until_the_end() -> None:
    gc.collect()
    before = gc.get_freeze_count()

    with left_out_of_collections():
        assert gc.get_freeze_count() > before

    assert gc.get_freeze_count() <= before
