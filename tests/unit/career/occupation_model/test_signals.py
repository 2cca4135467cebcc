import numpy as np

from ml_service.career.occupation_model.signals import Projections, SignalReader
from ml_service.career.occupation_model.title_words import TitleWords
from tests.unit.career.makers import (
    CHEF,
    DRIVER,
    N_DIMS,
    SUSHI_RESUME,
    evidence,
    small_catalogue,
    small_model,
)

CODES = small_catalogue().codes
DUTIES = "Prepared rice and fish for two hundred guests on a busy evening and kept the station."


def test_a_header_of_dates_alone_is_no_position_but_the_title_below_it_is() -> None:
    header, below = small_model().signals(
        evidence("Experience", "May 2015 to June 2019", "Sushi Chef in the harbour.", DUTIES)
    )
    assert not header.position
    assert not below.position
    header, below = small_model().signals(
        evidence(
            "Experience",
            "May 2015",
            "to",
            "June 2019",
            "Company Name City, State Sushi Chef, with a long line of duties that is no header",
            "Sushi Chef",
            DUTIES,
        )
    )
    assert not header.position
    assert below.position
    assert below.exact[CODES.index(CHEF)] == 1


def test_studies_name_no_position() -> None:
    signals = small_model().signals(evidence("Education", DUTIES, "Sushi Chef 2014 to 2016"))
    assert signals[-1].studied
    assert not any(entry.position for entry in signals)


def test_a_reader_without_a_title_reads_the_position_as_unknown() -> None:
    catalogue = small_catalogue()
    nothing = np.zeros((N_DIMS, len(catalogue)), dtype=np.float32)
    maps = Projections(nothing, nothing[0], nothing, nothing[0])
    words = TitleWords(words=("chef",), vectors=np.eye(1, N_DIMS, dtype=np.float32))
    reader = SignalReader(catalogue, maps, words)
    other = reader.without({"sushi chef"}, maps)
    known = reader.read(evidence(*SUSHI_RESUME))[0]
    unknown = other.read(evidence(*SUSHI_RESUME))[0]
    assert known.exact[CODES.index(CHEF)] == 1
    assert unknown.position
    assert not unknown.exact.any()
    assert 0 < unknown.alike[CODES.index(CHEF)] < known.alike[CODES.index(CHEF)]
    assert any(
        entry.exact[CODES.index(DRIVER)] == 1 for entry in other.read(evidence(*SUSHI_RESUME))
    )


def test_what_a_position_says_comes_from_its_words_alone() -> None:
    catalogue = small_catalogue()
    maps = np.zeros((N_DIMS, len(catalogue)), dtype=np.float32)
    maps[0, CODES.index(CHEF)] = 9
    bias = np.zeros(len(catalogue), dtype=np.float32)
    words = TitleWords(words=("chef", "pastry"), vectors=np.eye(2, N_DIMS, dtype=np.float32))
    reader = SignalReader(catalogue, Projections(maps, bias, maps * 0, bias), words)
    said = reader.read(evidence("Pastry Chef 01/2020 to Current", "Reef House"))[0].said
    assert int(said.argmax()) == CODES.index(CHEF)
    silent = reader.read(evidence("Welder 01/2020 to Current", "Reef House"))[0].said
    assert np.ptp(silent) == 0
