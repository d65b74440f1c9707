import assessments.models.evidence
import assessments.models.publication
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_initial"),
        ("orgs", "__first__"),
        ("rubrics", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=assessments.models.publication.public_key, editable=False, max_length=16, unique=True
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(max_length=4000, verbose_name="text")),
                ("issuer", models.CharField(max_length=120, verbose_name="issued by")),
                ("contact", models.CharField(max_length=300, verbose_name="where to object")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("days", models.PositiveSmallIntegerField(verbose_name="days")),
                (
                    "count",
                    models.CharField(
                        choices=[("calendar", "Calendar days"), ("working", "Working days")],
                        max_length=8,
                        verbose_name="counted as",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ("-starts_on", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="notice_days_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__in", ["calendar", "working"])), name="notice_count_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("sort_key", models.CharField(editable=False, max_length=240)),
                ("path", models.CharField(editable=False, max_length=180)),
                ("branch", models.CharField(editable=False, max_length=180)),
                (
                    "total_policy",
                    models.CharField(
                        choices=[("as_printed", "As printed"), ("scaled", "Scaled to the declared total")],
                        max_length=12,
                        verbose_name="total policy",
                    ),
                ),
                ("stages", models.PositiveSmallIntegerField(verbose_name="number of stages")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("self_scoring", "Self-scoring"),
                            ("assessing", "Under assessment"),
                            ("reviewing", "Under review"),
                            ("final", "Final"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="self_scoring",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "official_stage",
                    models.CharField(
                        blank=True,
                        choices=[("self", "Self-score"), ("assess", "Assessment"), ("review", "Review")],
                        max_length=6,
                        verbose_name="official stage",
                    ),
                ),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="points"),
                ),
                ("band_rank", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="band")),
                (
                    "applicable",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="applicable points"
                    ),
                ),
                (
                    "self_points",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="self-score"
                    ),
                ),
                (
                    "assess_points",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="points of the assessment"
                    ),
                ),
                (
                    "review_points",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="points of the review"
                    ),
                ),
                (
                    "assessed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended the assessment",
                    ),
                ),
                (
                    "assessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assesses",
                        to="orgs.organization",
                        verbose_name="assessing union",
                    ),
                ),
                (
                    "filled_in_by",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="filled in by"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organizationkind",
                        verbose_name="kind",
                    ),
                ),
                (
                    "observer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observes",
                        to="orgs.organization",
                        verbose_name="other superior",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="orgs.organization",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="orgs.organization",
                        verbose_name="reviewing union",
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="rubrics.rubric",
                        verbose_name="rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "assessment",
                "verbose_name_plural": "assessments",
                "ordering": ("path", "-cycle_id"),
                "indexes": [
                    models.Index(fields=["organization", "state"], name="assessment_by_unit"),
                    models.Index(fields=["assessor", "state", "path"], name="assessment_by_assessor"),
                    models.Index(fields=["reviewer", "state", "path"], name="assessment_by_reviewer"),
                    models.Index(fields=["observer", "state", "path"], name="assessment_by_observer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["self_scoring", "assessing", "reviewing", "final", "withdrawn"])
                        ),
                        name="assessment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_policy__in", ["as_printed", "scaled"])),
                        name="assessment_total_policy_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stages__in", (2, 3))), name="assessment_stages_two_or_three"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("official_stage__in", ("", "self", "assess", "review"))),
                        name="assessment_official_stage_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("item", "Gives an item its points"),
                            ("gate", "Must be held before the assessment can end"),
                            ("annex", "Is only shown"),
                        ],
                        max_length=5,
                        verbose_name="what it is for",
                    ),
                ),
                (
                    "electorate",
                    models.CharField(
                        choices=[
                            ("members", "Members"),
                            ("representatives", "Members' representatives"),
                            ("workers", "Workers"),
                            ("base_unions", "Subordinate unions"),
                            ("base_chairs", "Subordinate chairs"),
                            ("random_members", "Randomly drawn members"),
                        ],
                        max_length=16,
                        verbose_name="who is asked",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[("union", "The union"), ("chair", "Its chair"), ("other", "Something else")],
                        default="union",
                        max_length=5,
                        verbose_name="about whom",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                ("question", models.CharField(max_length=300, verbose_name="question")),
                ("roster", models.PositiveIntegerField(verbose_name="number entitled to vote")),
                ("listed", models.TextField(blank=True, max_length=20000, verbose_name="organisations")),
                ("minimum", models.PositiveIntegerField(verbose_name="minimum returned")),
                (
                    "threshold",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("85"), max_digits=5, verbose_name="threshold"
                    ),
                ),
                (
                    "scoring",
                    models.CharField(
                        choices=[
                            ("all_or_nothing", "All points from the threshold on, below it none"),
                            ("proportional", "All points from the threshold on, below it in proportion"),
                        ],
                        default="all_or_nothing",
                        max_length=14,
                        verbose_name="points",
                    ),
                ),
                ("last_day", models.DateField(verbose_name="last day of voting")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("open", "Voting"),
                            ("closed", "Voting ended"),
                            ("void", "Annulled"),
                        ],
                        default="draft",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("papers", models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="papers")),
                ("spoilt", models.PositiveIntegerField(default=0, editable=False, verbose_name="spoilt papers")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("annulled_for", models.CharField(blank=True, max_length=500, verbose_name="why it was annulled")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="assessments.assessment"
                    ),
                ),
                (
                    "closed_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rubrics.item",
                        verbose_name="item",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "ballot",
                "verbose_name_plural": "ballots",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("item__isnull", False), ("purpose", "item")),
                            models.Q(("item__isnull", True), ("purpose__in", ("gate", "annex"))),
                            _connector="OR",
                        ),
                        name="ballot_item_iff_it_feeds_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject__in", ["union", "chair", "other"])), name="ballot_subject_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "electorate__in",
                                [
                                    "members",
                                    "representatives",
                                    "workers",
                                    "base_unions",
                                    "base_chairs",
                                    "random_members",
                                ],
                            )
                        ),
                        name="ballot_electorate_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scoring__in", ["all_or_nothing", "proportional"])),
                        name="ballot_scoring_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "open", "closed", "void"])),
                        name="ballot_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("threshold__gt", 0), ("threshold__lte", 100)),
                        name="ballot_threshold_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum__gte", 1), ("minimum__lte", models.F("roster"))),
                        name="ballot_minimum_in_roster",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("papers__isnull", True),
                            models.Q(("papers__gte", models.F("spoilt")), ("papers__lte", models.F("roster"))),
                            _connector="OR",
                        ),
                        name="ballot_papers_in_roster",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("item__isnull", False), models.Q(("state", "void"), _negated=True)),
                        fields=("assessment", "item"),
                        name="ballot_one_for_an_item",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BallotCode",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("used", models.BooleanField(default=False)),
                (
                    "ballot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="assessments.ballot"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BallotOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=20, verbose_name="answer")),
                ("satisfied", models.BooleanField(verbose_name="counts as satisfied")),
                ("votes", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "ballot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="options", to="assessments.ballot"
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("ballot", "position"), name="ballot_option_position_unique"),
                    models.UniqueConstraint(fields=("ballot", "label"), name="ballot_option_label_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consequence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("make_up", "Make-up task"),
                            ("funding", "No financial support"),
                            ("aid", "No quota of aid for workers"),
                            ("honours", "No candidate for honours"),
                            ("revocation", "The star is revoked"),
                        ],
                        max_length=10,
                        verbose_name="consequence",
                    ),
                ),
                ("ground", models.CharField(max_length=500, verbose_name="ground")),
                ("rank", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="remaining band")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("confirmed", "Confirmed"), ("dropped", "Not applied")],
                        default="proposed",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "consequence",
                "verbose_name_plural": "consequences",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "revocation"), ("state", "confirmed"), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="consequence_revocation_by_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["make_up", "funding", "aid", "honours", "revocation"])),
                        name="consequence_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed", "dropped"])),
                        name="consequence_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="consequence_decided_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), ("state", "dropped"), _negated=True),
                        name="consequence_dropped_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoverageTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("share", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverage_targets",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "coverage target",
                "verbose_name_plural": "coverage targets",
                "ordering": ("year",),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "year"), name="coverage_target_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="coverage_target_is_a_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("self_deadline", models.DateField(verbose_name="self-score deadline")),
                ("assess_deadline", models.DateField(verbose_name="assessment deadline")),
                ("review_deadline", models.DateField(blank=True, null=True, verbose_name="review deadline")),
                (
                    "superior",
                    models.CharField(
                        choices=[("territorial", "The territorial union"), ("industrial", "The industrial union")],
                        default="territorial",
                        max_length=11,
                        verbose_name="who assesses organisations with two superiors",
                    ),
                ),
                (
                    "quota_share",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=5, null=True, verbose_name="quota of the best band"
                    ),
                ),
                (
                    "quota_base",
                    models.CharField(
                        choices=[
                            ("final", "Organisations with a final result"),
                            ("all", "All organisations of the cycle"),
                        ],
                        default="final",
                        max_length=5,
                        verbose_name="base of the quota",
                    ),
                ),
                (
                    "quota_per_kind",
                    models.BooleanField(default=False, verbose_name="seats for each kind of organisation"),
                ),
                (
                    "item_tolerance",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="tolerance of an item"
                    ),
                ),
                (
                    "total_tolerance",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="tolerance of the total"
                    ),
                ),
                (
                    "tolerance_asks",
                    models.CharField(
                        choices=[("reason", "A reason"), ("third_opinion", "The opinion of a third person")],
                        default="reason",
                        max_length=13,
                        verbose_name="beyond the tolerance",
                    ),
                ),
                ("notice_days", models.PositiveSmallIntegerField(default=10, verbose_name="days of public notice")),
                (
                    "notice_count",
                    models.CharField(
                        choices=[("calendar", "Calendar days"), ("working", "Working days")],
                        default="calendar",
                        max_length=8,
                        verbose_name="counted as",
                    ),
                ),
                (
                    "recheck_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="days for settling an objection"),
                ),
                (
                    "recheck_count",
                    models.CharField(
                        choices=[("calendar", "Calendar days"), ("working", "Working days")],
                        default="calendar",
                        max_length=8,
                        verbose_name="counted as",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organization",
                        verbose_name="branch",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rubrics.document",
                        verbose_name="document",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycles",
                        to="orgs.organization",
                        verbose_name="deciding union",
                    ),
                ),
            ],
            options={
                "verbose_name": "cycle",
                "verbose_name_plural": "cycles",
                "ordering": ("-year", "-pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="cycle_name_unique_in_owner"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("assess_deadline__gte", models.F("self_deadline")),
                            models.Q(
                                ("review_deadline__isnull", True),
                                ("review_deadline__gte", models.F("assess_deadline")),
                                _connector="OR",
                            ),
                        ),
                        name="cycle_deadlines_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quota_share__isnull", True),
                            models.Q(("quota_share__gt", 0), ("quota_share__lte", 1)),
                            _connector="OR",
                        ),
                        name="cycle_quota_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notice_days__gte", 1),
                            ("notice_days__lte", 90),
                            ("recheck_days__gte", 1),
                            ("recheck_days__lte", 90),
                        ),
                        name="cycle_days_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notice_count__in", ["calendar", "working"]),
                            ("quota_base__in", ["final", "all"]),
                            ("recheck_count__in", ["calendar", "working"]),
                            ("superior__in", ["territorial", "industrial"]),
                            ("tolerance_asks__in", ["reason", "third_opinion"]),
                        ),
                        name="cycle_choices_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cycle_closed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="assessments.cycle",
                verbose_name="cycle",
            ),
        ),
        migrations.CreateModel(
            name="CycleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="time")),
                ("field", models.CharField(editable=False, max_length=20, verbose_name="field")),
                ("old", models.CharField(blank=True, editable=False, max_length=30, verbose_name="before")),
                ("new", models.CharField(blank=True, editable=False, max_length=30, verbose_name="after")),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="assessments.cycle",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a cycle",
                "verbose_name_plural": "changes of cycles",
                "ordering": ("-pk",),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "field__in",
                                (
                                    "self_deadline",
                                    "assess_deadline",
                                    "review_deadline",
                                    "quota_share",
                                    "quota_base",
                                    "quota_per_kind",
                                    "item_tolerance",
                                    "total_tolerance",
                                    "tolerance_asks",
                                    "notice_days",
                                    "notice_count",
                                    "recheck_days",
                                    "recheck_count",
                                ),
                            )
                        ),
                        name="cycle_change_field_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old", models.F("new")), _negated=True), name="cycle_change_changes"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CycleKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "total_policy",
                    models.CharField(
                        blank=True,
                        choices=[("as_printed", "As printed"), ("scaled", "Scaled to the declared total")],
                        max_length=12,
                        verbose_name="total policy",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kinds", to="assessments.cycle"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.organizationkind"
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycle_kinds",
                        to="rubrics.rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "rubric of a kind",
                "verbose_name_plural": "rubrics of kinds",
                "ordering": ("kind__position",),
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "kind"), name="cycle_kind_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rubric__isnull", True), ("total_policy", "")),
                            models.Q(("rubric__isnull", False), ("total_policy__in", ["as_printed", "scaled"])),
                            _connector="OR",
                        ),
                        name="cycle_kind_policy_iff_rubric",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[("spot_check", "Spot check"), ("revisit", "Revisit")],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("by_kind", models.BooleanField(default=True, verbose_name="by kind")),
                ("by_county", models.BooleanField(default=True, verbose_name="by county")),
                ("by_band", models.BooleanField(default=False, verbose_name="by star")),
                ("share", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share")),
                ("seed", models.CharField(max_length=200, verbose_name="seed")),
                ("seed_source", models.CharField(max_length=200, verbose_name="where the seed comes from")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("seeded", "Seed fixed"),
                            ("freezing", "Population being frozen"),
                            ("frozen", "Population frozen"),
                            ("drawn", "Drawn"),
                        ],
                        default="seeded",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("seeded_at", models.DateTimeField(verbose_name="seed fixed at")),
                ("frozen_at", models.DateTimeField(blank=True, null=True, verbose_name="population frozen at")),
                ("unfrozen_for", models.TextField(blank=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="assessments.cycle"
                    ),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seeded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "draw",
                "verbose_name_plural": "draws",
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "number"), name="draw_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["spot_check", "revisit"])), name="draw_purpose_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["seeded", "freezing", "frozen", "drawn"])),
                        name="draw_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="draw_share_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest", ""), ("state__in", ("seeded", "freezing"))),
                            models.Q(
                                ("frozen_at__isnull", False),
                                ("state__in", ("frozen", "drawn")),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="draw_digest_iff_frozen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(verbose_name="at")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="assessments.draw"
                    ),
                ),
            ],
            options={
                "verbose_name": "round of a draw",
                "verbose_name_plural": "rounds of a draw",
                "ordering": ("number",),
                "constraints": [models.UniqueConstraint(fields=("draw", "number"), name="draw_round_number_unique")],
            },
        ),
        migrations.CreateModel(
            name="DrawMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("stratum", models.CharField(blank=True, max_length=300, verbose_name="stratum")),
                ("excluded_for", models.CharField(blank=True, max_length=300, verbose_name="why it is left out")),
                ("rank", models.CharField(blank=True, max_length=64)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drawn", to="assessments.assessment"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="assessments.draw",
                    ),
                ),
                (
                    "drawn_in",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawn",
                        to="assessments.drawround",
                    ),
                ),
                (
                    "dropped_in",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dropped",
                        to="assessments.drawround",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a draw",
                "verbose_name_plural": "members of a draw",
                "ordering": ("stratum", "rank", "key"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("drawn_in__isnull", False)), fields=["drawn_in"], name="draw_member_drawn"
                    ),
                    models.Index(
                        condition=models.Q(("dropped_in__isnull", False)),
                        fields=["dropped_in"],
                        name="draw_member_dropped",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "assessment"), name="draw_member_once"),
                    models.UniqueConstraint(fields=("draw", "key"), name="draw_member_key_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("excluded_for", ""), ("drawn_in__isnull", True), _connector="OR"),
                        name="draw_excluded_not_drawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dropped_in__isnull", True), ("drawn_in__isnull", False), _connector="OR"),
                        name="draw_dropped_was_drawn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to=assessments.models.evidence.storage_key)),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed at")),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rubrics.item"),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ("pk",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("self", "Self-score"), ("assess", "Assessment"), ("review", "Review")],
                        max_length=6,
                        verbose_name="stage",
                    ),
                ),
                ("day", models.DateField(verbose_name="new deadline")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "extension",
                "verbose_name_plural": "extensions",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["self", "assess", "review"])), name="extension_stage_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="extension_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ladder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ladders",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "award ladder",
                "verbose_name_plural": "award ladders",
                "ordering": ("slug",),
            },
        ),
        migrations.CreateModel(
            name="AwardRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("opens_on", models.DateField(verbose_name="opens on")),
                ("closes_on", models.DateField(verbose_name="last day for candidates")),
                ("industrial", models.BooleanField(default=False, verbose_name="industrial unions recommend, too")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="award_rounds", to="orgs.organization"
                    ),
                ),
                (
                    "ladder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="assessments.ladder"
                    ),
                ),
            ],
            options={
                "verbose_name": "award round",
                "verbose_name_plural": "award rounds",
                "ordering": ("-opens_on", "-pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="award_round_name_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))), name="award_round_days_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="award_round_closed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MakeUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("task", models.TextField(max_length=2000, verbose_name="task")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("set_at", models.DateTimeField(verbose_name="set at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("set", "To be done"),
                            ("reported", "Reported as done"),
                            ("passed", "Inspected: passed"),
                            ("failed", "Inspected: not passed"),
                        ],
                        default="set",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("report", models.TextField(blank=True, max_length=2000, verbose_name="report")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="reported at")),
                ("finding", models.CharField(blank=True, max_length=1000, verbose_name="finding")),
                ("inspected_at", models.DateTimeField(blank=True, null=True, verbose_name="inspected at")),
                (
                    "consequence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="make_ups",
                        to="assessments.consequence",
                    ),
                ),
                (
                    "inspected_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "make-up task",
                "verbose_name_plural": "make-up tasks",
                "ordering": ("consequence", "-number"),
                "constraints": [
                    models.UniqueConstraint(fields=("consequence", "number"), name="make_up_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["set", "reported", "passed", "failed"])),
                        name="make_up_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_by__isnull", True), ("state", "set")),
                            models.Q(
                                models.Q(("state", "set"), _negated=True),
                                ("reported_by__isnull", False),
                                models.Q(("report", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="make_up_reported_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("inspected_by__isnull", True), ("state__in", ("set", "reported"))),
                            models.Q(
                                ("inspected_by__isnull", False),
                                ("state__in", ("passed", "failed")),
                                models.Q(("finding", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="make_up_inspected_has_finding",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MakeUpFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to=assessments.models.evidence.storage_key)),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                (
                    "make_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="assessments.makeup"
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
                "verbose_name": "file of a make-up report",
                "verbose_name_plural": "files of make-up reports",
                "ordering": ("pk",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="points"),
                ),
                (
                    "earned",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=10, null=True, verbose_name="points that count"
                    ),
                ),
                ("not_applicable", models.BooleanField(default=False, verbose_name="not applicable")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="why it does not apply")),
                ("remark", models.CharField(blank=True, max_length=2000, verbose_name="remark")),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rubrics.item"),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "mark",
                "verbose_name_plural": "marks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__isnull", True), ("points__gte", 0), _connector="OR"),
                        name="mark_points_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("not_applicable", False), ("reason", "")),
                            models.Q(
                                ("not_applicable", True),
                                ("points__isnull", True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="mark_not_applicable_has_reason_and_no_points",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="quantity")),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rubrics.measure"
                    ),
                ),
                (
                    "mark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="counts", to="assessments.mark"
                    ),
                ),
            ],
            options={
                "verbose_name": "count",
                "verbose_name_plural": "counts",
                "constraints": [
                    models.UniqueConstraint(fields=("mark", "measure"), name="count_once_per_measure"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="count_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("occasion", models.CharField(max_length=200, verbose_name="occasion")),
                ("day", models.DateField(verbose_name="day")),
                ("proof", models.CharField(blank=True, max_length=200, verbose_name="proof")),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rubrics.measure"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="assessments.evidence",
                    ),
                ),
                (
                    "mark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="assessments.mark"
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("mark", "position"), name="claim_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("occasion", ""), _negated=True), name="claim_has_occasion"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("occasion", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=500, verbose_name="text")),
                ("url", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["to", "read_at"], name="message_unread")],
                "constraints": [models.UniqueConstraint(fields=("to", "occasion"), name="message_once")],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("login", "Entered by the organisation"),
                            ("visit", "In person"),
                            ("letter", "By letter"),
                            ("phone", "By telephone"),
                        ],
                        max_length=6,
                        verbose_name="how it came in",
                    ),
                ),
                ("objector", models.CharField(blank=True, max_length=60, verbose_name="objector")),
                (
                    "objector_contact",
                    models.CharField(blank=True, max_length=120, verbose_name="how to reach the objector"),
                ),
                ("statement", models.TextField(max_length=2000, verbose_name="objection")),
                ("registered_at", models.DateTimeField(verbose_name="registered at")),
                ("received_on", models.DateField(verbose_name="came in on")),
                ("due_on", models.DateField(verbose_name="to be settled by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Registered"),
                            ("rechecking", "Being rechecked"),
                            ("upheld", "Upheld: the result was changed"),
                            ("rejected", "Not upheld: the result stands"),
                            ("taken_back", "Taken back"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("points_before", models.DecimalField(blank=True, decimal_places=4, max_digits=8, null=True)),
                ("points_after", models.DecimalField(blank=True, decimal_places=4, max_digits=8, null=True)),
                ("outcome", models.CharField(blank=True, max_length=1000, verbose_name="outcome")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "items",
                    models.ManyToManyField(blank=True, related_name="+", to="rubrics.item", verbose_name="items"),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="assessments.notice"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organization",
                        verbose_name="objecting union",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "number"), name="objection_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["login", "visit", "letter", "phone"])),
                        name="objection_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "rechecking", "upheld", "rejected", "taken_back"])),
                        name="objection_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state__in", ("open", "rechecking"))),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("state__in", ("upheld", "rejected", "taken_back")),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="objection_settled_has_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="time")),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="assessments.objection",
                    ),
                ),
            ],
            options={
                "verbose_name": "look at who objected",
                "verbose_name_plural": "looks at who objected",
                "ordering": ("-pk",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PaperCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("votes", models.JSONField()),
                ("spoilt", models.PositiveIntegerField()),
                (
                    "ballot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper_counts",
                        to="assessments.ballot",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "count of papers",
                "verbose_name_plural": "counts of papers",
                "constraints": [models.UniqueConstraint(fields=("ballot", "by"), name="paper_count_once_a_person")],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("seat", "Gets one of the tied seats"),
                            ("override", "Is given another grade"),
                            ("veto", "Is given no grade"),
                        ],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="awarded band")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rulings", to="assessments.assessment"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "ruling",
                "verbose_name_plural": "rulings",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["seat", "override", "veto"])), name="ruling_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "veto"), ("rank__isnull", True)),
                            models.Q(models.Q(("kind", "veto"), _negated=True), ("rank__isnull", False)),
                            _connector="OR",
                        ),
                        name="ruling_rank_unless_veto",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="ruling_has_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="ruling_by_two_persons",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("assessment",),
                        name="ruling_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rung",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=30)),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="title")),
                (
                    "holder",
                    models.CharField(
                        choices=[("organization", "Organisation"), ("person", "Person")],
                        max_length=12,
                        verbose_name="held by",
                    ),
                ),
                ("prize", models.CharField(blank=True, max_length=60, verbose_name="prize")),
                ("limit", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="most in a round")),
                (
                    "goal",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="goal in percent"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=500, verbose_name="clause")),
                (
                    "ladder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rungs", to="assessments.ladder"
                    ),
                ),
            ],
            options={
                "verbose_name": "rung",
                "verbose_name_plural": "rungs",
                "ordering": ("ladder", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("ladder", "code"), name="rung_code_unique"),
                    models.UniqueConstraint(fields=("ladder", "position"), name="rung_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("limit__isnull", True), ("limit__gte", 1), _connector="OR"),
                        name="rung_limit_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("goal__isnull", True), models.Q(("goal__gt", 0), ("goal__lte", 100)), _connector="OR"
                        ),
                        name="rung_goal_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder__in", ["organization", "person"])), name="rung_holder_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("base", "Is a base union"),
                            ("title", "Holds a title"),
                            ("ballot_years", "Years in a row at a share of satisfied votes"),
                            ("qualified", "Qualified in the newest closed cycle"),
                            ("share", "Share of the full points in the newest closed cycle"),
                        ],
                        max_length=12,
                        verbose_name="condition",
                    ),
                ),
                ("years", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="years")),
                (
                    "percent",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percent"),
                ),
                ("subject", models.CharField(blank=True, max_length=5, verbose_name="about whom")),
                (
                    "needs",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.rung",
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="conditions", to="assessments.rung"
                    ),
                ),
            ],
            options={
                "verbose_name": "condition",
                "verbose_name_plural": "conditions",
                "ordering": ("rung", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("rung", "position"), name="condition_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "title"), ("needs__isnull", False)),
                            models.Q(
                                ("kind", "ballot_years"),
                                ("percent__gt", 0),
                                ("percent__isnull", False),
                                ("percent__lte", 100),
                                ("years__gte", 1),
                                ("years__isnull", False),
                                models.Q(("subject", ""), _negated=True),
                            ),
                            ("kind__in", ("base", "qualified")),
                            models.Q(
                                ("kind", "share"), ("percent__gt", 0), ("percent__isnull", False), ("percent__lte", 100)
                            ),
                            _connector="OR",
                        ),
                        name="condition_has_its_parameters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidacy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(blank=True, max_length=60, verbose_name="person")),
                ("statement", models.TextField(blank=True, max_length=4000, verbose_name="statement")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("awarded", "Awarded"), ("declined", "Not awarded")],
                        default="proposed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("findings", models.JSONField(default=list)),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="candidacies", to="orgs.organization"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recommended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organization",
                        verbose_name="recommended by",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidacies",
                        to="assessments.awardround",
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessments.rung"
                    ),
                ),
            ],
            options={
                "verbose_name": "candidacy",
                "verbose_name_plural": "candidacies",
                "ordering": ("rung__position", "organization__path", "person"),
                "constraints": [
                    models.UniqueConstraint(fields=("round", "rung", "organization", "person"), name="candidacy_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "awarded", "declined"])),
                        name="candidacy_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ("awarded", "declined")),
                            ),
                            _connector="OR",
                        ),
                        name="candidacy_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), ("state", "declined"), _negated=True),
                        name="candidacy_declined_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.DecimalField(decimal_places=4, max_digits=10, verbose_name="points")),
                ("applicable", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="applicable points")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="section_results",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rubrics.section"
                    ),
                ),
            ],
            options={
                "verbose_name": "result in a section",
                "verbose_name_plural": "results in sections",
                "indexes": [models.Index(fields=["section", "-points", "assessment"], name="section_result_by_points")],
                "constraints": [models.UniqueConstraint(fields=("assessment", "section"), name="section_result_once")],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("self", "Self-score"), ("assess", "Assessment"), ("review", "Review")],
                        max_length=6,
                        verbose_name="stage",
                    ),
                ),
                (
                    "base",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0"), max_digits=10, verbose_name="base points"
                    ),
                ),
                (
                    "bonus",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=8, verbose_name="bonus"),
                ),
                (
                    "applicable",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=8, verbose_name="applicable points"
                    ),
                ),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="points"),
                ),
                ("band_rank", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="band")),
                ("scored", models.PositiveSmallIntegerField(default=0, verbose_name="marked items")),
                ("required", models.PositiveSmallIntegerField(default=0, verbose_name="items to mark")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="last saved")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="assessments.assessment"
                    ),
                ),
            ],
            options={
                "verbose_name": "sheet",
                "verbose_name_plural": "sheets",
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "stage"), name="sheet_once_per_stage"),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["self", "assess", "review"])), name="sheet_stage_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agrees", models.BooleanField(verbose_name="agrees with the mark")),
                ("text", models.CharField(max_length=500, verbose_name="opinion")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rubrics.item",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="assessments.sheet"
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion",
                "verbose_name_plural": "opinions",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="opinion_has_text")
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="points"),
                ),
                ("counts", models.TextField(blank=True, verbose_name="counts")),
                ("claims", models.TextField(blank=True, verbose_name="claims")),
                ("not_applicable", models.BooleanField(default=False, verbose_name="not applicable")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="why it does not apply")),
                ("remark", models.CharField(blank=True, max_length=2000, verbose_name="remark")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rubrics.item"),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="assessments.sheet"
                    ),
                ),
            ],
            options={
                "verbose_name": "revision of a mark",
                "verbose_name_plural": "revisions of marks",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "item", "version"), name="mark_revision_unique")
                ],
            },
        ),
        migrations.AddField(
            model_name="mark",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="assessments.sheet"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="assessments.sheet"
            ),
        ),
        migrations.CreateModel(
            name="Signoff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.department"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signoffs", to="assessments.sheet"
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-off",
                "verbose_name_plural": "sign-offs",
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "department"), name="signoff_once_per_department")
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(verbose_name="at")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("rules", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="assessments.cycle"
                    ),
                ),
            ],
            options={
                "verbose_name": "snapshot",
                "verbose_name_plural": "snapshots",
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "number"), name="snapshot_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="snapshot_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="snapshot",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="notice", to="assessments.snapshot"
            ),
        ),
        migrations.CreateModel(
            name="SnapshotRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("sort_key", models.CharField(max_length=240)),
                ("path", models.CharField(max_length=180)),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("rubric", models.CharField(max_length=300, verbose_name="rubric")),
                ("assessor", models.CharField(max_length=120, verbose_name="assessing union")),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="points"),
                ),
                (
                    "maximum",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="out of"),
                ),
                (
                    "self_points",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=8, null=True, verbose_name="self-score"
                    ),
                ),
                ("self_band", models.CharField(blank=True, max_length=30, verbose_name="self-assessed band")),
                ("place", models.PositiveIntegerField(blank=True, null=True, verbose_name="rank")),
                ("band_rank", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("band", models.CharField(blank=True, max_length=30, verbose_name="band")),
                ("awarded_rank", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("awarded", models.CharField(blank=True, max_length=30, verbose_name="awarded band")),
                ("qualified", models.BooleanField(blank=True, null=True, verbose_name="qualified")),
                ("limited", models.BooleanField(default=False, verbose_name="limited by the quota")),
                ("explanation", models.JSONField(default=list)),
                ("withdrawn_for", models.CharField(blank=True, max_length=1000, verbose_name="why it has no result")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="assessments.snapshot"
                    ),
                ),
            ],
            options={
                "verbose_name": "published result",
                "verbose_name_plural": "published results",
                "ordering": ("kind", "place", "sort_key", "pk"),
                "indexes": [models.Index(fields=["snapshot", "path"], name="snapshot_row_by_path")],
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "assessment"), name="snapshot_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("awarded_rank__isnull", True),
                            ("awarded_rank__lte", models.F("band_rank")),
                            _connector="OR",
                        ),
                        name="snapshot_row_awarded_at_most_the_band",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="consequence",
            name="row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consequences", to="assessments.snapshotrow"
            ),
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("submit", "Submit"),
                            ("send_back", "Send back"),
                            ("forward", "Forward"),
                            ("confirm", "Confirm"),
                            ("reopen", "Reopen"),
                            ("call_up", "Call up for review"),
                            ("release", "Release from review"),
                            ("recheck", "Recheck"),
                            ("withdraw", "Withdraw"),
                            ("resume", "Resume"),
                        ],
                        max_length=12,
                        verbose_name="action",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self_scoring", "Self-scoring"),
                            ("assessing", "Under assessment"),
                            ("reviewing", "Under review"),
                            ("final", "Final"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("self_scoring", "Self-scoring"),
                            ("assessing", "Under assessment"),
                            ("reviewing", "Under review"),
                            ("final", "Final"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                        verbose_name="to",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                ("digest", models.CharField(max_length=64)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="assessments.assessment"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "items",
                    models.ManyToManyField(blank=True, related_name="+", to="rubrics.item", verbose_name="named items"),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "number"), name="step_number_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "action__in",
                                [
                                    "submit",
                                    "send_back",
                                    "forward",
                                    "confirm",
                                    "reopen",
                                    "call_up",
                                    "release",
                                    "recheck",
                                    "withdraw",
                                    "resume",
                                ],
                            )
                        ),
                        name="step_action_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["self_scoring", "assessing", "reviewing", "final", "withdrawn"]),
                            ("target__in", ["self_scoring", "assessing", "reviewing", "final", "withdrawn"]),
                        ),
                        name="step_states_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="sheet",
            name="reopened_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assessments.step",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="recheck",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assessments.step",
            ),
        ),
        migrations.AddField(
            model_name="consequence",
            name="revisit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assessments.step",
            ),
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("branch", models.CharField(max_length=180)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("all", "assessments"),
                            ("total", "totals"),
                            ("section", "sections"),
                            ("item", "items"),
                        ],
                        max_length=7,
                    ),
                ),
                ("of", models.BigIntegerField(default=0)),
                ("points", models.DecimalField(decimal_places=4, default=0, max_digits=10, verbose_name="points")),
                ("band", models.PositiveSmallIntegerField(default=0, verbose_name="band")),
                ("count", models.BigIntegerField(verbose_name="number")),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assessments.cycle"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.organizationkind"
                    ),
                ),
            ],
            options={
                "verbose_name": "tally",
                "verbose_name_plural": "tallies",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["all", "total", "section", "item"])), name="tally_what_known"
                    ),
                    models.UniqueConstraint(
                        fields=("cycle", "what", "kind", "of", "branch", "points", "band"), name="tally_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TallyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("branch", models.CharField(max_length=180)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("all", "assessments"),
                            ("total", "totals"),
                            ("section", "sections"),
                            ("item", "items"),
                        ],
                        max_length=7,
                    ),
                ),
                ("of", models.BigIntegerField(default=0)),
                ("points", models.DecimalField(decimal_places=4, default=0, max_digits=10, verbose_name="points")),
                ("band", models.PositiveSmallIntegerField(default=0, verbose_name="band")),
                ("count", models.BigIntegerField(verbose_name="number")),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assessments.cycle"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.organizationkind"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a tally",
                "verbose_name_plural": "changes of tallies",
                "abstract": False,
                "indexes": [models.Index(fields=["cycle", "what"], name="tally_change_by_cycle")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["all", "total", "section", "item"])),
                        name="tallychange_what_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Title",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(blank=True, max_length=60, verbose_name="person")),
                ("awarded_on", models.DateField(verbose_name="awarded on")),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="document")),
                ("revoked_on", models.DateField(blank=True, null=True, verbose_name="revoked on")),
                ("revoked_for", models.CharField(blank=True, max_length=500, verbose_name="why it was revoked")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="titles", to="orgs.organization"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="assessments.awardround",
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="titles", to="assessments.rung"
                    ),
                ),
            ],
            options={
                "verbose_name": "title",
                "verbose_name_plural": "titles",
                "ordering": ("-awarded_on", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("round__isnull", False), models.Q(("evidence", ""), _negated=True), _connector="OR"
                        ),
                        name="title_from_a_round_or_a_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_for", ""), ("revoked_on__isnull", True)),
                            models.Q(("revoked_on__isnull", False), models.Q(("revoked_for", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="title_revoked_for_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_on__isnull", True)),
                        fields=("rung", "organization", "person"),
                        name="title_held_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YearReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_words", models.CharField(max_length=30, verbose_name="deadline as printed")),
                ("due_on", models.DateField(verbose_name="deadline")),
                ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                ("text", models.TextField(blank=True, max_length=20000, verbose_name="report")),
                ("figures", models.JSONField(default=dict)),
                ("handed_in_at", models.DateTimeField(blank=True, null=True, verbose_name="handed in at")),
                ("returned_for", models.CharField(blank=True, max_length=500, verbose_name="handed back because")),
                ("paper_on", models.DateField(blank=True, null=True, verbose_name="stamped paper received on")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="assessments.cycle"
                    ),
                ),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_reports",
                        to="orgs.organization",
                        verbose_name="reporting union",
                    ),
                ),
                (
                    "paper_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "yearly report",
                "verbose_name_plural": "yearly reports",
                "ordering": ("due_on", "organization__path"),
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "organization"), name="year_report_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("handed_in_at__isnull", True),
                                ("handed_in_by__isnull", True),
                                ("paper_on__isnull", True),
                            ),
                            models.Q(
                                ("handed_in_at__isnull", False),
                                ("handed_in_by__isnull", False),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="year_report_handed_in_by_somebody",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["path", "cycle"], name="assessment_by_path"),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["cycle", "state", "path"], name="assessment_by_state"),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(("state", "final")),
                fields=["cycle", "kind", "-points", "sort_key", "id"],
                name="assessment_by_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(fields=("cycle", "organization"), name="assessment_once_per_cycle"),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(fields=("sheet", "item"), name="mark_once_per_item"),
        ),
        migrations.AddConstraint(
            model_name="consequence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "revocation"), _negated=True),
                fields=("row", "kind"),
                name="consequence_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consequence",
            constraint=models.UniqueConstraint(fields=("revisit",), name="consequence_one_revocation_a_revisit"),
        ),
        migrations.AddConstraint(
            model_name="consequence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "revocation"), ("revisit__isnull", False)),
                    models.Q(
                        models.Q(("kind", "revocation"), _negated=True),
                        ("rank__isnull", True),
                        ("revisit__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="consequence_revocation_has_revisit",
            ),
        ),
    ]
