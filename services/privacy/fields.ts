// What a field may hold: an account name, a person's name, a mail address, a SID, free text with
// identities inside, or nothing personal. Decided once per field name, from its last parts, so that it
// holds for ECS names and for Windows event data names alike.

export type FieldContent = "account" | "person" | "sid" | "text" | "none";

// Windows event data, FortiGate, auditd and ECS names whose whole value names an account.
const ACCOUNT_NAMES = new Set(
  (
    "user|username|accountname|targetusername|subjectusername|samaccountname|newtargetusername|" +
    "oldtargetusername|targetoutboundusername|membername|userprincipalname|sourceuser|targetuser|" +
    "parentuser|logonaccount|mappedname|clientusername|mailboxownerupn|userid|actor|upn|" +
    "mailboxowner|suser|duser|srcuser|dstuser|unauthuser|acct|auid_name|login|remoteuser|" +
    "serviceaccount|runasuser|initiator|modifiedby|owner|account|accountid|caller|sourceusername|" +
    "destinationusername|contextinfo_user|detection user|remediation user|xauthuser|eapuser|employee|dn|benutzer|" +
    "benutzername|benutzerkennung|anmeldename|nutzer|nutzername|bearbeiter|sachbearbeiter|" +
    "mitarbeiter|anwender|konto|kontoname|ersteller|kennung|nutzerkennung|" +
    "user-name|user_name|src_user_name|dst_user_name|src_user_dn|dst_user_dn|user_dn|normalize_user|adminname|ad-user-samaccount-name|" +
    "ad-user-candidate-identities|ad-user-resolved-identities|subject - common name"
  ).split("|"),
);
const PERSON_NAMES = new Set(
  (
    "displayname|anzeigename|klarname|vorname|nachname|fullname|givenname|surname|full_name|cn|ad-user-displayname|ad-user-resolved-dns|" +
    "first_name|last_name|updated_first_name|updated_last_name|previous_first_name|previous_last_name"
  ).split("|"),
);
const MAIL_NAMES = new Set(
  "mail|email|sender|recipient|recipients|from|to|address_mail|sender_address|recipient_address|senderaddress|recipientaddress".split(
    "|",
  ),
);
const SID_NAMES =
  /(?:^|[._])(?:[a-z]*(?:usersid|membersid|sid|security_userid)|user\.id|identifier)$/i;
// ECS: user.name, source.user.name, user.target.name, email.from.address …
const ECS_ACCOUNT =
  /(?:^|\.)user(?:\.(?:target|effective|changes|audit|saved|filesystem))?\.(?:name|email)$|^email\.(?:from|to|sender|cc|bcc|reply_to)\.address$/;
const ECS_PERSON = /(?:^|\.)user(?:\.(?:target|effective|changes))?\.full_name$/;

// Codes, hashes, numbers and names of machines: nothing personal can stand in them.
const NONE =
  /^(?:@timestamp|labels\.record_ids|ecs\.|event\.(?!original|reason|url)|organization\.|agent\.|host\.(?!name)|process\.(?:pid|hash|entity_id|pe|parent\.(?:pid|hash|entity_id))|source\.(?:ip|port|bytes|packets|geo|as)|destination\.(?:ip|port|bytes|packets|geo|as)|network\.|observer\.|winlog\.(?:event_id|channel|provider|record_id|opcode|task|version|process|keywords|computer_name|api|logon\.type)|http\.(?:version|response|request\.method)|(?:dll|file)\.(?:hash|pe)\.|log\.level)|(?:^|\.)(?:(?:parent|source|target)?processguid|(?:source|new)?threadid|grantedaccess|activityid|runspaceid|accounttype|processid|parentprocessid|hashes|utctime|logonguid|logonid|targetlogonid|subjectlogonid|logontype|integritylevel|ruletype|status|substatus|protocol|initiated|eventid|eventtype|accesslist|accessmask|privilegelist)$/i;

/** Of metrics: what follows is a name that the sender chose, and may hold whatever a text may. */
const SENDERS = /^(?:metric\.(?:labels|values)|graphite|jolokia|munin|prometheus|sql|statsd)\./;

/** How much of a field's name is ours or its format's; what is behind it is a text of the sender. */
export function knownPartOf(field: string): number {
  return SENDERS.exec(field)?.[0].length ?? field.length;
}

const decided = new Map<string, FieldContent>();
const DECIDED_MAX = 20_000;

/** What a field of this name may hold. */
export function fieldContent(field: string): FieldContent {
  const known = decided.get(field);
  if (known !== undefined) return known;
  const content = decide(field);
  if (decided.size < DECIDED_MAX) decided.set(field, content);
  return content;
}

function decide(field: string): FieldContent {
  const last = field.slice(field.lastIndexOf(".") + 1).toLowerCase();
  if (ECS_ACCOUNT.test(field) || ACCOUNT_NAMES.has(last) || MAIL_NAMES.has(last)) return "account";
  if (ECS_PERSON.test(field) || PERSON_NAMES.has(last)) return "person";
  if (SID_NAMES.test(field)) return "sid";
  // A sender may call a label like a field in which nothing personal stands.
  if (NONE.test(field) && knownPartOf(field) === field.length) return "none";
  return "text";
}
