"""Numbers that commit in the order in which they were given: what every cursor of the house follows."""

from django.db import models


class Counter(models.Model):
    name = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class Lease(models.Model):
    """Who alone may do a thing until a moment, on the machine's own clock."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
