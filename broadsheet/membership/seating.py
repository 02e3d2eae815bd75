"""Groups, their seats and the domains that lead in. Part of this app's models, which import it."""

from django.db import models

from broadsheet.membership.policy import Payment


class Group(models.Model):
    """Readers for whom somebody pays together. What pays says how many seats it has and until when they carry."""

    name = models.CharField(max_length=80)
    bought = models.PositiveIntegerField("seats bought", default=0)
    payment = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Payment], default=Payment.PAID.value)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: without an end.")
    link_opened_at = models.DateTimeField(null=True, blank=True, help_text="Since when its link invites; empty: none does.")
    reference = models.CharField(max_length=120, unique=True, editable=False, help_text="Whose record this follows.")

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A place in a group: taken by a reader, or kept for an invited address. A manager may hold one without sitting on it."""

    class Role(models.TextChoices):
        MEMBER = "member"
        MANAGER = "manager"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="seats")
    reader = models.ForeignKey("membership.Reader", null=True, blank=True, on_delete=models.CASCADE, related_name="seats")
    address = models.EmailField(max_length=254, blank=True, help_text="To which an invitation was sent.")
    role = models.CharField(max_length=7, choices=Role, default=Role.MEMBER)
    invited_at = models.DateTimeField(null=True, blank=True, db_index=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="By a manager: no link and no domain leads back.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "reader"], condition=models.Q(ended_at=None), name="a_reader_sits_once_in_a_group"
            ),
            models.UniqueConstraint(
                fields=["group", "address"],
                condition=models.Q(ended_at=None, reader=None),
                name="an_address_is_invited_once_to_a_group",
            ),
            models.CheckConstraint(
                condition=models.Q(reader__isnull=False) | models.Q(taken_at=None, role="member"),
                name="only_a_reader_sits_or_manages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader or self.address} in {self.group}"


class GroupDomain(models.Model):
    """Whoever has verified an address at this domain may take a seat."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "domain"], name="a_group_names_a_domain_once")]

    def __str__(self) -> str:
        return self.domain
