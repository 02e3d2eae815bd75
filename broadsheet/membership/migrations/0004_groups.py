import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0003_devices"),
    ]

    operations = [
        migrations.AlterField(
            model_name="term",
            name="source",
            field=models.CharField(
                choices=[("subscription", "Subscription"), ("comp", "Comp"), ("seat", "Seat")], max_length=12
            ),
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("bought", models.PositiveIntegerField(default=0, verbose_name="seats bought")),
                (
                    "payment",
                    models.CharField(
                        choices=[("paid", "paid"), ("past_due", "past_due"), ("lapsed", "lapsed")], default="paid", max_length=8
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, help_text="Empty: without an end.", null=True)),
                (
                    "link_opened_at",
                    models.DateTimeField(blank=True, help_text="Since when its link invites; empty: none does.", null=True),
                ),
                (
                    "reference",
                    models.CharField(editable=False, help_text="Whose record this follows.", max_length=120, unique=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GroupDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(db_index=True, max_length=253)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="domains", to="membership.group"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("group", "domain"), name="a_group_names_a_domain_once")],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "address",
                    models.EmailField(blank=True, help_text="To which an invitation was sent.", max_length=254),
                ),
                (
                    "role",
                    models.CharField(choices=[("member", "Member"), ("manager", "Manager")], default="member", max_length=7),
                ),
                ("invited_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_at",
                    models.DateTimeField(
                        blank=True, help_text="By a manager: no link and no domain leads back.", null=True
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="membership.group"),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("group", "reader"), name="a_reader_sits_once_in_a_group"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("reader", None)),
                        fields=("group", "address"),
                        name="an_address_is_invited_once_to_a_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reader__isnull", False), models.Q(("role", "member"), ("taken_at", None)), _connector="OR"
                        ),
                        name="only_a_reader_sits_or_manages",
                    ),
                ],
            },
        ),
    ]
