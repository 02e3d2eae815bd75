from broadsheet.research.digests import is_digest

DAYS = [
    "3 March: The ferry between Aldermouth and Port Crane begins to run again after eleven years.",
    "4 March: Velland's parliament votes to keep its grain in the country until the harvest is in.",
    "Fishing dispute: Two trawlers are held in Port Crane, and their captains are questioned for a night.",
    "Velland, Floods; Relief: The army brings flour to the lower valley, where the roads are under water.",
]
ESSAY = [
    "The ferry between Aldermouth and Port Crane was never about passengers. It was about who may call the strait home.",
    "Three governments had promised it, and each had found that the other shore had not been asked.",
    "There was one reason for its return: the mayors had stopped waiting for their ministers and hired a boat.",
    "What follows from it is less clear, since nobody has yet said who pays when the ice comes.",
]
TALK = [
    f"MR. LIND: We said in the spring that the ferry would run, and it runs, and that is answer number {n}." for n in range(4)
]


def test_one_entry_after_another_is_a_digest() -> None:
    assert is_digest(DAYS)
    assert is_digest(["Armed conflicts", *DAYS, "Politics"])  # headings say nothing


def test_what_is_written_on_from_sentence_to_sentence_is_not() -> None:
    assert not is_digest(ESSAY)
    assert not is_digest([*ESSAY, *DAYS[:2]])


def test_who_speaks_is_no_entry() -> None:
    assert not is_digest(TALK)


def test_a_few_lines_are_none() -> None:
    assert not is_digest(DAYS[:3])
