/* See names.h. Plain Latin letters: what a clerk would have typed. */
#include "simulate/names.h"

#include <string.h>

static const struct names table[] = {
    {"nl",
     {"An", "Els", "Griet", "Hilde", "Katrien", "Lieve", "Marleen", "Nele", "Sofie", "Tine"},
     {"Bart", "Dirk", "Filip", "Geert", "Jan", "Koen", "Luc", "Pieter", "Stijn", "Wim"},
     {"Aerts", "Claes", "De Smet", "Goossens", "Jacobs", "Maes", "Mertens", "Peeters", "Van Damme",
      "Vermeulen", "Willems", "Wouters"}},
    {"ar",
     {"Amal", "Fatima", "Hanan", "Iman", "Layla", "Maryam", "Nour", "Rania", "Salma", "Zahra"},
     {"Ahmad", "Bilal", "Hassan", "Ibrahim", "Karim", "Mahmoud", "Omar", "Samir", "Tarek", "Youssef"},
     {"Al Ahmad", "Al Hamwi", "Darwish", "Haddad", "Hamdan", "Ibrahim", "Khalil", "Mansour", "Nasser",
      "Saleh", "Shami", "Youssef"}},
    {"ti",
     {"Abeba", "Almaz", "Eden", "Freweyni", "Helen", "Letay", "Mebrat", "Saba", "Senait", "Winta"},
     {"Abel", "Berhane", "Daniel", "Filmon", "Haile", "Kidane", "Mehari", "Samuel", "Tesfay", "Yonas"},
     {"Abraha", "Berhe", "Gebre", "Haile", "Kahsay", "Kidane", "Mehari", "Negash", "Tekle", "Tesfay", "Weldu",
      "Yohannes"}},
    {"fa",
     {"Azadeh", "Fereshta", "Laila", "Mahsa", "Nasrin", "Parisa", "Shabnam", "Soraya", "Yasmin", "Zohra"},
     {"Ali", "Farhad", "Habib", "Jawad", "Mahdi", "Nasir", "Omid", "Reza", "Said", "Zia"},
     {"Ahmadi", "Ebrahimi", "Ghafari", "Haidari", "Hosseini", "Karimi", "Mohammadi", "Noori", "Rahimi",
      "Rezai", "Sharifi", "Zamani"}},
    {"uk",
     {"Anna", "Iryna", "Kateryna", "Larysa", "Maria", "Nadiia", "Oksana", "Olena", "Svitlana", "Tetiana"},
     {"Andrii", "Bohdan", "Dmytro", "Ihor", "Ivan", "Maksym", "Mykola", "Oleh", "Serhii", "Taras"},
     {"Bondarenko", "Boyko", "Hrytsenko", "Koval", "Kravchenko", "Lysenko", "Melnyk", "Oliinyk", "Petrenko",
      "Shevchenko", "Tkachenko", "Tkachuk"}},
    {"tr",
     {"Ayse", "Elif", "Emine", "Fatma", "Hatice", "Meryem", "Ozlem", "Selin", "Yasemin", "Zeynep"},
     {"Ali", "Emre", "Hakan", "Hasan", "Kemal", "Mehmet", "Murat", "Mustafa", "Serkan", "Yusuf"},
     {"Aydin", "Celik", "Demir", "Dogan", "Kaya", "Koc", "Ozturk", "Sahin", "Yildirim", "Yildiz", "Yilmaz",
      "Arslan"}},
    {"so",
     {"Amina", "Asha", "Deeqa", "Fadumo", "Halima", "Hodan", "Ifrah", "Khadra", "Nimo", "Sahra"},
     {"Abdi", "Abdullahi", "Ahmed", "Ali", "Farah", "Hassan", "Ismail", "Mohamed", "Omar", "Yusuf"},
     {"Abdi", "Adan", "Ali", "Farah", "Hassan", "Hussein", "Ibrahim", "Jama", "Mohamed", "Nur", "Osman",
      "Warsame"}},
    {"ro",
     {"Alina", "Andreea", "Daniela", "Elena", "Gabriela", "Ioana", "Maria", "Mihaela", "Raluca", "Simona"},
     {"Adrian", "Alexandru", "Bogdan", "Cristian", "Florin", "Ion", "Marius", "Mihai", "Radu", "Vasile"},
     {"Constantin", "Dumitru", "Florea", "Gheorghe", "Ionescu", "Marin", "Munteanu", "Popa", "Popescu",
      "Radu", "Stan", "Stoica"}},
    {"en",
     {"Blessing", "Esther", "Faith", "Grace", "Hope", "Joy", "Mary", "Patience", "Ruth", "Sarah"},
     {"Daniel", "David", "Emmanuel", "Isaac", "James", "John", "Joseph", "Michael", "Peter", "Samuel"},
     {"Adeyemi", "Asante", "Bello", "Boateng", "Johnson", "Mensah", "Obi", "Okafor", "Osei", "Owusu", "Smith",
      "Williams"}},
    {"fr",
     {"Aline", "Chantal", "Clarisse", "Esperance", "Grace", "Josephine", "Marie", "Nadine", "Sylvie",
      "Yvette"},
     {"Alain", "Christian", "Emmanuel", "Jean", "Joseph", "Olivier", "Patrick", "Paul", "Pierre", "Serge"},
     {"Bahati", "Diallo", "Ilunga", "Kabongo", "Kalala", "Lukusa", "Mbala", "Mukendi", "Ndiaye", "Ngoy",
      "Traore", "Tshibangu"}},
};

const struct names *names_of(const char *language)
{
    const struct names *english = NULL;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].language, language) == 0)
            return &table[i];
        if (strcmp(table[i].language, "en") == 0)
            english = &table[i];
    }
    return english;
}
