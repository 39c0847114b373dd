"""Codes of countries (ISO 3166-1 alpha-2, and XK as carriers use it) and languages (ISO 639-1)."""

_COUNTRIES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())

# Codes that people write and that are not the country's.
COUNTRY_SLIPS = {"UK": "GB", "EL": "GR", "EN": "GB", "USA": "US", "JA": "JP", "KO": "KR"}
COUNTRY_SLIPS |= {"AUT": "AT", "AUS": "AU", "BEL": "BE", "CAN": "CA", "CHE": "CH", "CHN": "CN"}
COUNTRY_SLIPS |= {"DEU": "DE", "GER": "DE", "DNK": "DK", "ESP": "ES", "FRA": "FR", "GBR": "GB"}
COUNTRY_SLIPS |= {"IRL": "IE", "ITA": "IT", "JPN": "JP", "MEX": "MX", "NLD": "NL", "NOR": "NO"}
COUNTRY_SLIPS |= {"POL": "PL", "PRT": "PT", "SWE": "SE"}

_COUNTRY_NAMES = """
    AT austria, österreich; AU australia; BE belgium; BR brazil; CA canada; CH switzerland, schweiz;
    CN china; CZ czechia; DE germany, deutschland; DK denmark; ES spain, españa; FI finland;
    FR france; GB great britain, united kingdom, england; GR greece; HK hong kong; HU hungary;
    IE ireland; IN india; IT italy, italia; JP japan; KR korea, south korea; LU luxembourg;
    MX mexico; NL netherlands, the netherlands, holland; NO norway; NZ new zealand; PL poland;
    PT portugal; SE sweden; SG singapore; TR turkey; TW taiwan; US united states, america
"""


def _by_name(written: str) -> dict[str, str]:
    """The codes in `XX name, name; YY name` by their names."""
    pairs = (part.split(maxsplit=1) for part in written.split(";"))
    return {name.strip(): code for code, names in pairs for name in names.split(",")}


# Names of the countries that shops send most to, as people write them.
COUNTRY_NAMES = _by_name(_COUNTRY_NAMES)

_LANGUAGES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
    tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_LANGUAGES.split())

_LANGUAGE_NAMES = """
    ar arabic; cs czech; da danish; de german, deutsch; el greek; en english; es spanish, español;
    fi finnish; fr french, français; hu hungarian; it italian, italiano; ja japanese; ko korean;
    nl dutch; no norwegian; pl polish; pt portuguese; ru russian; sv swedish; tr turkish; zh chinese
"""
# Names of the languages that customers write most, in English and as they call them.
LANGUAGE_NAMES = _by_name(_LANGUAGE_NAMES)
