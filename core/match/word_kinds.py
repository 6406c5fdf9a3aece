"""Kinds of words that values are made of and that tell columns apart: given names, places, firms, function words."""

_KINDS = {
    "given name": """
        james john robert michael william david richard joseph thomas charles christopher daniel matthew
        anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason
        jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel
        gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry douglas
        zachary peter kyle noah ethan jeremy walter christian keith roger terry austin sean gerald carl harold
        dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah
        wayne randy vincent mason roy ralph bobby russell bradley philip eugene tom tim jim mike bob bill dave
        chris steve dan ben sam mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa
        nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah
        stephanie rebecca laura sharon cynthia kathleen amy angela shirley anna brenda pamela emma nicole
        helen samantha katherine christine debra rachel carolyn janet maria catherine heather diane olivia
        julie joyce victoria kelly christina joan evelyn lauren judith megan alice ann anne jean doris kate
        lucy jane rose martha hans peter klaus wolfgang jürgen dieter manfred uwe günter horst bernd stefan
        andreas matthias markus martin sebastian tobias florian jan lukas felix jonas ursula monika petra
        sabine renate helga karin brigitte ingrid erika andrea gisela claudia pierre jacques philippe françois
        nicolas louis antoine julien luc marie sophie claire isabelle nathalie camille carlos luis miguel
        javier antonio manuel francisco pedro pablo diego jorge alejandro fernando sergio carmen ana lucia
        elena giovanni marco luca giuseppe francesco mario roberto giulia chiara francesca olga ivan dmitri
        natasha sergei mohammed ahmed ali fatima omar hassan wei li ming yuki hiroshi kenji priya raj amit
        sanjay anil ravi
        """,
    "month": """
        january february march april may june july august september october november december jan feb mar apr
        jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février
        avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio
        agosto septiembre octubre noviembre diciembre
        """,
    "weekday": """
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
        montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi
        dimanche lunes martes miércoles jueves viernes sábado domingo daily weekdays weekend
        """,
    "country": """
        usa us uk gb germany deutschland france italy italia spain españa portugal austria österreich
        switzerland schweiz netherlands belgium denmark sweden norway finland poland czech hungary romania
        bulgaria greece turkey russia ukraine ireland scotland wales england britain canada mexico brazil
        argentina chile colombia peru venezuela china japan india korea australia zealand africa egypt israel
        nigeria kenya morocco thailand vietnam indonesia malaysia singapore philippines pakistan iran iraq
        saudi arabia america american states united kingdom republic europe asia de fr
        """,
    "language": """
        english german french spanish italian portuguese dutch russian chinese japanese arabic hindi korean
        turkish polish swedish danish norwegian finnish greek latin hebrew czech hungarian mandarin deutsch
        englisch français anglais español inglés
        """,
    "place": """
        city county north south east west new san los las saint port lake river mount beach park valley hill
        hills springs heights bad ober unter am main upon ville burg york london paris berlin chicago texas
        california florida washington boston angeles tx ca ny fl il pa oh ga nc mi nj va wa ma az tn md co mn
        wi al sc ky la ct ok ut nv ks
        """,
    "street": """
        street st avenue ave road rd boulevard blvd drive dr lane ln court ct way highway hwy suite ste floor
        straße str weg platz gasse allee rue via calle plaza piazza avenida square sq p.o box
        """,
    "firm": """
        inc llc ltd limited corp corporation co company gmbh ag kg sa srl spa bv nv plc group holding holdings
        partners associates services solutions systems technologies technology industries international
        consulting global enterprises staffing
        """,
    "house": """
        university college school institute academy center centre department ministry agency office
        association society council committee foundation museum library hospital clinic hotel restaurant cafe
        church club press books publishing publishers publications verlag editions media studio studios
        pictures records entertainment
        """,
    "work": """
        manager engineer developer analyst assistant director specialist consultant administrator coordinator
        supervisor technician nurse sales representative senior junior lead officer executive accountant
        designer architect programmer teacher professor driver clerk agent president chief intern head
        operator mechanic leiter entwickler berater
        """,
    "colour": """
        black white red blue green yellow grey gray brown silver gold orange purple pink beige navy schwarz
        weiß rot blau grün gelb grau noir blanc rouge bleu vert negro blanco rojo azul verde
        """,
    "unit": """
        kg g mg lb lbs oz km m cm mm mi ft in inch inches miles feet pounds l ml liter litre gal mpg hp kw kwh
        mph kmh min mins minutes hours hrs hr h days gb mb tb mhz ghz mp px dpi v w wh mah rpm usd eur gbp
        pages pp seiten
        """,
    "english": """
        the of and a an to in for on with by at from is are was as it that this be or not his her who you your
        our
        """,
    "german": """
        der die das und ein eine im in den von zu mit auf für ist des dem nicht auch aus bei nach zum zur
        """,
    "romance": """
        le la les des du et un une en pour dans de el los las y por con una para del que il di e della per che
        da do
        """,
    "degree": """
        very good excellent fair poor high low medium average none mild moderate severe small large extra new
        used like
        """,
    "truth": """
        yes no true false ja nein oui non si y n available unavailable active inactive open closed in stock
        """,
    "person's": "mr mrs ms dr prof sir jr sr ii iii phd md hon rev",
}
WORD_KINDS: dict[str, frozenset[int]] = {}
for _place, _words in enumerate(_KINDS.values()):
    for _word in _words.split():
        WORD_KINDS[_word] = WORD_KINDS.get(_word, frozenset()) | {_place}
KIND_COUNT = len(_KINDS)
