// What the check of the paging configuration says of each fault, and how to mend it, German and English. The
// German half is the type of the other one, so that a missing key does not compile.

interface Says {
  readonly says: string;
  readonly mend: string;
}

const de = {
  tenant_unknown: (tenant: string): Says => ({
    says: `der Mandant ${tenant} steht nicht unter tenants`,
    mend: "ihn dort eintragen oder den Abschnitt streichen",
  }),
  person_unknown: (name: string): Says => ({
    says: `die Person ${name} gibt es nicht`,
    mend: "sie unter people eintragen oder den Namen berichtigen",
  }),
  schedule_unknown: (name: string): Says => ({
    says: `den Dienstplan ${name} gibt es nicht`,
    mend: "ihn unter schedules eintragen oder den Namen berichtigen",
  }),
  policy_unknown: (name: string): Says => ({
    says: `die Alarmkette ${name} gibt es nicht`,
    mend: "sie unter policies eintragen oder den Namen berichtigen",
  }),
  channel_unknown: (name: string): Says => ({
    says: `den Kanal ${name} gibt es nicht`,
    mend: "ihn unter paging.channels eintragen oder den Namen berichtigen",
  }),
  address_missing: (channel: string, form: string): Says => ({
    says: `für den Kanal ${channel} fehlt die Adresse`,
    mend: `to eintragen: ${form}`,
  }),
  address_invalid: (channel: string, form: string): Says => ({
    says: `die Adresse passt nicht zum Kanal ${channel}`,
    mend: `als ${form} schreiben`,
  }),
  address_shared: (channel: string, other: string): Says => ({
    says: `dieselbe Adresse im Kanal ${channel} hat auch ${other}; wer antwortet, ist nicht zu erkennen`,
    mend: "jeder Person eine eigene Adresse geben",
  }),
  person_unreachable: (name: string, schedule: string, priority: string): Says => ({
    says: `${name} hat Dienst in ${schedule}, aber keinen Weg für ${priority}`,
    mend: `einen Weg ohne priorities oder mit ${priority} eintragen`,
  }),
  person_unused: (name: string): Says => ({
    says: `die Person ${name} kommt in keinem Dienstplan und keiner Alarmkette vor`,
    mend: "sie eintragen oder streichen",
  }),
  account_shared: (account: string, other: string): Says => ({
    says: `dasselbe Konto (${account}) hat auch ${other}; wer antwortet, ist nicht zu erkennen`,
    mend: "jeder Person ihr eigenes Konto geben",
  }),
  zone_unknown: (zone: string): Says => ({
    says: `${zone} ist keine Zeitzone`,
    mend: "eine IANA-Zeitzone wie Europe/Berlin eintragen",
  }),
  begins_impossible: (begins: string): Says => ({
    says: `den Tag ${begins} gibt es nicht`,
    mend: "einen Tag eintragen, den der Kalender hat",
  }),
  hours_uncovered: (schedule: string, spans: string, first: string): Says => ({
    says: `im Dienstplan ${schedule} hat zu manchen Zeiten niemand Dienst (in 366 Tagen ${spans}-mal): ${first}`,
    mend: "eine Schicht dafür eintragen, oder die Stunden unter uncovered, wenn das so sein soll",
  }),
  layer_hidden: (schedule: string, layer: string): Says => ({
    says: `Schicht ${layer} von ${schedule} kommt nie vor, weil spätere sie ganz verdecken`,
    mend: "die Reihenfolge ändern (die letzte gilt), ihr Stunden geben oder sie streichen",
  }),
  days_ignored: (): Says => ({
    says: "days gilt nicht neben holidays: only, denn das meint Feiertage an jedem Wochentag",
    mend: "days oder holidays streichen",
  }),
  schedule_unused: (name: string): Says => ({
    says: `der Dienstplan ${name} kommt in keiner Alarmkette vor`,
    mend: "ihn eintragen oder streichen",
  }),
  step_reaches_nobody: (step: string, priorities: string): Says => ({
    says: `Stufe ${step} erreicht niemanden: kein Weg gilt für ${priorities}`,
    mend: "Wege der Personen für diese Dringlichkeit eintragen oder die Stufe streichen",
  }),
  policy_reaches_nobody: (policy: string, priority: string): Says => ({
    says: `die Alarmkette ${policy} erreicht bei ${priority} niemanden`,
    mend: "Personen oder einen Dienstplan eintragen, die für diese Dringlichkeit einen Weg haben",
  }),
  policy_without_person: (policy: string, priority: string): Says => ({
    says: `die Alarmkette ${policy} erreicht bei ${priority} keinen Menschen, der bestätigen kann`,
    mend: "in eine Stufe eine Person, einen Dienstplan oder einen Kanal der Art goalert eintragen",
  }),
  step_without_wait: (step: string): Says => ({
    says: `Stufe ${step} beginnt zugleich mit der davor; niemand kann vorher antworten`,
    mend: "afterMinutes eintragen oder beide Stufen zusammenfassen",
  }),
  contact_too_late: (person: string, minutes: string, round: string): Says => ({
    says: `der Weg von ${person} wird erst nach ${minutes} Minuten genommen, die Kette beginnt aber schon nach ${round} Minuten von vorn`,
    mend: "afterMinutes des Weges verkleinern",
  }),
  policy_unused: (name: string): Says => ({
    says: `die Alarmkette ${name} wird von keiner Dringlichkeit benutzt`,
    mend: "sie unter routes eintragen oder streichen",
  }),
  single_channel: (channel: string): Says => ({
    says: `p1 hängt allein am Kanal ${channel}; fällt er aus, erfährt es niemand`,
    mend: "einen zweiten, davon unabhängigen Kanal eintragen",
  }),
  p1_not_paged: (): Says => ({
    says: "p1 ruft niemanden; was keine Minute warten kann, wartet dann doch",
    mend: "unter routes.p1 eine Alarmkette eintragen",
  }),
  digest_missing: (priority: string): Says => ({
    says: `${priority} soll in die Sammelmeldung, aber digest fehlt`,
    mend: "digest mit to eintragen, oder { none: true } für diese Dringlichkeit",
  }),
  digest_unused: (): Says => ({
    says: "digest ist eingetragen, aber keine Dringlichkeit geht in die Sammelmeldung",
    mend: "unter routes { digest: true } eintragen oder digest streichen",
  }),
  digest_reaches_nobody: (): Says => ({
    says: "die Sammelmeldung erreicht niemanden",
    mend: "unter digest.to eine Person, einen Dienstplan oder einen Kanal eintragen, der einen Weg hat",
  }),
  scores_out_of_order: (higher: string, lower: string): Says => ({
    says: `${lower} kommt nie vor: der Wert von ${higher} ist nicht größer`,
    mend: "die Werte so wählen, dass p1 > p2 > p3 gilt",
  }),
  quiet_all_day: (): Says => ({
    says: "die Ruhezeit dauert den ganzen Tag und endet nie",
    mend: "from und until verschieden wählen",
  }),
  channel_unused: (name: string): Says => ({
    says: `den Kanal ${name} benutzt niemand`,
    mend: "ihn eintragen oder streichen",
  }),
  channel_leaves_house: (name: string): Says => ({
    says: `der Kanal ${name} verlässt das Haus: was TLP:RED oder TLP:AMBER+STRICT ist, steht dort nicht`,
    mend: "nichts zu tun, wenn das so gemeint ist",
  }),
};

const en: typeof de = {
  tenant_unknown: (tenant) => ({
    says: `the tenant ${tenant} is not among tenants`,
    mend: "add it there or remove the section",
  }),
  person_unknown: (name) => ({
    says: `there is no person ${name}`,
    mend: "add it to people or correct the name",
  }),
  schedule_unknown: (name) => ({
    says: `there is no schedule ${name}`,
    mend: "add it to schedules or correct the name",
  }),
  policy_unknown: (name) => ({
    says: `there is no policy ${name}`,
    mend: "add it to policies or correct the name",
  }),
  channel_unknown: (name) => ({
    says: `there is no channel ${name}`,
    mend: "add it to paging.channels or correct the name",
  }),
  address_missing: (channel, form) => ({
    says: `the address for the channel ${channel} is missing`,
    mend: `set to: ${form}`,
  }),
  address_invalid: (channel, form) => ({
    says: `the address does not fit the channel ${channel}`,
    mend: `write it as ${form}`,
  }),
  address_shared: (channel, other) => ({
    says: `${other} has the same address in the channel ${channel}; who answers can't be told`,
    mend: "give each person an address of their own",
  }),
  person_unreachable: (name, schedule, priority) => ({
    says: `${name} is on duty in ${schedule} but has no way for ${priority}`,
    mend: `add a way without priorities or with ${priority}`,
  }),
  person_unused: (name) => ({
    says: `the person ${name} is in no schedule and no policy`,
    mend: "add or remove it",
  }),
  account_shared: (account, other) => ({
    says: `${other} has the same account (${account}); who answers can't be told`,
    mend: "give each person their own account",
  }),
  zone_unknown: (zone) => ({
    says: `${zone} is no time zone`,
    mend: "set an IANA time zone such as Europe/Berlin",
  }),
  begins_impossible: (begins) => ({
    says: `there is no such day: ${begins}`,
    mend: "set a day that the calendar has",
  }),
  hours_uncovered: (schedule, spans, first) => ({
    says: `at times nobody is on duty in the schedule ${schedule} (${spans} times in 366 days): ${first}`,
    mend: "add a layer for them, or the hours to uncovered where that is meant",
  }),
  layer_hidden: (schedule, layer) => ({
    says: `layer ${layer} of ${schedule} never counts because later ones hide it altogether`,
    mend: "change the order (the last one wins), give it hours or remove it",
  }),
  days_ignored: () => ({
    says: "days does not count beside holidays: only, which means holidays on any weekday",
    mend: "remove days or holidays",
  }),
  schedule_unused: (name) => ({
    says: `the schedule ${name} is in no policy`,
    mend: "add or remove it",
  }),
  step_reaches_nobody: (step, priorities) => ({
    says: `step ${step} reaches nobody: no way is for ${priorities}`,
    mend: "give the people ways for this priority or remove the step",
  }),
  policy_reaches_nobody: (policy, priority) => ({
    says: `the policy ${policy} reaches nobody for ${priority}`,
    mend: "add people or a schedule that have a way for this priority",
  }),
  policy_without_person: (policy, priority) => ({
    says: `the policy ${policy} reaches no human for ${priority} who could acknowledge`,
    mend: "add a person, a schedule or a channel of the kind goalert to a step",
  }),
  step_without_wait: (step) => ({
    says: `step ${step} begins together with the one before; nobody can answer in between`,
    mend: "set afterMinutes or make one step of both",
  }),
  contact_too_late: (person, minutes, round) => ({
    says: `${person}'s way is taken after ${minutes} minutes, but the policy begins anew after ${round} minutes`,
    mend: "lower afterMinutes of the way",
  }),
  policy_unused: (name) => ({
    says: `no priority uses the policy ${name}`,
    mend: "add it to routes or remove it",
  }),
  single_channel: (channel) => ({
    says: `p1 hangs on the channel ${channel} alone; when it fails nobody is told`,
    mend: "add a second channel that does not depend on it",
  }),
  p1_not_paged: () => ({
    says: "p1 pages nobody; what can't wait a minute will wait",
    mend: "set a policy in routes.p1",
  }),
  digest_missing: (priority) => ({
    says: `${priority} goes to the digest, but digest is missing`,
    mend: "set digest with to, or { none: true } for this priority",
  }),
  digest_unused: () => ({
    says: "digest is set, but no priority goes there",
    mend: "set { digest: true } in routes or remove digest",
  }),
  digest_reaches_nobody: () => ({
    says: "the digest reaches nobody",
    mend: "add a person, a schedule or a channel with a way to digest.to",
  }),
  scores_out_of_order: (higher, lower) => ({
    says: `${lower} never occurs: the score of ${higher} is not higher`,
    mend: "choose the scores so that p1 > p2 > p3",
  }),
  quiet_all_day: () => ({
    says: "the quiet hours last all day and never end",
    mend: "choose different times for from and until",
  }),
  channel_unused: (name) => ({
    says: `nobody uses the channel ${name}`,
    mend: "use or remove it",
  }),
  channel_leaves_house: (name) => ({
    says: `the channel ${name} leaves the house: what is TLP:RED or TLP:AMBER+STRICT does not stand there`,
    mend: "nothing to do where that is meant",
  }),
};

type Texts = typeof de;
export type PagingFaultKey = keyof Texts;

/** `info`: nothing is wrong, but it should be known. */
export type PagingFaultSeverity = "error" | "warning" | "info";

/** One thing that the check found. */
export interface PagingFault {
  readonly key: PagingFaultKey;
  readonly severity: PagingFaultSeverity;
  /** `paging.tenants.kreis.routes.p1` */
  readonly path: string;
  readonly says: Readonly<Record<"de" | "en", string>>;
  readonly mend: Readonly<Record<"de" | "en", string>>;
}

/** A fault with its texts in both languages. */
export function pagingFault<K extends PagingFaultKey>(
  severity: PagingFaultSeverity,
  path: string,
  key: K,
  ...about: Parameters<Texts[K]>
): PagingFault {
  const told = (texts: Texts): Says => {
    // The parameters are those of this very key, which the compiler can't follow through the union.
    const tell = texts[key] as (...about: readonly string[]) => Says;
    return tell(...about);
  };
  const [german, english] = [told(de), told(en)];
  return {
    ...{ key, severity, path },
    says: { de: german.says, en: english.says },
    mend: { de: german.mend, en: english.mend },
  };
}
