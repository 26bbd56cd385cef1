// What the API says when a change of findings is refused, German and English.
import type { FindingRule } from "../cases/finding-fault.ts";

type Sentences = Readonly<Record<FindingRule, string>>;

/** By the configuration's `language`, then by the rule that was broken. */
export const FINDING_RULES: Readonly<Record<"de" | "en", Sentences>> = {
  de: {
    reasonNeeded: "Ein Fehlalarm braucht einen Grund.",
    reasonUnfit: "Einen Grund gibt es nur beim Fehlalarm.",
    commentNeeded: "„Unentschieden“ braucht einen Satz zur Begründung.",
    noVerdict: "Der Befund hat keine Bewertung, die sich zurücknehmen ließe.",
    duplicateUnfit: "Einen anderen Befund nennt nur ein Duplikat.",
    duplicateSelf: "Ein Befund ist kein Duplikat seiner selbst, auch nicht über einen anderen.",
    duplicateMissing: "Den Befund, von dem dies ein Duplikat sein soll, gibt es nicht.",
    assigneeUnknown: "Dieses Konto gibt es nicht, oder es ist gesperrt.",
    tagsMany: "Ein Befund hat höchstens 50 Schlagwörter.",
    bulkEmpty: "Die Auswahl ist leer.",
    bulkMany: "Auf einmal lassen sich höchstens 200 000 Befunde ändern.",
    bulkGone: "Diese Vorschau ist abgelaufen oder gehört jemand anderem. Bitte neu ansehen.",
    bulkStarted: "Diese Sammeländerung läuft schon oder ist fertig.",
    bulkUndoOver:
      "Eine Sammeländerung lässt sich nur 10 Minuten lang zurücknehmen, und nur fertig.",
  },
  en: {
    reasonNeeded: "A false positive needs a reason.",
    reasonUnfit: "Only a false positive has a reason.",
    commentNeeded: "“Undetermined” needs a sentence that says why.",
    noVerdict: "The finding has no verdict that could be taken back.",
    duplicateUnfit: "Only a duplicate names another finding.",
    duplicateSelf: "A finding is no duplicate of itself, nor by way of another one.",
    duplicateMissing: "The finding that this is to be a duplicate of does not exist.",
    assigneeUnknown: "There is no such account, or it is locked.",
    tagsMany: "A finding has at most 50 tags.",
    bulkEmpty: "Nothing is selected.",
    bulkMany: "At most 200,000 findings can be changed at once.",
    bulkGone: "This preview has expired or is somebody else's. Please look again.",
    bulkStarted: "This bulk change is running already, or done.",
    bulkUndoOver: "A bulk change can be undone for 10 minutes only, and once it is done.",
  },
};
