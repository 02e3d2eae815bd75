
import broadsheet.access.terms
import broadsheet.newsroom.fields
import broadsheet.newsroom.models.standing
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('standfirst', models.TextField(blank=True)),
                ('audience', models.CharField(choices=[('open', 'Open'), ('registered', 'Registered'), ('metered', 'Metered'), ('members', 'Members')], default=broadsheet.access.terms.Audience['METERED'], max_length=12)),
                ('dated_at', models.DateTimeField(blank=True, db_index=True, help_text='Empty: when it is first published.', null=True)),
                ('embargoed_until', models.DateTimeField(blank=True, help_text='Not printed before, whoever publishes it.', null=True)),
                ('dateline', models.CharField(blank=True, max_length=80)),
                ('lead_caption', models.CharField(blank=True, max_length=300)),
                ('lead_credit', models.CharField(blank=True, max_length=200)),
                ('editors_note', models.TextField(blank=True)),
                ('body', wagtail.fields.StreamField([('paragraph', 0), ('heading', 1), ('subheading', 1), ('quotation', 0), ('list', 2), ('table', 5), ('picture', 8), ('chart', 14), ('pull', 1), ('embed', 16), ('footnote', 17), ('wall', 18)], blank=True, block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'superscript']}), 1: ('wagtail.blocks.CharBlock', (), {}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'superscript', 'ul', 'ol']}), 3: ('wagtail.blocks.CharBlock', (), {'required': False}), 4: ('broadsheet.newsroom.blocks.RowsBlock', (), {}), 5: ('wagtail.blocks.StructBlock', [[('caption', 3), ('rows', 4)]], {}), 6: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'What it shows, for those who cannot see it.'}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('alt', 7), ('caption', 3), ('credit', 3)]], {}), 9: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('line', 'Line'), ('bar', 'Bar')]}), 10: ('broadsheet.newsroom.blocks.WordsBlock', (), {}), 11: ('broadsheet.newsroom.blocks.NumbersBlock', (), {}), 12: ('wagtail.blocks.StructBlock', [[('name', 1), ('values', 11)]], {}), 13: ('wagtail.blocks.ListBlock', (12,), {}), 14: ('wagtail.blocks.StructBlock', [[('title', 1), ('kind', 9), ('unit', 3), ('source', 3), ('labels', 10), ('series', 13)]], {}), 15: ('wagtail.blocks.URLBlock', (), {}), 16: ('wagtail.blocks.StructBlock', [[('url', 15), ('title', 1)]], {}), 17: ('wagtail.blocks.StructBlock', [[('mark', 1), ('text', 0)]], {}), 18: ('wagtail.blocks.static_block.StaticBlock', (), {'admin_text': 'The free part ends here.'})})),
                ('words', models.PositiveIntegerField(default=0, editable=False, help_text='Counted when it is saved.')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('source', models.CharField(blank=True, editable=False, help_text='Importer that brought it.', max_length=40)),
                ('source_id', models.CharField(blank=True, editable=False, max_length=200)),
                ('source_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('lead_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image')),
            ],
            bases=(broadsheet.newsroom.models.standing.OnTheSite, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ArticleIndex',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('article_type', models.CharField(max_length=20, unique=True)),
            ],
            options={
                'abstract': False,
            },
            bases=(broadsheet.newsroom.models.standing.OnTheSite, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Country',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('standfirst', models.TextField(blank=True, help_text='One or two sentences at the head of its page.')),
                ('code', models.CharField(max_length=2, unique=True, verbose_name='ISO 3166 code')),
            ],
            options={
                'verbose_name_plural': 'countries',
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('standfirst', models.TextField(blank=True, help_text='One or two sentences at the head of its page.')),
            ],
            options={
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('standfirst', models.TextField(blank=True, help_text='One or two sentences at the head of its page.')),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['order', 'name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('standfirst', models.TextField(blank=True, help_text='One or two sentences at the head of its page.')),
            ],
            options={
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('standfirst', models.TextField(blank=True, help_text='One or two sentences at the head of its page.')),
            ],
            options={
                'verbose_name_plural': 'series',
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Briefing',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.CreateModel(
            name='Column',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
                ('slot', models.CharField(blank=True, help_text='The weekday on which this column appears.', max_length=9)),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.CreateModel(
            name='EditionPage',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
                ('links', wagtail.fields.StreamField([('link', 6)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {}), 1: ('wagtail.blocks.URLBlock', (), {}), 2: ('wagtail.blocks.CharBlock', (), {'required': False}), 3: ('wagtail.blocks.IntegerBlock', (), {'required': False}), 4: ('wagtail.blocks.BooleanBlock', (), {'required': False}), 5: ('wagtail.blocks.TextBlock', (), {'required': False}), 6: ('wagtail.blocks.StructBlock', [[('headline', 0), ('url', 1), ('outlet', 0), ('author', 2), ('minutes', 3), ('paywalled', 4), ('note', 5)]], {})})),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
                ('report_kind', models.CharField(choices=[('feature', 'Feature'), ('special', 'Special Report'), ('country', 'Country Report')], default='feature', max_length=8)),
                ('key_points', broadsheet.newsroom.fields.LinesField(blank=True, default=list, help_text='One a line. The first stands before the wall.')),
                ('chapters', wagtail.fields.StreamField([('chapter', 20)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'superscript']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'superscript', 'ul', 'ol']}), 3: ('wagtail.blocks.CharBlock', (), {'required': False}), 4: ('broadsheet.newsroom.blocks.RowsBlock', (), {}), 5: ('wagtail.blocks.StructBlock', [[('caption', 3), ('rows', 4)]], {}), 6: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'What it shows, for those who cannot see it.'}), 8: ('wagtail.blocks.StructBlock', [[('image', 6), ('alt', 7), ('caption', 3), ('credit', 3)]], {}), 9: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('line', 'Line'), ('bar', 'Bar')]}), 10: ('broadsheet.newsroom.blocks.WordsBlock', (), {}), 11: ('broadsheet.newsroom.blocks.NumbersBlock', (), {}), 12: ('wagtail.blocks.StructBlock', [[('name', 0), ('values', 11)]], {}), 13: ('wagtail.blocks.ListBlock', (12,), {}), 14: ('wagtail.blocks.StructBlock', [[('title', 0), ('kind', 9), ('unit', 3), ('source', 3), ('labels', 10), ('series', 13)]], {}), 15: ('wagtail.blocks.URLBlock', (), {}), 16: ('wagtail.blocks.StructBlock', [[('url', 15), ('title', 0)]], {}), 17: ('wagtail.blocks.StructBlock', [[('mark', 0), ('text', 1)]], {}), 18: ('wagtail.blocks.static_block.StaticBlock', (), {'admin_text': 'The free part ends here.'}), 19: ('wagtail.blocks.StreamBlock', [[('paragraph', 1), ('heading', 0), ('subheading', 0), ('quotation', 1), ('list', 2), ('table', 5), ('picture', 8), ('chart', 14), ('pull', 0), ('embed', 16), ('footnote', 17), ('wall', 18)]], {}), 20: ('wagtail.blocks.StructBlock', [[('title', 0), ('body', 19)]], {})})),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.CreateModel(
            name='Roundup',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
                ('links', wagtail.fields.StreamField([('link', 6)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {}), 1: ('wagtail.blocks.URLBlock', (), {}), 2: ('wagtail.blocks.CharBlock', (), {'required': False}), 3: ('wagtail.blocks.IntegerBlock', (), {'required': False}), 4: ('wagtail.blocks.BooleanBlock', (), {'required': False}), 5: ('wagtail.blocks.TextBlock', (), {'required': False}), 6: ('wagtail.blocks.StructBlock', [[('headline', 0), ('url', 1), ('outlet', 0), ('author', 2), ('minutes', 3), ('paywalled', 4), ('note', 5)]], {})})),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('standfirst', models.TextField(blank=True, help_text='One or two sentences at the head of its page.')),
                ('bio', models.TextField(blank=True)),
                ('columnist_slot', models.CharField(blank=True, help_text="The weekday of this columnist's column.", max_length=9)),
                ('photograph', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image')),
            ],
            options={
                'ordering': ['name'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Byline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('article', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='bylines', to='newsroom.article')),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bylines', to='newsroom.contributor')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('corrected_at', models.DateTimeField()),
                ('text', models.TextField()),
                ('article', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='newsroom.article')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='article',
            name='countries',
            field=modelcluster.fields.ParentalManyToManyField(blank=True, related_name='articles', to='newsroom.country'),
        ),
        migrations.AddField(
            model_name='article',
            name='main_country',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='newsroom.country'),
        ),
        migrations.CreateModel(
            name='FrontPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('lead', models.ForeignKey(blank=True, help_text='Empty: the newest.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='newsroom.article')),
                ('report_of_the_week', models.ForeignKey(blank=True, help_text='Empty: the newest report.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='newsroom.report')),
            ],
            options={
                'abstract': False,
            },
            bases=(broadsheet.newsroom.models.standing.OnTheSite, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='FrontSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('until', models.DateTimeField(blank=True, help_text='From then on filled by rule again.', null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.article')),
                ('front', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='newsroom.frontpage')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='article',
            name='issues',
            field=modelcluster.fields.ParentalManyToManyField(blank=True, related_name='articles', to='newsroom.issue'),
        ),
        migrations.CreateModel(
            name='NewsroomRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cut_words', models.PositiveSmallIntegerField(default=100, help_text='The wall stands at the end of a paragraph, near this number.', validators=[django.core.validators.MinValueValidator(20), django.core.validators.MaxValueValidator(1000)], verbose_name='words before the wall')),
                ('listing_length', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(100)], verbose_name='articles on a listing page')),
                ('related_articles', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(12)], verbose_name='related articles under an article')),
                ('map_viewpoint', models.CharField(blank=True, help_text='ISO code; empty: disputed borders stay dashed.', max_length=2, verbose_name='viewpoint of locator maps')),
            ],
            options={
                'verbose_name': 'Newsroom',
                'constraints': [models.CheckConstraint(condition=models.Q(('cut_words__range', (20, 1000))), name='the_wall_stands_after_20_to_1000_words'), models.CheckConstraint(condition=models.Q(('listing_length__range', (1, 100))), name='a_listing_page_holds_1_to_100_articles'), models.CheckConstraint(condition=models.Q(('related_articles__range', (0, 12))), name='an_article_names_at_most_12_related')],
            },
        ),
        migrations.AddField(
            model_name='country',
            name='regions',
            field=models.ManyToManyField(blank=True, related_name='countries', to='newsroom.region'),
        ),
        migrations.AddField(
            model_name='article',
            name='regions',
            field=modelcluster.fields.ParentalManyToManyField(blank=True, related_name='articles', to='newsroom.region'),
        ),
        migrations.CreateModel(
            name='RelatedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('article', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='related', to='newsroom.article')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.article')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='article',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='articles', to='newsroom.section'),
        ),
        migrations.AddField(
            model_name='article',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='articles', to='newsroom.series'),
        ),
        migrations.CreateModel(
            name='Interview',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
                ('expert', models.CharField(blank=True, max_length=120)),
                ('expert_role', models.CharField(blank=True, max_length=300)),
                ('talk', wagtail.fields.StreamField([('exchange', 2)], blank=True, block_lookup={0: ('wagtail.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'superscript', 'ul', 'ol', 'blockquote']}), 2: ('wagtail.blocks.StructBlock', [[('question', 0), ('answer', 1)]], {})})),
                ('interviewer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='newsroom.contributor')),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.CreateModel(
            name='Podcast',
            fields=[
                ('article_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='newsroom.article')),
                ('episode', models.PositiveIntegerField(blank=True, null=True)),
                ('duration', models.CharField(blank=True, max_length=8)),
                ('recording', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtaildocs.document')),
            ],
            options={
                'abstract': False,
            },
            bases=('newsroom.article',),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('source', 'source_id'), name='an_import_brings_an_item_once'),
        ),
    ]
