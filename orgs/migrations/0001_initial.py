import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import orgs.models.person
import orgs.models.upload
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "aliases",
                    models.CharField(
                        blank=True,
                        help_text="Names that documents use for it, separated by spaces",
                        max_length=200,
                        verbose_name="other names",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
                "ordering": ("position", "name"),
            },
        ),
        migrations.CreateModel(
            name="OrganizationKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "organisation kind",
                "verbose_name_plural": "organisation kinds",
                "ordering": ("position", "code"),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("full_name", models.CharField(max_length=60, verbose_name="full name")),
                (
                    "phone",
                    models.CharField(blank=True, max_length=20, null=True, unique=True, verbose_name="phone number"),
                ),
                ("sort_key", models.CharField(blank=True, db_index=True, editable=False, max_length=240)),
                ("must_change_password", models.BooleanField(default=False, verbose_name="must change the password")),
                (
                    "password_expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="initial password valid until"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("phone__isnull", True), models.Q(("phone", ""), _negated=True), _connector="OR"
                        ),
                        name="user_phone_null_or_text",
                    )
                ],
            },
            managers=[
                ("objects", orgs.models.person.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="time")),
                ("path", models.CharField(db_index=True, editable=False, max_length=180)),
                (
                    "subject",
                    models.CharField(
                        choices=[("organization", "Organisation"), ("department", "Department"), ("person", "Person")],
                        editable=False,
                        max_length=12,
                        verbose_name="subject",
                    ),
                ),
                ("subject_id", models.BigIntegerField(editable=False)),
                ("name", models.CharField(editable=False, max_length=120, verbose_name="name")),
                ("field", models.CharField(editable=False, max_length=20, verbose_name="field")),
                ("old", models.TextField(blank=True, editable=False, verbose_name="before")),
                ("new", models.TextField(blank=True, editable=False, verbose_name="after")),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_made",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ("-pk",),
                "abstract": False,
                "indexes": [models.Index(fields=["subject", "subject_id"], name="change_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subject__in", ["organization", "department", "person"])),
                        name="change_subject_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownHeader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("organizations", "Organisations"), ("people", "People")], max_length=14),
                ),
                ("heading", models.CharField(max_length=120)),
                ("field", models.CharField(blank=True, max_length=30)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_headers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "known heading",
                "verbose_name_plural": "known headings",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "heading"), name="known_header_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["organizations", "people"])), name="known_header_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "code",
                    models.CharField(
                        blank=True, max_length=18, null=True, unique=True, verbose_name="unified social credit code"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("city", "City"),
                            ("county", "County"),
                            ("industry", "Industry"),
                            ("township", "Township"),
                            ("grassroots", "Grassroots"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=180, unique=True)),
                ("sort_key", models.CharField(editable=False, max_length=240)),
                ("members", models.PositiveIntegerField(blank=True, null=True, verbose_name="members")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="contact person")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="contact phone")),
                (
                    "industrial_union",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliates",
                        to="orgs.organization",
                        verbose_name="industrial union",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="orgs.organization",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="orgs.organization",
                        verbose_name="superior union",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organizations",
                        to="orgs.organizationkind",
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ("path",),
                "indexes": [models.Index(fields=["parent", "sort_key", "id"], name="organization_children")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__in", ["province", "city", "county", "industry", "township", "grassroots"])
                        ),
                        name="organization_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__isnull", True), models.Q(("code", ""), _negated=True), _connector="OR"
                        ),
                        name="organization_code_null_or_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True), ("closed_on__isnull", False), _connector="OR"
                        ),
                        name="organization_merged_is_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("industrial_union__isnull", True),
                            models.Q(("industrial_union", models.F("parent")), _negated=True),
                            _connector="OR",
                        ),
                        name="organization_two_superiors_differ",
                    ),
                    models.UniqueConstraint(fields=("parent", "name"), name="organization_name_unique_under_parent"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clerk", "Clerk"),
                            ("chair", "Chair"),
                            ("department_assessor", "Department assessor"),
                            ("assessor", "Assessor"),
                            ("reviewer", "Reviewer"),
                            ("admin", "Administrator"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="orgs.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="orgs.organization",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                ["clerk", "chair", "department_assessor", "assessor", "reviewer", "admin", "auditor"],
                            )
                        ),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", False), ("role", "department_assessor")),
                            models.Q(
                                models.Q(("role", "department_assessor"), _negated=True), ("department__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="membership_department_iff_department_assessor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", True)),
                        fields=("user", "organization", "role"),
                        name="membership_unique",
                    ),
                    models.UniqueConstraint(fields=("user", "department"), name="membership_unique_in_department"),
                ],
            },
        ),
        migrations.AddField(
            model_name="department",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="departments",
                to="orgs.organization",
                verbose_name="organisation",
            ),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("organizations", "Organisations"), ("people", "People")],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("matching", "Columns to be matched"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("writing", "Being written"),
                            ("done", "Written"),
                            ("failed", "Failed"),
                            ("discarded", "Discarded"),
                        ],
                        default="matching",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="time")),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("file", models.FileField(upload_to=orgs.models.upload.upload_path, verbose_name="file")),
                ("format", models.CharField(max_length=5)),
                ("encoding", models.CharField(blank=True, max_length=12)),
                ("table", models.CharField(blank=True, max_length=100, verbose_name="sheet")),
                ("header_row", models.PositiveIntegerField(default=1)),
                ("columns", models.JSONField(default=list)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("figures", models.JSONField(default=dict)),
                ("seen", models.PositiveBigIntegerField(default=0)),
                ("sentence", models.TextField(blank=True)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="orgs.organization",
                        verbose_name="branch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "uploaded list",
                "verbose_name_plural": "uploaded lists",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["organizations", "people"])), name="upload_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["matching", "checking", "checked", "writing", "done", "failed", "discarded"])
                        ),
                        name="upload_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("wrong", "Wrong"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120)),
                ("values", models.JSONField(default=dict)),
                ("changes", models.JSONField(default=list)),
                ("problems", models.JSONField(default=list)),
                ("target", models.BigIntegerField(blank=True, null=True)),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="orgs.upload"
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a list",
                "verbose_name_plural": "rows of a list",
                "ordering": ("number",),
                "indexes": [models.Index(fields=["upload", "outcome", "number"], name="upload_rows_by_outcome")],
                "constraints": [
                    models.UniqueConstraint(fields=("upload", "number"), name="upload_row_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["new", "changed", "unchanged", "wrong"])),
                        name="upload_row_outcome_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.UniqueConstraint(fields=("organization", "name"), name="department_name_unique"),
        ),
    ]
