// Words that made names are put together from, and suffixes they lie under. Everyday words, chosen by us.

export const WORDS = (
  "able account after air apple arm art autumn baby ball bank bath bear bed bell bird blue board boat bone " +
  "book bottle box bread bridge bright brother build butter cake calm camp card carry cat chair change cheap " +
  "child church circle city clean clear clock cloud coat cold company copper cotton country cover cream " +
  "danger dark daughter day deep desire discover dog door dream dress drink drive dust early earth east edge " +
  "effect engine enough evening expert face family farm father feather feeling field finger fire fish flight " +
  "floor flower force forest forward friend fruit garden general gentle glass gold grain grass great green " +
  "ground group hammer hand happy harbour heart heavy history hollow honest horse hospital hour house ice " +
  "insect iron island journey judge jump kettle key kind knee knife know land language laugh leader leaf " +
  "learn leather letter level library light linen liquid little lock long loud machine market measure meet " +
  "middle milk mind minute money month moon morning mother mountain music narrow nature needle nerve night " +
  "noise north number ocean offer office orange order outside owner paint paper parcel past peace pencil " +
  "person picture plane plant plate please pocket point power present price print prison process produce " +
  "profit public quality question quiet rail rain reason record regret reward rhythm river road rock roof " +
  "room root round salt school science season secret seed sense serious shade shake shape sharp sheep ship " +
  "shoe silver simple sister skin sleep slow smoke smooth snow society sound south spoon spring square stage " +
  "stamp star station steam steel stone store storm story strange street strong sudden sugar summer support " +
  "surprise system table teach theory thread thunder ticket tired together tomorrow town trade train travel " +
  "tree trick trouble truck turn under unit valley value violent voice walk wall warm wash watch water wave " +
  "weather week west wheel white wide wind window winter wire wise wood word work world yellow young " +
  "abend acker apfel arbeit auge bach bahn baum berg bild blatt blume boden brief brot bruder burg dach dorf " +
  "eimer erde esel fahrt farbe feld fenster feuer fisch flasche fluss frau freund garten geist geld glas " +
  "grund hafen hand haus heide herbst herz himmel holz honig hund insel jahr kanne karte katze kirche kleid " +
  "knopf korb kraft kreis kuchen lampe leben licht luft markt mauer meer messer milch mond morgen mund nacht " +
  "nadel nebel ofen ordnung platz quelle rathaus regen ring rose salz sand schatten schiff schloss schule " +
  "see seite sommer sonne spiegel stadt stein stern strasse stunde tag tanne teller tisch topf turm ufer " +
  "vogel wagen wald wand wasser weg wein welle wetter wiese wind winter wolke wort wunder zahl zaun zeit zug"
).split(" ");

/** The first ones are the more frequent ones. */
export const SUFFIXES = (
  "com net org info biz ru cc in eu de pw xyz top online site ws me co su tk cn us uk fr pl club live life " +
  "space store link click website bid win stream date men loan work name mobi cz tv nl be it es ch at jp kr " +
  "ga ml cf gq to la ms nu sx tw im ug bit ac sc mn dev app shop fun icu vip pro host press rocks today world"
).split(" ");

/** Under which anybody gets a name for nothing. */
export const DYNAMIC_SUFFIXES = (
  "dyndns.org no-ip.com no-ip.org hopto.org ddns.net zapto.org dnsalias.com mooo.com chickenkiller.com " +
  "duckdns.org servehttp.com myftp.org sytes.net"
).split(" ");
