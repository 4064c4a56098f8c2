"""Words in any order, without accents and capitals, on both databases alike."""

import pytest

from raict.countries import countries_named
from raict.mail.models import Message
from registrations.models import Organisation, Registration
from registrations.tests.factories import OrganisationFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def elodie():
    return RegistrationFactory(
        title="Dre",
        first_name="Élodie",
        last_name="N’Diaye-Lefèvre",
        email="elodie.nd@example.org",
        function="Chargée de coopération",
        organisation=OrganisationFactory(name="Ville de Saint-Étienne"),
        country="SN",
        reference="K7XQ2345BC",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("elodie", True),
        ("ÉLODIE", True),
        ("lefevre elodie", True),
        ("Élodie N'Diaye", True),
        ("lod diay", True),
        ("dre", True),
        ("elodie.nd@example.org", True),
        ("chargee cooperation", True),
        ("etienne", True),
        ("elodie etienne", True),
        ("k7xq2345bc", True),
        ("k7xq", True),
        ("senegal", True),
        ("Élodie Sénégal", True),
        ("Senegal Etienne", True),
        ("sen", False),
        ("elodie mali", False),
        ("elodie lyon", False),
        ("100%", False),
        ("_lodie", True),
    ],
)
def test_registrations_are_found_by_words(elodie, text, found):
    RegistrationFactory(first_name="Paul", last_name="Martin", function="", organisation=None)
    assert list(Registration.objects.search(text)) == ([elodie] if found else [])


def test_no_words_leave_the_rows_as_they_are(elodie):
    assert list(Registration.objects.search(" … ")) == [elodie]


def test_a_renamed_organisation_is_found_by_its_new_name_alone(elodie):
    organisation = elodie.organisation
    organisation.name = "Métropole du Forez"
    organisation.save()
    found = [list(Registration.objects.search(text)) for text in ("forez", "etienne")]
    assert found == [[elodie], []]


@pytest.mark.parametrize("columns", [None, ["last_name"], ["last_name", "state"]])
def test_a_changed_name_is_found_however_it_is_saved(elodie, columns):
    elodie.last_name = "Çelik"
    elodie.save(update_fields=columns)
    found = [list(Registration.objects.search(text)) for text in ("celik", "lefevre")]
    assert found == [[elodie], []]


def test_saving_other_columns_leaves_the_search_alone(elodie, django_assert_num_queries):
    row = Registration.objects.only("pk", "state").get(pk=elodie.pk)
    with django_assert_num_queries(1):
        row.save(update_fields=["state"])


def test_rows_written_in_bulk_are_found(elodie):
    copies = [
        Registration(edition=elodie.edition, category=elodie.category, country="FR", last_name=name)
        for name in ("Óscar", "Zoë")
    ]
    for copy in copies:
        copy.email = f"{copy.reference}@example.org"
    Registration.objects.bulk_create(copies)
    Organisation.objects.bulk_create([Organisation(name="Pays de Gâtine")])
    assert [one.last_name for one in Registration.objects.search("oscar")] == ["Óscar"]
    assert [one.name for one in Organisation.objects.search("gatine pays")] == ["Pays de Gâtine"]


def test_a_long_text_is_kept_as_far_as_the_column_goes():
    long = RegistrationFactory(first_name="ﷺ" * 100, last_name="x" * 100)
    assert len(Registration.objects.get(pk=long.pk).searched) == 800


def test_messages_are_found_by_recipient_subject_and_reference():
    row = {"template": "test", "language": "fr", "text": "Texte"}
    message = Message.objects.create(
        to="awa@example.org", subject="Votre inscription confirmée", reference="K7XQ", **row
    )
    Message.objects.create(to="paul@example.org", subject="Rappel", **row)
    for text in ("awa", "CONFIRMEE votre", "k7xq", "awa confirmée"):
        assert list(Message.objects.search(text)) == [message], text
    assert Message.objects.search("").count() == 2


@pytest.mark.parametrize(
    ("word", "codes"),
    [("cameroun", ["CM"]), ("cameroon", ["CM"]), ("came", ["CM"]), ("cam", []), ("ivoire", ["CI"])],
)
def test_countries_are_named_by_the_beginning_of_a_word(word, codes):
    assert countries_named(word) == codes
