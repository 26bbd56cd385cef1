// The German words that a model may use between its slots. A list of what is forbidden would always miss a
// name; so the list says what is allowed: the vocabulary of log evaluation, inflected and compounded.
// What is missing on purpose: numbers, negations, requests, and every word that plays something down or
// decides about it (harmless, false alarm, close, ignore), so that no sentence can be made of them.

/** Used as they stand. */
const FIXED = words(`
  ab aber allen aller als also am an andere anderem anderen anderer anderes anhand auch auf aus außerdem außerhalb
  bei beim bereits beziehungsweise bis bisher da dabei dadurch dafür daher damit danach dann dar daran darauf daraus darin das dass davon davor dazu
  dem den denen denn der deren derselbe derselben desselben demselben denselben dieselbe dieselben dasselbe des dessen deutet deuten hindeutet die dies diese diesem diesen dieser dieses dort durch
  ebenfalls ein eine einem einen einer eines einige einigen einiger einzelne einzelnen entlang er es etwa
  folgt folgte folgten folgende folgenden folgender für gab gegen gegenüber gehört gehören gemeinsam genau gibt gilt gleich gleiche gleichen gleicher gleiches gleichzeitig 
  hat hatte hatten haben häufig häufige häufigen hier hin hinter hinweis hinweise hinweisen ihm ihr ihre ihrem ihren ihrer im immer in indem infolge innerhalb ins insgesamt inzwischen ist
  ja je jede jedem jeden jeder jedes jedoch jeweils jetzt kam kamen kann können könnte könnten kommt kommen kurz kurze kurzen kurzer kürzlich
  lag lagen lang lange langen liegt liegen ließ manche mehr mehrere mehreren mehrerer mehrfach mehrfache mehrfachen mehrmals meist mit mitsamt möglich mögliche möglichen möglicher möglicherweise möglichst
  nach nachdem nacheinander nächste nächsten nahe nahezu neben neu neue neuem neuen neuer neues noch nun nur ob oben oder oft
  passt passen pro rund samt sehr seit seitdem seiner selbe selben selbst sich sind sobald so sodann solche solchen solcher sondern sonstige sonstigen soweit sowie sowohl später spätere späteren stand standen steht stehen statt
  tritt trat traten trotz über überein übrige übrigen um und unmittelbar unter unterhalb vermutlich vermutliche viel viele vielen vieler vom von vor voraus vorher vorhanden vorhandene vorhandenen vorliegend vorliegende vorliegenden
  während wann war waren warum was weil weist weisen weitere weiterem weiteren weiterer weiteres weiterhin welche welchem welchen welcher welches wenn wer werden wie wieder wiederholt wiederholte wiederholten wird wo wobei wodurch woher wohin womit wurde wurden wozu
  zeigt zeigen zeigte zeigten zu zudem zuerst zugehörige zugehörigen zugleich zuletzt zum zunächst zur zusammen zusätzlich zusätzliche zusätzlichen zuvor zwischen
  erfolglos erfolglose erfolglosen erfolgloser erfolgreich erfolgreiche erfolgreichen erfolgreicher erfolgte erfolgten erfolgt
  fehlgeschlagen fehlgeschlagene fehlgeschlagenen fehlgeschlagener schlug schlugen fehl misslang misslangen
  ungewöhnlich ungewöhnliche ungewöhnlichen ungewöhnlicher ungewöhnliches auffällig auffällige auffälligen auffälliger auffälliges verdächtig verdächtige verdächtigen verdächtiger verdächtiges unbekannt unbekannte unbekannten unbekannter unbekanntes unüblich unübliche unüblichen unberechtigt unberechtigte unberechtigten unbefugt unbefugte unbefugten schädlich schädliche schädlichen schädlicher schädliches bösartig bösartige bösartigen
  gelöscht gelöschte gelöschten entfernt entfernte entfernten deaktiviert deaktivierte deaktivierten gesperrt gesperrte gesperrten begonnen begann begannen gestartet gestartete gestarteten startete starteten startet geöffnet geöffnete geöffneten heruntergeladen heruntergeladene heruntergeladenen hochgeladen verschlüsselt verschlüsselte verschlüsselten umbenannt umgangen übernommen abgebrochen abgelehnt abgelehnte abgelehnten abgewiesen abgewiesene abgewiesenen verweigert verweigerte gescheitert gescheiterte gescheiterten gelungen gelungene gelang gelangen
  aufgebaut aufgebaute aufgebauten geprüft aufgerufen aufgerufene aufgerufenen rief riefen auf angelegt angelegte angelegten geschrieben geschriebene geschriebenen gelesen las lasen aufgetreten aufgetretene aufgetretenen auftrat auftraten getroffen betroffen betroffene betroffenen betroffener betroffenes betrifft betreffen gefunden gefundene gefundenen fand fanden entstand entstanden genommen hinzugefügt hinzugefügte übertragen übertragene übertragenen gesendet gesendete gesendeten empfangen empfangene empfangenen abgerufen abgerufene ausgegeben eingegeben verbunden verbundene verbundenen verband verlief verliefen begleitet ging gingen geht gehen eingegangen ausgegangen hervor ausging ausgingen einging eingingen
  früh frühe frühen früher frühere früheren spät letzte letzten letzter erste ersten erster erstes zeitlich zeitliche zeitlichen zeitlicher zeitnah hoch hohe hohen hoher hohes groß große großen großer schnell schnelle schnellen viele intern interne internen interner internes extern externe externen externer externes lokal lokale lokalen lokaler entfernten fremd fremde fremden fremder privilegiert privilegierte privilegierten administrativ administrative administrativen automatisch automatische automatischen gezielt gezielte gezielten technisch technische technischen verschieden verschiedene verschiedenen verschiedener unterschiedlich unterschiedliche unterschiedlichen bestimmt bestimmte bestimmten entsprechend entsprechende entsprechenden beteiligt beteiligte beteiligten genannt genannte genannten verwendet verwendete verwendeten wahrscheinlich wahrscheinliche denkbar ähnlich ähnliche ähnlichen dicht dichter dichten kritisch kritische kritischen schwer schwere schweren
`);

/** Beginnings of verbs, participles and adjectives; endings come behind them, prefixes before them. */
const STEMS = words(`
  meld greif führ nutz wend versuch beobacht erkenn erkannt stell zeichn protokoll registrier verzeichn erfass lös lief lauf läuf übertrag send schick empfang lad änder erzeug erstell install richt ruf verbind erreich scan durchsuch abfrag frag antwort kopier leg lieg bewert klär vergleich steiger häuf tret trat beginn dauer reich setz erhöh authentifizier identifizier ermittel ermittl
  bestätig verursach verbreit eskalier manipulier missbrauch kompromittier umgeh tarn such sammel samml erfolg entsteh ergeb ergib besteh ausgeh stamm geschah geschieht scheiter zugreif zugriff speicher lenk wechsel zuordn ordn weis hinweis deut stütz bezieh beruh enthalt enthält
`);

/** Nouns that stand alone or in compounds. */
const NOUNS = words(`
  abfolge ablauf abfrage abschnitt abstand abweichung account adresse administrator aktion aktivität analyse anfang anfrage angabe angreifer angriff anlass anmeldung anmelde anmelder anomalie antwort anwendung anzahl anzeichen art aufgabe aufruf ausführung ausgang ausgangspunkt auslöser auswertung authentifizierung
  bedienung befehl befehlszeile befund beginn beleg benutzer berechtigung bereich beobachtung bewegung bezug browser client code datei daten dauer detail dienst domäne dokument download drucker eingabe eingang einheit einstellung eintrag ende endung ereignis erfolg ergebnis erkennung erstellung eskalation fall fehler fehlversuch fenster fernzugriff firewall folge form frage funktion gateway gerät grund gruppe häufung herkunft hinweis host inhalt infrastruktur instanz internet kanal kategorie kennung kennwort kette kombination komponente kommunikation konfiguration kontext konto kopie lage last lauf laufwerk leitung liste log makro malware maschine maßnahme mechanismus menge merkmal methode missbrauch modul moment muster nachricht name netz netzwerk nummer nutzer nutzung objekt ordner ort paket passwort person pfad phase port postfach programm protokoll prozess quelle raum rechner rechte regel registrierung reihe reihenfolge richtung risiko rolle sammlung schadcode schadprogramm schadsoftware schicht schlüssel schritt schutz schwelle schwachstelle sekunde minute stunde tag woche server sicherheit signal sitzung skript software speicher sperre spur stand start stelle stufe suche system tabelle taktik technik teil ticket titel treffer tunnel typ übersicht übertragung umfang umgebung umgehung unternehmen untersuchung ursache ursprung verbindung verbreitung verdacht verhalten verlauf vermutung verschlüsselung versuch verteiler verwendung verzeichnis volumen vorfall vorgang vorgehen vorgehensweise weise wert werkzeug wiederholung zeichen zeile zeit zeitpunkt zeitraum ziel zone zugang zugriff zusammenhang zustand zuweisung zweck
  meldung sperrung ausnutzung ausbreitung erkundung aufklärung persistenz verankerung exfiltration abfluss umleitung weiterleitung löschung änderung erweiterung ausweitung einbruch eindringen eindringling kompromittierung manipulation installation ausnahme schnittstelle
   anwendungs arbeitsplatz bruteforce dateisystem dns ereigniskennung fern hintergrund kern konten mail eltern kind quell system systeme techniken ziele netze zugangsdaten rechteausweitung erstzugriff seitwärts
`);

const ENDINGS = [
  ..."ungen ung enden ender endes ende end eten etem eter etes ete ten tem ter tes te et".split(
    " ",
  ),
  ..."est en em er es e n s t st nen".split(" "),
  "",
];
const PREFIXES =
  "ab an auf aus be bei durch ein ent er fest fort ge her hin mit nach über um unter ver vor weiter wieder zu zurück zusammen ange aufge ausge abge einge festge nachge weiterge zuge zurückge".split(
    " ",
  );
const JOINTS = ["", "s", "n", "en", "es", "e"];
const PART_CHARS_MIN = 3;
const PARTS_MAX = 4;
const WORD_CHARS_MAX = 40;

/** Whether a word belongs to the vocabulary; upper and lower case are the same. */
export function isPlainWord(word: string): boolean {
  const lower = word.toLowerCase();
  if (lower.length > WORD_CHARS_MAX) return false;
  return FIXED.has(lower) || isInflected(lower) || isCompound(lower, PARTS_MAX);
}

function isInflected(word: string): boolean {
  return ENDINGS.some((ending) => {
    if (!word.endsWith(ending)) return false;
    const base = word.slice(0, word.length - ending.length);
    if (STEMS.has(base)) return true;
    return PREFIXES.some(
      (prefix) => base.startsWith(prefix) && STEMS.has(base.slice(prefix.length)),
    );
  });
}

/** `Anmeldeversuch`, `Netzwerkverbindungen`: nouns joined, the last one inflected. */
function isCompound(word: string, partsMax: number): boolean {
  if (isNoun(word)) return true;
  if (partsMax <= 1) return false;
  for (let end = PART_CHARS_MIN; end <= word.length - PART_CHARS_MIN; end += 1) {
    const part = word.slice(0, end);
    if (!isJoined(part)) continue;
    if (isCompound(word.slice(end), partsMax - 1)) return true;
  }
  return false;
}

function isNoun(word: string): boolean {
  if (NOUNS.has(word)) return true;
  return ["en", "er", "es", "ern", "nen", "e", "n", "s"].some(
    (ending) => word.endsWith(ending) && NOUNS.has(word.slice(0, -ending.length)),
  );
}

function isJoined(part: string): boolean {
  return JOINTS.some(
    (joint) => part.endsWith(joint) && NOUNS.has(part.slice(0, part.length - joint.length)),
  );
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
