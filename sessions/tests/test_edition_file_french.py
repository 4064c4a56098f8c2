"""What the team reads in French when a file is refused."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db

EDITION = '[edition]\nnumber = 3\nname = "Rencontres"\nstarts_on = 2026-06-10\n'
SESSION = '[[sessions]]\nkind = "café"\nslug = "3-a"\nday = 1\n'


def _plain_spaces(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def refusal(tmp_path):
    """The first sentence of a refused file, in French."""

    def refusal(text: str) -> str:
        path = tmp_path / "my.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CommandError) as error:
            call_command("load_edition", path)
        return _plain_spaces(str(error.value).split("\n")[0])

    return refusal


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            'booking = "libre"',
            (
                "sessions[1].booking (3-a) : attendu l’un de ces mots : entrée libre, place à"
                ' réserver, choix classés, sur invitation ; trouvé "libre". Vouliez-vous écrire'
                " « entrée libre » ?"
            ),
        ),
        (
            'language = "es"',
            (
                "sessions[1].language (3-a) : attendu l’un de ces mots : français, anglais, fr>en,"
                ' en>fr, fr+en ; trouvé "es".'
            ),
        ),
        (
            'start = "21h"\nend = "1h30"',
            (
                "sessions[1].end (3-a) : la session finit à 01:30, alors qu’elle commence à 21:00."
                ' Une session finit le jour où elle commence : écrivez "23:59", ou laissez l’heure de'
                " fin de côté."
            ),
        ),
    ],
)
def test_refusal_is_a_french_sentence_with_french_words(refusal, line, sentence):
    assert refusal(f"{EDITION}{SESSION}{line}\n").partition(" : ")[2] == sentence


def test_a_far_word_gets_no_suggestion(refusal):
    said = refusal(f'{EDITION}[[partners]]\nkind = "sponsor"\nname = "A"\n')
    assert said.endswith('avec le concours de, partenaire, exposant ; trouvé "sponsor".')


def test_unknown_key_lists_the_known_ones(refusal):
    said = refusal(f'{EDITION}[[venues]]\nname = "A"\nrooms = [{{ nom = "B" }}]\n')
    assert said.endswith("rooms[1].nom (A) : clé inconnue. Les clés sont name, capacity.")


def test_unknown_table_stands_with_its_line(refusal):
    said = refusal(f'{EDITION}\n[[partner]]\nname = "A"\n')
    assert said.startswith("my.toml, ligne 6 : partner : table inconnue.")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("starts_on = 10/06/2026", "Une date s’écrit année-mois-jour"),
        ("starts_on = 2026-13-01", "Une date s’écrit année-mois-jour"),
        ('theme = "Eau', "un texte n’est pas fermé"),
        ("theme = « Eau »", "attendu une valeur"),
        ('theme "Eau"', "il faut un signe ="),
        ('countries = ["FR"', "une liste n’est pas fermée"),
        ("[edition", "les crochets de la table ne sont pas fermés"),
        ('theme = "a\\b\\é"', "une barre oblique inverse s’écrit deux fois"),
        ("number = 3\nnumber = 4", "cette clé figure deux fois"),
        ("[edition]\n[edition]", "cette table figure deux fois"),
        ("= 3", "une ligne est une [table], ou une clé = valeur"),
    ],
)
def test_syntax_is_explained_in_french(refusal, line, reason):
    assert reason in refusal(f"{line}\n")


def test_kosovo_is_a_country(tmp_path, capsys):
    path = tmp_path / "my.toml"
    path.write_text(f'{EDITION}{SESSION}countries = ["XK"]\n', encoding="utf-8")
    call_command("load_edition", path, check=True)
    assert "créé : 1 édition, 1 session" in _plain_spaces(capsys.readouterr().out)
