import django.db.models.deletion
import rubrics.models.draft
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_initial"),
        ("orgs", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SlugField(verbose_name="kind")),
                ("label", models.CharField(max_length=60, verbose_name="name in the document")),
            ],
            options={
                "verbose_name": "audience",
                "verbose_name_plural": "audiences",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Cap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "most",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="at most"),
                ),
                (
                    "least",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="at least"),
                ),
            ],
            options={
                "verbose_name": "common limit",
                "verbose_name_plural": "common limits",
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("most__gte", 0), ("most__isnull", True), _connector="OR"),
                        name="cap_most_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least__lte", 0), ("least__isnull", True), _connector="OR"),
                        name="cap_least_not_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("points", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="group points")),
                ("label", models.CharField(blank=True, max_length=20, verbose_name="printed points")),
            ],
            options={
                "verbose_name": "group",
                "verbose_name_plural": "groups",
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
            ],
            options={
                "verbose_name": "responsible department",
                "verbose_name_plural": "responsible departments",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, verbose_name="code")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("issuer", models.CharField(blank=True, max_length=60, verbose_name="issuer")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="document number")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source file")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="orgs.organization",
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ("slug",),
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("key", models.CharField(max_length=12, verbose_name="key")),
                ("number", models.CharField(blank=True, max_length=8, verbose_name="printed number")),
                ("text", models.TextField(verbose_name="wording")),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="points"),
                ),
                ("printed_points", models.CharField(blank=True, max_length=20, verbose_name="printed points")),
                ("basis", models.TextField(blank=True, verbose_name="evidence basis")),
                (
                    "subject",
                    models.CharField(blank=True, max_length=120, verbose_name="assessed organisations and departments"),
                ),
                ("threshold", models.CharField(blank=True, max_length=120, verbose_name="threshold")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="our note")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("none", "None, bonus only"),
                            ("judged", "Judged by a person"),
                            ("deduct_per_unit", "Deduction for each unit"),
                            ("sum_of_parts", "Sum of parts"),
                            ("tiers", "Tiers, more is better"),
                            ("tiers_down", "Tiers, fewer is better"),
                            ("rate", "Share of a target"),
                            ("n_of_m", "So many of several conditions"),
                            ("levels", "One of several levels"),
                            ("several_scorers", "Several departments, weighted"),
                        ],
                        default="judged",
                        max_length=16,
                        verbose_name="rule",
                    ),
                ),
                (
                    "bonus_rule",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("add_per_unit", "Addition for each unit"),
                            ("highest_level", "Highest level only"),
                            ("take_per_unit", "Penalty for each unit"),
                        ],
                        default="none",
                        max_length=16,
                        verbose_name="bonus rule",
                    ),
                ),
                (
                    "bonus_cap",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="bonus cap"
                    ),
                ),
                ("claimed", models.BooleanField(default=False, verbose_name="bonus claimed one by one")),
                (
                    "floor",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="lowest points"
                    ),
                ),
                ("needed", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="conditions needed")),
                (
                    "gate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No"),
                            ("required", "Required: without it, not qualified (必备)"),
                            ("veto", "Veto: if it happened, no award (一票否决)"),
                            ("veto_top", "Veto of the best band: if it happened, not the best band (一票否优)"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="gate",
                    ),
                ),
                ("source_ref", models.CharField(blank=True, editable=False, max_length=12)),
                (
                    "electorate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No ballot"),
                            ("members", "Members"),
                            ("workers", "Workers"),
                            ("base_unions", "Subordinate unions"),
                            ("base_chairs", "Subordinate chairs"),
                            ("random_members", "Randomly drawn members"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="ballot",
                    ),
                ),
                (
                    "audiences",
                    models.ManyToManyField(
                        blank=True, related_name="items", to="rubrics.audience", verbose_name="applies to"
                    ),
                ),
                (
                    "cap",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="items",
                        to="rubrics.cap",
                        verbose_name="common limit",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="rubrics.group",
                    ),
                ),
            ],
            options={
                "verbose_name": "item",
                "verbose_name_plural": "items",
                "ordering": ("position",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__isnull", True), ("points__gt", 0), _connector="OR"),
                        name="item_points_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("points__isnull", True), ("rule", "none")),
                            models.Q(("points__isnull", False), models.Q(("rule", "none"), _negated=True)),
                            _connector="OR",
                        ),
                        name="item_points_iff_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rule__in",
                                [
                                    "none",
                                    "judged",
                                    "deduct_per_unit",
                                    "sum_of_parts",
                                    "tiers",
                                    "tiers_down",
                                    "rate",
                                    "n_of_m",
                                    "levels",
                                    "several_scorers",
                                ],
                            )
                        ),
                        name="item_rule_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bonus_rule__in", ["none", "add_per_unit", "highest_level", "take_per_unit"])
                        ),
                        name="item_bonus_rule_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claimed", False), ("bonus_rule__in", ("add_per_unit", "highest_level")), _connector="OR"
                        ),
                        name="item_claimed_is_a_bonus",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gate__in", ["", "required", "veto", "veto_top"])), name="item_gate_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gate", ""), models.Q(("bonus_rule", "none"), ("rule", "none")), _connector="OR"
                        ),
                        name="item_gate_has_no_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("floor__isnull", True), ("floor__lte", 0), _connector="OR"),
                        name="item_floor_not_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "electorate__in",
                                ["", "members", "workers", "base_unions", "base_chairs", "random_members"],
                            )
                        ),
                        name="item_electorate_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("key", models.SlugField(max_length=20, verbose_name="key")),
                (
                    "role",
                    models.CharField(
                        choices=[("base", "Base rule"), ("bonus", "Bonus rule"), ("gate", "Gate")],
                        max_length=5,
                        verbose_name="belongs to",
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="label")),
                ("unit", models.CharField(max_length=10, verbose_name="unit")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="points")),
                (
                    "per",
                    models.DecimalField(decimal_places=2, default=Decimal("1"), max_digits=12, verbose_name="for each"),
                ),
                (
                    "above",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=12, verbose_name="above"),
                ),
                (
                    "step",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("1"), max_digits=12, verbose_name="step of the count"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="measures", to="rubrics.item"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="rubrics.office",
                        verbose_name="responsible department",
                    ),
                ),
            ],
            options={
                "verbose_name": "measure",
                "verbose_name_plural": "measures",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "key"), name="measure_key_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["base", "bonus", "gate"])), name="measure_role_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("above__gte", 0), ("amount__gte", 0), ("per__gt", 0), ("step__gt", 0)),
                        name="measure_amounts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="responsibilities", to="rubrics.item"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="rubrics.office",
                    ),
                ),
            ],
            options={
                "verbose_name": "responsibility",
                "verbose_name_plural": "responsibilities",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "office"), name="responsibility_unique"),
                    models.UniqueConstraint(fields=("item", "position"), name="responsibility_position_unique"),
                ],
            },
        ),
        migrations.AddField(
            model_name="item",
            name="offices",
            field=models.ManyToManyField(
                related_name="items",
                through="rubrics.Responsibility",
                to="rubrics.office",
                verbose_name="responsible departments",
            ),
        ),
        migrations.CreateModel(
            name="Rubric",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("annex", models.CharField(blank=True, max_length=40, verbose_name="annex")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("subtitle", models.CharField(blank=True, max_length=120, verbose_name="subtitle")),
                ("footnote", models.TextField(blank=True, verbose_name="note under the table")),
                (
                    "declared_total",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="declared total"
                    ),
                ),
                ("total_label", models.CharField(blank=True, max_length=20, verbose_name="label of the total row")),
                ("printed_total", models.CharField(blank=True, max_length=10, verbose_name="printed total")),
                (
                    "total_policy",
                    models.CharField(
                        choices=[("as_printed", "As printed"), ("scaled", "Scaled to the declared total")],
                        default="as_printed",
                        max_length=12,
                        verbose_name="total policy",
                    ),
                ),
                (
                    "not_applicable_policy",
                    models.CharField(
                        choices=[
                            ("exclude", "Left out, the rest rescaled"),
                            ("full", "Full marks"),
                            ("zero", "No marks"),
                        ],
                        default="exclude",
                        max_length=12,
                        verbose_name="not applicable policy",
                    ),
                ),
                (
                    "step",
                    models.DecimalField(decimal_places=2, default=Decimal("0.5"), max_digits=6, verbose_name="step"),
                ),
                (
                    "total_floor",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=6, verbose_name="lowest total"
                    ),
                ),
                (
                    "qualified_rank",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lowest qualified rank"),
                ),
                (
                    "overlay_points",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        verbose_name="points that unions below may add",
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("frozen_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="frozen at")),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="copies",
                        to="rubrics.rubric",
                        verbose_name="copied from",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rubrics",
                        to="rubrics.document",
                        verbose_name="document",
                    ),
                ),
                (
                    "overlays",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overlaid_by",
                        to="rubrics.rubric",
                        verbose_name="builds upon",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "rubric",
                "verbose_name_plural": "rubrics",
                "ordering": ("document", "position", "code", "-version"),
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="rubric_version_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("total_policy__in", ["as_printed", "scaled"])),
                        name="rubric_total_policy_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("not_applicable_policy__in", ["exclude", "full", "zero"])),
                        name="rubric_not_applicable_policy_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("step__gt", 0)), name="rubric_step_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("frozen_at__isnull", True), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="rubric_frozen_is_published",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="office",
            name="rubric",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offices", to="rubrics.rubric"
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="rubric",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="rubrics.rubric"
            ),
        ),
        migrations.CreateModel(
            name="Edit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("what", models.CharField(max_length=20)),
                ("place", models.CharField(blank=True, max_length=60)),
                ("before", models.JSONField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="rubrics.rubric"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a draft",
                "verbose_name_plural": "changes of drafts",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("code", models.CharField(max_length=30)),
                ("facts", models.JSONField(default=dict)),
                ("options", models.JSONField(default=list)),
                ("chosen", models.CharField(blank=True, max_length=30)),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="doubts",
                        to="rubrics.item",
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="doubts", to="rubrics.rubric"
                    ),
                ),
            ],
            options={
                "verbose_name": "doubt",
                "verbose_name_plural": "doubts",
                "ordering": ("position", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("chosen", ""), ("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(
                                models.Q(("chosen", ""), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="doubt_settled_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Column",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("part", "Part"),
                            ("section", "Section"),
                            ("number", "Number"),
                            ("text", "Item"),
                            ("points", "Points"),
                            ("group_points", "Group points"),
                            ("basis", "Evidence basis"),
                            ("office", "Responsible department"),
                            ("subject", "Assessed organisations"),
                            ("self", "Self-score"),
                            ("assess", "Assessment score"),
                            ("review", "Review score"),
                        ],
                        max_length=12,
                        verbose_name="shows",
                    ),
                ),
                ("heading", models.CharField(blank=True, max_length=40, verbose_name="heading")),
                ("width", models.PositiveSmallIntegerField(verbose_name="width")),
                ("added", models.BooleanField(default=False, verbose_name="added by the software")),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="columns", to="rubrics.rubric"
                    ),
                ),
            ],
            options={
                "verbose_name": "column",
                "verbose_name_plural": "columns",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("rubric", "source"), name="column_source_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "part",
                                    "section",
                                    "number",
                                    "text",
                                    "points",
                                    "group_points",
                                    "basis",
                                    "office",
                                    "subject",
                                    "self",
                                    "assess",
                                    "review",
                                ],
                            )
                        ),
                        name="column_source_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="cap",
            name="rubric",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="caps", to="rubrics.rubric"
            ),
        ),
        migrations.CreateModel(
            name="Band",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(help_text="Higher is better", verbose_name="rank")),
                ("name", models.CharField(max_length=20, verbose_name="name")),
                ("lower", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="from points")),
                (
                    "quota",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=5, null=True, verbose_name="quota share"
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bands", to="rubrics.rubric"
                    ),
                ),
            ],
            options={
                "verbose_name": "band",
                "verbose_name_plural": "bands",
                "ordering": ("-rank",),
                "constraints": [
                    models.UniqueConstraint(fields=("rubric", "rank"), name="band_rank_unique"),
                    models.UniqueConstraint(fields=("rubric", "lower"), name="band_lower_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quota__isnull", True), models.Q(("quota__gt", 0), ("quota__lte", 1)), _connector="OR"
                        ),
                        name="band_quota_is_a_share",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="audience",
            name="rubric",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="audiences", to="rubrics.rubric"
            ),
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("label", models.CharField(max_length=80, verbose_name="printed label")),
                (
                    "points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="printed points"
                    ),
                ),
                ("part", models.CharField(blank=True, max_length=60, verbose_name="part")),
                ("inherited", models.BooleanField(default=False, verbose_name="from the superior's rubric")),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="rubrics.rubric"
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ("position",),
                "constraints": [models.UniqueConstraint(fields=("rubric", "position"), name="section_position_unique")],
            },
        ),
        migrations.AddField(
            model_name="item",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="rubrics.section"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="rubrics.section"
            ),
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("file", models.FileField(upload_to=rubrics.models.draft.source_path, verbose_name="file")),
                ("tables", models.JSONField(default=list)),
                ("skipped", models.JSONField(default=list)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded at")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="rubrics.document"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "source file",
                "verbose_name_plural": "source files",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Tier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bound", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="bound")),
                ("points", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="points")),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tiers", to="rubrics.measure"
                    ),
                ),
            ],
            options={
                "verbose_name": "tier",
                "verbose_name_plural": "tiers",
                "ordering": ("measure", "-bound"),
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "bound"), name="tier_bound_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("bound__gte", 0), ("points__gte", 0)), name="tier_not_negative"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.UniqueConstraint(fields=("rubric", "name"), name="office_unique"),
        ),
        migrations.AddConstraint(
            model_name="cap",
            constraint=models.UniqueConstraint(fields=("rubric", "name"), name="cap_unique"),
        ),
        migrations.AddConstraint(
            model_name="audience",
            constraint=models.UniqueConstraint(fields=("rubric", "kind"), name="audience_unique"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("rubric", "key"), name="item_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("rubric", "position"), name="item_position_unique"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("section", "position"), name="group_position_unique"),
        ),
    ]
