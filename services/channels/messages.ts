// Our own words in pages, in German and English. What a page says by itself comes with it.
import type { Priority } from "../../config/paging.ts";
import type { Page } from "./page.ts";

export type PageLanguage = Page["language"];

interface ChannelMessages {
  readonly kinds: Readonly<Record<Page["kind"], string>>;
  readonly priorities: Readonly<Record<Priority, string>>;
  readonly advice: string;
  readonly more: string;
  readonly open: string;
  readonly acknowledge: string;
  readonly decline: string;
  /** Before the moment at which the finding was raised. */
  readonly raised: string;
  /** Before the id by which repetitions are told. */
  readonly page: string;
  /** In the place of a secret. */
  readonly removed: string;
  /** At the end of what was too long. */
  readonly cut: string;
  readonly automatic: string;
}

export const CHANNEL_MESSAGES: Readonly<Record<PageLanguage, ChannelMessages>> = {
  de: {
    kinds: {
      finding: "Alarm",
      digest: "Sammelmeldung",
      test: "Probealarm",
      watchdog: "Totmann-Alarm",
    },
    priorities: {
      p1: "P1 – sofort handeln",
      p2: "P2 – dringend",
      p3: "P3 – am selben Tag",
      p4: "P4 – bei Gelegenheit",
    },
    advice: "Zuerst tun",
    more: "Gehört dazu",
    open: "Fund öffnen",
    acknowledge: "Übernehmen",
    decline: "Ablehnen",
    raised: "Gemeldet",
    page: "Kennung",
    removed: "[entfernt]",
    cut: "… gekürzt",
    automatic:
      "Diese Nachricht wurde automatisch erzeugt. Fremde Adressen darin sind absichtlich nicht anklickbar.",
  },
  en: {
    kinds: { finding: "Alert", digest: "Digest", test: "Test page", watchdog: "Dead man's alert" },
    priorities: {
      p1: "P1 – act at once",
      p2: "P2 – urgent",
      p3: "P3 – on the same day",
      p4: "P4 – when there is time",
    },
    advice: "Do first",
    more: "Belongs to it",
    open: "Open finding",
    acknowledge: "Acknowledge",
    decline: "Decline",
    raised: "Raised",
    page: "Reference",
    removed: "[removed]",
    cut: "… cut",
    automatic:
      "This message was made automatically. Foreign addresses in it are not clickable on purpose.",
  },
};
