// Words that are surnames, or that somebody may take as an account name, and that stand in logs for
// something else: trades, colours, directions, names of tools. Alone they are no name of a person.

// Folded: umlauts as ae, oe, ue.
const SURNAMES =
  "mueller schmidt schneider fischer weber meyer maier meier mayer wagner becker schulz schulze hoffmann koch richter " +
  "klein wolf schroeder neumann schwarz zimmermann braun krueger hofmann lange krause lehmann " +
  "schmid koenig huber kaiser fuchs lang scholz weiss jung hahn vogel keller berger winkler roth beck baumann " +
  "franke sommer winter winter herbst stein haas graf heinrich seidel brandt haase kuhn busch horn " +
  "engel pohl voigt sauer arnold pfeiffer jaeger ritter bauer bergmann kraft gross lindner berg " +
  "kern hammer nagel adler brand burger bader blum mai april august freitag sonntag montag abend " +
  "morgen sturm reich recht ernst kurz breit stark frei frey treu gut schoen hart schlecht fromm " +
  "mann kind vater vetter neffe bruder herr frau knecht bote wirt gast gerber binder drechsler " +
  "maurer maler dreher schlosser schreiner tischler metzger fleischer gaertner foerster schaefer " +
  "hirte mueller brauer buettner boettcher wagner sattler schuster schreiber drucker kellner kraemer " +
  "kaufmann handel markt land feld wald wiese see bach fluss teich brunnen graben damm bruecke weg " +
  "strasse gasse platz hof haus turm burg schloss kirche glocke stern sonne mond wind regen schnee " +
  "nebel blitz donner hagel frost eis feuer rauch asche kohle holz eisen stahl kupfer silber gold " +
  "baum ast zweig blatt blume rose linde eiche buche birke tanne fichte korn weizen gerste hafer " +
  "apfel birne pflaume kirsch nuss rettich kohl kraut zwiebel salz pfeffer zucker honig butter kaese " +
  "hase hirsch reh baer loewe falke sperber habicht taube gans hecht karpfen aal krebs fink " +
  "specht star storch kranich rabe kraehe dachs igel biber otter luchs hengst ross lamm bock ziege " +
  "kopf hals arm hand finger bein fuss herz bart zahn auge mund nase ohr haar bauch ruecken rot " +
  "blau gruen gelb grau weiss braun bunt oben unten vorne hinten links rechts mitte ost west nord sued " +
  "amt rat buergermeister vogt schulte schulze probst abt pabst papst bischof moench pfarrer kuester " +
  "richter anwalt schoeffe zeuge soldat hauptmann major oberst general kanzler minister praesident " +
  "page bell brown green white black young king prince bishop cook baker butler carter cooper fisher " +
  "hunter mason miller parker porter smith taylor turner walker ward wood stone hill lake park rose grant " +
  "long short hall price day may summer winter field fields banks rivers waters english french ";

const TECHNICAL =
  "access account action active adapter address admin agent alarm alert allow anonymous api app application archive " +
  "audit auth authentication authenticode auto backup bash batch bin block boot browser bucket build bus cache call cert certificate change " +
  "chat check class client close cloud cluster cmd code com command common computer config connect connection console " +
  "contact container content control copy core count create cron css current cursor daemon dashboard data database date default " +
  "delete demo deny deploy desktop detail details dev device dhcp dialog dienst dir directory disk dns docker document documents domain " +
  "download driver drop edge edit email empty encrypt end engine entry error eval event events exchange exe exec execute " +
  "explorer export extern external fail failed failure false fax fehler file files filter find firewall flag folder format " +
  "forward ftp full function gateway get git global google group guest handle head header health help helpdesk host html http https " +
  "icon image import inbound index info information input install intern internal internet intune invoke ipc item java javascript " +
  "job json kerberos kernel key kiosk konto lan ldap level library license linux list load local localhost lock log login logoff logon " +
  "loop mail main manage manager map master member memory menu message meta microsoft mobile mode model module monitor mount move name " +
  "net netlogon network new news node none notepad null object off office offline online open operator option oracle order " +
  "other outlook output package page panel parent parser pass password path ping pipe plain plugin policy pool port portal post " +
  "postmaster power powershell preview print printer private process product profile program programm project proxy public push put python query " +
  "queue quota read ready record recovery refresh registry release remote remove replay report request reset resource rest " +
  "restart result role root route router rule run runtime sales sap save scan schedule script search secret security select send " +
  "sensor server service session set setup share shell show shutdown signal site size smb smtp snapshot socket software source spool " +
  "sql ssh ssl stage staging standard start state static status stop storage store stream string success support svchost sync syslog " +
  "system table tag target task team telnet temp template terminal test tester text thread time timeout tls tmp token tool " +
  "topic trace training transfer transport true trust tunnel type unknown update upload url usb user users value veeam version video view " +
  "virtual vm volume vpn wait warning watch web webmail website wget wifi win window windows wlan wmi word work worker " +
  "workstation write wsus xml zabbix zentrale zip zone und der die das ein eine von mit bei aus auf fuer nicht als auch " +
  "nach ueber unter anmeldung abmeldung benutzer rechner drucker scanner empfang verwaltung schule bibliothek kasse buero poststelle " +
  "personal leitung sekretariat zentrale auskunft bauamt ordnungsamt sozialamt jugendamt standesamt katasteramt feuerwehr leitstelle ";

const TOOLS = setOf(TECHNICAL);
const COMMON = setOf(SURNAMES).union(TOOLS);

/** Whether a folded word stands in texts for something else than a person, too. */
export function isCommonWord(word: string): boolean {
  return COMMON.has(word);
}

/** Whether a folded word names a thing or an action of machines: what has it in its name is no person. */
export function isTechnicalWord(word: string): boolean {
  return TOOLS.has(word);
}

function setOf(words: string): Set<string> {
  return new Set(words.split(" ").filter((word) => word !== ""));
}
