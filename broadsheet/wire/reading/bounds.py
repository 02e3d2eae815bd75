"""How much of a feed is read. Beyond a bound the rest is left, and the feed's trouble says so."""

MOST_BYTES = 5_000_000  # of a body, unpacked; more is refused
MOST_ITEMS = 1_000
MOST_ELEMENTS = 200_000
MOST_DEPTH = 60  # of elements within each other
MOST_MARKUP = 300_000  # characters of one entry's elements, attributes and texts
MOST_FIELDS = 400  # elements of one entry, besides those in its text
MOST_IN_FIELD = 300  # characters of a name, a date or the like
MOST_SIFTED = 10_000_000  # characters of all of them
MOST_ATTRIBUTES = 40  # of one element
MOST_IN_ATTRIBUTE = 4_000  # characters
MOST_PREFIXES = 40  # names of namespaces
MOST_MENDED = 100_000  # ampersands that mean nothing
MOST_ATTEMPTS, MOST_PARSED = 50, 20_000_000  # at a document that is not well-formed; bytes in all of them
MOST_ENTITIES, MOST_IN_ENTITY = 50, 200  # that a document may declare for itself
MOST_BRACES = 100_000  # objects and lists in JSON

MOST_IN_TITLE = 300
MOST_IN_SUMMARY = 800
MOST_IN_NAME = 120
MOST_IN_LANGUAGE = 12
MOST_IN_ID = 500
MOST_IN_LINK = 2_000
MOST_READ, MOST_TAGS = 8_000, 150  # characters and tags of markup from which a title or a summary is made
MOST_COUNTED = 250_000  # characters of markup whose words are counted
MOST_AUTHORS = 20
MOST_CATEGORIES = 30

MOST_OUTLINES = 3_000  # feeds and folders in a list
MOST_PAGE, MOST_LINKS = 2_000_000, 5_000  # bytes and links of a page in which feeds are looked for
MOST_FOUND = 20  # feeds that a page names
