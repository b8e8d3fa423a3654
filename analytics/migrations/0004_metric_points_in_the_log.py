import cjm.lib.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analytics", "0003_store_state")]

    operations = [
        migrations.AddField(
            model_name="metricpoint",
            name="deleted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="metricpoint",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="metricpoint",
            name="updated_at",
            field=models.DateTimeField(default=cjm.lib.clock.now),
        ),
        migrations.AddIndex(
            model_name="metricplacement",
            index=models.Index(fields=["workspace", "stage", "rank"], name="metric_placement_by_rank"),
        ),
    ]
