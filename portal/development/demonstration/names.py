"""Names as in a British town. Any likeness to a real person is chance."""

from portal.vocabulary import AdministrativeGender

FEMALE, MALE = AdministrativeGender.FEMALE, AdministrativeGender.MALE

ORIGINS: tuple[dict[AdministrativeGender | str, str], ...] = (
    {
        FEMALE: "Olivia Margaret Charlotte Hannah Beatrice Gemma Joan Poppy Eleanor Ruth",
        MALE: "George Harry Arthur Simon Peter Oliver Derek Alfie Martin Thomas",
        "family": "Walker Hughes Thompson Baker Whitfield Marsh Barlow Fletcher Holt Cartwright",
    },
    {
        FEMALE: "Eilidh Morag Siobhán Niamh Carys Angharad Fiona Róisín",
        MALE: "Hamish Rhys Cillian Gethin Angus Declan Iain Emyr",
        "family": "MacLeod Pritchard O'Neill Llewellyn Gallagher Sinclair Byrne ap-Rhys",
    },
    {
        FEMALE: "Ananya Meera Harpreet Sunita Kavita Ishani",
        MALE: "Arjun Gurpreet Vikram Sanjay Rohan Kabir",
        "family": "Sharma Kaur Patel Nair Chowdhury Banerjee",
    },
    {
        FEMALE: "Aisha Zainab Maryam Nadia Samira Yasmin",
        MALE: "Bilal Yusuf Imran Tariq Hamza Karim",
        "family": "Hussain Begum Khan El-Sayed Mahmood Benali",
    },
    {
        FEMALE: "Adaeze Abena Folasade Wanjiru Thandiwe Makeda",
        MALE: "Kwame Chidi Babatunde Kofi Sipho Dawit",
        "family": "Adeyemi Boateng Mwangi Ndlovu Tesfaye Obi",
    },
    {
        FEMALE: "Agnieszka Ioana Katarzyna Oksana Zuzana Elena",
        MALE: "Piotr Andrei Jakub Mykola Štefan Dimitar",
        "family": "Kowalska-Nowak Popescu Wiśniewski Shevchenko Novák Đorđević",
    },
    {
        FEMALE: "Mei Xiulan Linh Haruka Ji-woo Marisol",
        MALE: "Jun Wei Minh Kenta Min-jun Rafael",
        "family": "Wong Zhang Nguyễn Sato Kim Santos",
    },
    {
        FEMALE: "Shanice Keisha Marcia Lucía Beatriz Inês",
        MALE: "Marlon Delroy Winston Diego Tiago João",
        "family": "Campbell Clarke Grant Fernández Peña da-Silva",
    },
)

STREETS = (
    *("Mill Lane", "Station Road", "Church Street", "Orchard Close", "Canal Walk", "Elm Grove"),
    *("Victoria Terrace", "Harbour View", "Market Place", "Priory Road", "Quarry Hill"),
)

LANGUAGES: dict[int, tuple[str, ...]] = {
    2: ("pa", "hi"),
    3: ("ur", "ar"),
    5: ("pl", "ro"),
    6: ("zh", "vi"),
    7: ("es", "pt"),
}
"""By origin: languages that some people prefer to English (BCP 47)."""
