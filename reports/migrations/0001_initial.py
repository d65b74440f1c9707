import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0001_initial"),
        ("orgs", "0001_initial"),
        ("orgs", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="time")),
                ("asked", models.JSONField(default=dict)),
                ("said", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(max_length=300, verbose_name="file name")),
                ("ending", models.CharField(max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a worker"),
                            ("running", "Being made"),
                            ("done", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Deleted after its time"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("sentence", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("size", models.PositiveBigIntegerField(default=0)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["by", "-id"], name="export_by_person"),
                    models.Index(fields=["state", "expires_at"], name="export_by_expiry"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "running", "done", "failed", "cancelled", "expired"])
                        ),
                        name="export_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "running", "expired"]),
                            ("expires_at__isnull", False),
                            _connector="OR",
                        ),
                        name="export_ended_expires",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", False), ("said", "")),
                            models.Q(("by__isnull", True), models.Q(("said", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="export_of_somebody_or_said",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("said", ""), _negated=True),
                        fields=("kind", "said"),
                        name="export_said_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("units", models.JSONField(default=list)),
                ("count", models.PositiveIntegerField()),
                ("handed_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="reports.export"
                    ),
                ),
            ],
            options={
                "verbose_name": "part of an export",
                "verbose_name_plural": "parts of exports",
                "ordering": ("number",),
                "constraints": [models.UniqueConstraint(fields=("export", "number"), name="export_part_once")],
            },
        ),
        migrations.CreateModel(
            name="OfficialReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("addressee", models.CharField(blank=True, max_length=120, verbose_name="to")),
                ("opening", models.TextField(blank=True, max_length=4000, verbose_name="opening")),
                ("closing", models.TextField(blank=True, max_length=8000, verbose_name="next steps")),
                ("issuer", models.CharField(max_length=120, verbose_name="signed")),
                ("day", models.DateField(verbose_name="date")),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_report",
                        to="assessments.snapshot",
                    ),
                ),
            ],
            options={
                "verbose_name": "official report",
                "verbose_name_plural": "official reports",
            },
        ),
    ]
