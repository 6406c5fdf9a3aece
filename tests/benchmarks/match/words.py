"""Words that made-up values are put together from."""

GIVEN = """
James Mary John Linda Robert Susan Michael Karen David Nancy William Lisa Richard Betty Thomas Helen Charles
Sandra Daniel Donna Matthew Carol Anthony Ruth Mark Sharon Steven Laura Paul Emma Andrew Olivia Joshua Grace
Kevin Alice Brian Julia George Anna Edward Clara Jason Nora Ryan Eva Gary Ida Eric Rosa Stephen Irene Larry Vera
Justin Hilda Scott Edith Frank Paula Gregory Joan Hans Petra Jürgen Sabine Uwe Monika Dieter Renate Stefan Anke
Pierre Camille Luc Élodie Jacques Amélie Carlos Carmen Luis Lucía Miguel Inés Javier Pilar Giovanni Chiara Marco
Giulia Paolo Elena Ivan Olga Dmitri Irina Ahmed Fatima Omar Leila Wei Mei Hiroshi Yuki Raj Priya Anil Sunita
Kwame Ama Tunde Ngozi Lars Ingrid Sven Astrid Mikko Aino Piotr Agnieszka Jan Zofia Eszter Bence
""".split()
FAMILY = """
Smith Johnson Brown Jones Garcia Miller Davis Wilson Anderson Taylor Moore Jackson Martin Lee Thompson White
Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell
Mitchell Carter Roberts Turner Phillips Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Morgan
Cooper Peterson Reed Bailey Kelly Howard Ward Cox Richardson Müller Schmidt Schneider Fischer Weber Meyer Wagner
Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Neumann Schwarz Zimmermann Dubois Durand Leroy Moreau
Laurent Simon Michel Lefebvre Roux Fournier Fernandez Lopez Martinez Sanchez Perez Gomez Ruiz Diaz Torres Rossi
Russo Ferrari Esposito Bianchi Romano Ivanov Petrov Sokolov Popov Kowalski Nowak Nagy Horvath Hansen Larsen
Nielsen Berg Nguyen Tran Chen Wang Zhang Liu Tanaka Suzuki Sato Kim Park Patel Singh Kumar Sharma Khan Hussein
Okafor Mensah Diallo O'Brien O'Connor McDonald MacLeod Fitzgerald
""".split()
NOUNS = """
house river mountain garden window bridge silver shadow summer winter night morning star moon sun storm fire
water stone forest road city island harbor lighthouse castle tower door key mirror clock letter book song dance
dream memory secret promise journey return escape game war peace love heart blood bone hand eye voice silence
thunder rain snow ice wind sea ocean desert valley field wolf lion tiger bear fox eagle raven horse dog cat
snake dragon king queen prince soldier captain doctor teacher stranger sister brother mother father daughter son
child family village kingdom empire republic market kitchen table chair lamp bottle glass knife cup bowl plate
shirt jacket coat shoe hat bag wallet watch ring phone camera laptop tablet printer monitor keyboard speaker
battery cable charger engine wheel brake mirror pump valve filter drill hammer saw wrench screw bolt panel
sensor motor switch tent bike helmet glove rope guide handbook history theory method system design practice
science nature culture language music art film theatre energy climate health medicine diet sport travel finance
money bank trade law justice rights power state society church school office factory farm bread cheese butter
chicken beef pork salmon soup salad sauce pasta rice bean potato tomato onion garlic pepper lemon apple orange
cake pie cookie chocolate coffee tea wine beer juice milk honey sugar salt oil vinegar nut berry
""".split()
ADJECTIVES = """
little big old new young dark bright red blue green black white golden silver lost hidden broken silent secret
final first second last great small long short high low deep wild quiet lonely sweet bitter cold warm hot dry
wet soft hard heavy light fast slow modern ancient royal common simple complete practical advanced basic
essential digital portable wireless electric classic vintage premium deluxe compact slim professional outdoor
organic fresh crispy roasted grilled creamy spicy smoked
""".split()
VERBS = """
makes finds keeps leaves brings opens closes shows helps gives takes needs wants offers includes supports covers
explains describes follows reaches joins builds saves moves turns holds carries changes protects improves
reduces
""".split()
FILLERS = """
the a of and in with for on at to from by is are this that which when into over under about between after before
""".split()
CITIES = """
London|Paris|Berlin|Madrid|Rome|Vienna|Zürich|Amsterdam|Brussels|Copenhagen|Oslo|Stockholm|Helsinki|Warsaw|
Prague|Budapest|Lisbon|Dublin|Edinburgh|Athens|Hamburg|München|Köln|Frankfurt|Stuttgart|Leipzig|Dresden|Bremen|
Hannover|Nürnberg|Lyon|Marseille|Toulouse|Nice|Bordeaux|Lille|Barcelona|Valencia|Sevilla|Bilbao|Milan|Naples|
Turin|Florence|Venice|New York|Los Angeles|Chicago|Houston|Phoenix|Philadelphia|San Antonio|San Diego|Dallas|
San Jose|Austin|Columbus|Charlotte|Indianapolis|Seattle|Denver|Boston|Nashville|Portland|Las Vegas|Memphis|
Baltimore|Milwaukee|Albuquerque|Tucson|Fresno|Sacramento|Atlanta|Miami|Omaha|Minneapolis|Tulsa|Tampa|Arlington|
New Orleans|Cleveland|Honolulu|Toronto|Montreal|Vancouver|Calgary|Ottawa|Sydney|Melbourne|Brisbane|Perth|
Auckland|Wellington|Tokyo|Osaka|Kyoto|Seoul|Beijing|Shanghai|Mumbai|Delhi|Bangalore|Singapore|Bangkok|Jakarta|
Manila|Cairo|Lagos|Nairobi|Cape Town|São Paulo|Rio de Janeiro|Buenos Aires|Lima|Bogotá|Santiago|Mexico City
""".replace("\n", "").split("|")
REGIONS = """
California=CA|Texas=TX|Florida=FL|New York=NY|Illinois=IL|Ohio=OH|Georgia=GA|Michigan=MI|New Jersey=NJ|
Virginia=VA|Washington=WA|Arizona=AZ|Massachusetts=MA|Tennessee=TN|Indiana=IN|Maryland=MD|Colorado=CO|
Minnesota=MN|Wisconsin=WI|Oregon=OR|Bayern=BY|Hessen=HE|Sachsen=SN|Berlin=BE|Hamburg=HH|Ontario=ON|Quebec=QC|
Alberta=AB|Catalonia=CT|Andalusia=AN|Lombardy=LO|Tuscany=TO
""".replace("\n", "").split("|")
COUNTRIES = """
United States=US=USA|Germany=DE=DEU|France=FR=FRA|Spain=ES=ESP|Italy=IT=ITA|United Kingdom=GB=GBR|Canada=CA=CAN|
Australia=AU=AUS|Japan=JP=JPN|China=CN=CHN|India=IN=IND|Brazil=BR=BRA|Mexico=MX=MEX|Netherlands=NL=NLD|
Belgium=BE=BEL|Switzerland=CH=CHE|Austria=AT=AUT|Sweden=SE=SWE|Norway=NO=NOR|Denmark=DK=DNK|Finland=FI=FIN|
Poland=PL=POL|Portugal=PT=PRT|Ireland=IE=IRL|Greece=GR=GRC|Turkey=TR=TUR|Russia=RU=RUS|South Korea=KR=KOR|
South Africa=ZA=ZAF|Egypt=EG=EGY|Nigeria=NG=NGA|Argentina=AR=ARG|Chile=CL=CHL|New Zealand=NZ=NZL|
Singapore=SG=SGP|Thailand=TH=THA|Hungary=HU=HUN|Romania=RO=ROU
""".replace("\n", "").split("|")
LANGUAGES = """
English=en=eng|German=de=deu|French=fr=fra|Spanish=es=spa|Italian=it=ita|Portuguese=pt=por|Dutch=nl=nld|
Russian=ru=rus|Chinese=zh=zho|Japanese=ja=jpn|Korean=ko=kor|Arabic=ar=ara|Hindi=hi=hin|Polish=pl=pol|
Swedish=sv=swe|Turkish=tr=tur
""".replace("\n", "").split("|")
STREETS = [
    "Main St",
    "Oak Avenue",
    "Park Road",
    "2nd Ave",
    "Maple Drive",
    "High Street",
    "Church Lane",
    "Broadway",
    "Elm Street",
    "Washington Blvd",
    "Lake View Rd",
    "Station Road",
    "King Street",
    "Hauptstraße",
    "Bahnhofstr.",
    "Gartenweg",
    "Schillerplatz",
    "Lindenallee",
    "rue de la Paix",
    "avenue Foch",
    "Via Roma",
    "Via Garibaldi",
    "Calle Mayor",
    "Gran Vía",
    "Sunset Blvd",
    "Highway 61",
    "River Rd",
    "Mill Lane",
    "Market Square",
    "Victoria Street",
    "N. Clark St.",
    "W 54th St",
    "Peachtree St NE",
]
SYLLABLES = """
ba be bi bo da de di do fa fe fi ga ge go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro
sa se si so ta te ti to va ve vi vo za ze zi zo
""".split()
FIRMS = [
    "Inc.",
    "LLC",
    "Ltd",
    "Corp.",
    "Group",
    "GmbH",
    "AG",
    "& Co.",
    "Holdings",
    "S.A.",
    "Partners",
    "PLC",
    "Systems",
    "Solutions",
]
