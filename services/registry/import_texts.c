/* See import_texts.h. */
#include "import_texts.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *english, *dutch;
} texts[] = {
    /* the whole list, and its first line */
    {"there is nothing here: the first line names the columns",
     "hier staat niets: de eerste regel noemt de kolommen"},
    {"there is nobody below the line that names the columns",
     "onder de regel die de kolommen noemt, staat niemand"},
    {"there are over 1,000 people; split the list", "er zijn meer dan 1000 mensen: splits de lijst"},
    {"the list is too long: split it in two, each with this first line",
     "de lijst is te lang: splits ze in twee, elk met deze eerste regel"},
    {"the columns stand apart by tabs: use commas or semicolons",
     "de kolommen staan uit elkaar met tabs: gebruik komma's of puntkomma's"},
    {"none of the columns is known: the first line names them, such as voornaam;naam;postcode;voorkeurtaal",
     "geen enkele kolom is bekend: de eerste regel noemt ze, zoals voornaam;naam;postcode;voorkeurtaal"},
    {"column %zu, %s, is not known: is it %s?", "kolom %zu, %s, is niet bekend: is het %s?"},
    {"column %zu has a name that is not known, such as first_name, last_name, postcode, preferred_language, "
     "phone or email: name it so, or take it out",
     "kolom %zu heeft geen naam die we kennen, zoals voornaam, naam, postcode, voorkeurtaal, telefoon of "
     "e-mail: noem ze zo, of haal ze weg"},
    {"column %zu has no name: give it one, or take the column out",
     "kolom %zu heeft geen naam: geef er een, of haal de kolom weg"},
    {"column %zu, %s, is not taken, as the postcode tells the municipality: take the column out",
     "kolom %zu, %s, is niet nodig, want de postcode zegt de gemeente: haal de kolom weg"},
    {"column %zu, %s, is not taken: roles are given after the import; take the column out",
     "kolom %zu, %s, hoort hier niet: een rol krijgt iemand na het inlezen; haal de kolom weg"},
    {"column %zu, %s, is not kept: take the column out",
     "kolom %zu, %s, wordt niet bewaard: haal de kolom weg"},
    {"the column is there twice", "de kolom staat er twee keer"},
    {"the column is missing", "de kolom ontbreekt"},
    /* a line */
    {"a quote is opened and never closed", "een aanhalingsteken gaat open en nooit dicht"},
    {"text follows a closing quote: write a quote within a field twice",
     "na een sluitend aanhalingsteken volgt tekst: schrijf een aanhalingsteken binnen een veld dubbel"},
    {"the line has too many fields", "de regel heeft te veel velden"},
    {"has %zu fields where the first line has %zu; put quotes around a field that holds the separator",
     "heeft %zu velden en de eerste regel %zu: zet aanhalingstekens om een veld met het scheidingsteken "
     "erin"},
    {"is the same as line %lld: take one of the two out",
     "is gelijk aan regel %lld: haal een van de twee weg"},
    {"is the same as in line %lld", "is hetzelfde als in regel %lld"},
    /* a cell */
    {"has over %zu characters", "heeft meer dan %zu tekens"},
    {"is none of: %s", "is geen van: %s"},
    {"give a postcode of 4 digits", "geef een postcode van 4 cijfers"},
    {"there is no such postcode", "die postcode bestaat niet"},
    {"is the example of the template: take this line out",
     "is van het voorbeeld in de sjabloon: haal deze regel weg"},
    {"the postcode lies in %s, outside this partnership: look whether that is right",
     "de postcode ligt in %s, buiten dit samenwerkingsverband: kijk na of dat klopt"},
    {"there is no name: whoever is registered without one is hard to find again",
     "er staat geen naam: wie zonder naam ingeschreven is, vind je moeilijk terug"},
    {"lies in a municipality that your token does not cover",
     "ligt in een gemeente waarvoor je geen toegang hebt"},
    {"give one language, by its name in Dutch or its code: Arabisch or ar",
     "geef één taal, met haar naam of haar code: Arabisch of ar"},
    {"give a year in 4 digits, from 1900 to this year, or a date with such a year: 1980 or 3/4/1980",
     "geef een jaar in 4 cijfers, van 1900 tot nu, of een datum met zo'n jaar: 1980 of 3/4/1980"},
    {"give years in 4 digits, from 1900 to this year, with a blank between them",
     "geef jaren in 4 cijfers, van 1900 tot nu, met een spatie ertussen"},
    {"lies ahead: give the year of birth, or leave it out",
     "ligt in de toekomst: geef het geboortejaar, of laat het leeg"},
    {"holds over 12 items: keep the 12 that count most",
     "bevat er meer dan 12: houd de 12 die het meest tellen"},
    {"holds an item twice", "bevat iets dubbel"},
    {"holds a language that is not known: give names in Dutch or codes, with a comma between them",
     "bevat een taal die niet bekend is: geef namen of codes, met een komma ertussen"},
    {"%s; is it %s?", "%s; is het %s?"},
    {"holds an interest that is misspelt or cannot be: give words of 2 to 30 letters, with a comma between "
     "them",
     "bevat een interesse die verkeerd gespeld is of niet kan: geef woorden van 2 tot 30 letters, met een "
     "komma ertussen"},
    {"has `en` between a name and a code: give names in Dutch or codes, with a comma between them",
     "heeft `en` tussen een naam en een code: geef namen of codes, met een komma ertussen"},
    {"may be one interest or several: put a comma between interests, and a hyphen within one",
     "kan één interesse zijn of meer: zet een komma tussen interesses, en een streepje binnen één"},
    {"give parts of the week, such as maandagvoormiddag or mon-morning, with a comma between them",
     "geef delen van de week, zoals maandagvoormiddag of za-avond, met een komma ertussen"},
    /* personal.c and insz.c */
    {"holds a line break or another control character", "bevat een regeleinde of een ander stuurteken"},
    {"holds no sign that can be seen", "bevat geen enkel zichtbaar teken"},
    {"is not a mail address, such as name@example.org", "is geen e-mailadres, zoals naam@example.org"},
    {"is not a phone number: begin with 0 in Belgium, or with + and the country code",
     "is geen telefoonnummer: begin met 0 in België, of met + en de landcode"},
    {"is not a national number: give 11 digits", "is geen rijksregisternummer: geef 11 cijfers"},
    {"is not a national number: its first six digits are no date of birth",
     "is geen rijksregisternummer: de eerste zes cijfers zijn geen geboortedatum"},
    {"is not a national number: the check digits do not fit; look for a typing error",
     "is geen rijksregisternummer: de controlecijfers kloppen niet; zoek een tikfout"},
};

const char *import_text_dutch(const char *english)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(texts[i].english, english) == 0)
            return texts[i].dutch;
    return english;
}
