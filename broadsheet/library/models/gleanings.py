"""What the articles themselves say: whom each is about, which sentences tell of an event on a day, and to what they link.

Gleaned from pressings.
"""

from django.db import models


class Gleaning(models.Model):
    """An article that was gleaned, by `Pressing.change`: the highest is where to go on. One taken back keeps its row."""

    article_id = models.BigIntegerField(unique=True)
    change = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"{self.article_id} at {self.change}"


class Named(models.Model):
    """An article names an actor ("country:KP", "person:…", "organisation:…"), or hangs on an issue ("issue:water").

    `about`: it is about him; `freely`: so much can be told by its tags and by what stands before the wall.
    """

    article_id = models.BigIntegerField()
    actor = models.CharField(max_length=130)
    weight = models.PositiveIntegerField(help_text="mentions, those in headline and standfirst counted more than once")
    free_weight = models.PositiveIntegerField(help_text="of those, what stands before the wall")
    about = models.BooleanField()
    freely = models.BooleanField()
    month = models.CharField(max_length=7)  # of the article's date, in the publication's zone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article_id", "actor"], name="an_article_names_an_actor_once")]
        indexes = [
            models.Index(
                fields=["actor", "about", "freely", "month", "article_id", "weight", "free_weight"],
                name="articles_about_an_actor",
            ),
            models.Index(fields=["article_id", "actor"], name="actors_freely_named", condition=models.Q(freely=True)),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} names {self.actor}"


class Relation(models.Model):
    """How many articles are about both of two countries, as far as strangers may know; kept count of as they are gleaned.

    `one` comes before `other` in the alphabet of actors.
    """

    one = models.CharField(max_length=130)
    other = models.CharField(max_length=130)
    articles = models.PositiveIntegerField()
    changed_at = models.DateTimeField(help_text="of those articles the one that changed last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="two_countries_are_counted_once")]
        indexes = [models.Index(fields=["other", "one"], name="relations_of_the_other")]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}: {self.articles}"


class Telling(models.Model):
    """A sentence that tells of an event on a day. Tellings of one event share its number.

    `free_event`: the event's number among what stands before the walls, so that no sentence beyond one joins two; 0 beyond.
    """

    article_id = models.BigIntegerField(db_index=True)
    on = models.DateField(db_index=True)
    sentence = models.TextField()
    words = models.TextField(help_text="its stems, by which another telling is known to be of the same event")
    later = models.BooleanField(help_text="told long after: it is remembered")
    weight = models.FloatField(help_text="how much of a turning point it sounds")
    event = models.BigIntegerField(db_index=True)
    free_event = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.on}: {self.sentence[:60]}"


class ToldOf(models.Model):
    """The sentence names this actor."""

    telling = models.ForeignKey(Telling, on_delete=models.CASCADE, related_name="told_of")
    actor = models.CharField(max_length=130)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "telling"], name="a_telling_is_of_an_actor_once")]

    def __str__(self) -> str:
        return f"{self.telling_id} of {self.actor}"


class Linked(models.Model):
    """An article links in its text to a page of ours. `to_article`: which, when one of the two was gleaned; 0: none."""

    article_id = models.BigIntegerField()
    path = models.CharField(max_length=500)
    to_article = models.BigIntegerField(default=0, db_index=True)
    free = models.BooleanField(help_text="stands before the wall")
    on = models.DateField(help_text="of the article that links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path", "article_id"], name="an_article_links_to_a_page_once")]
        indexes = [models.Index(fields=["article_id"], name="links_of_an_article")]

    def __str__(self) -> str:
        return f"{self.article_id} links to {self.path}"
