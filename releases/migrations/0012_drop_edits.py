from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("releases", "0011_move_edits_to_acts")]

    operations = [migrations.DeleteModel(name="MetadataEdit")]
