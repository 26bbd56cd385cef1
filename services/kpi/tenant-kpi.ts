// The live figures of one tenant: a ledger that follows the store, and the documents of the months that a
// change has touched. Everything is read anew once in a while, whatever was heard meanwhile.
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Finding } from "../store/finding.ts";
import type { Incident } from "../store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../store/kinds.ts";
import { KPI_KIND, type KpiDocument, kpiDocumentId } from "../store/kpi.ts";
import type { Store, Versioned } from "../store/store.ts";
import { alarmOf } from "./alarm.ts";
import { documentsOf, hasContent, readLedger, STANDARD_SCOPES } from "./calculator.ts";
import { contributionOf } from "./contribution.ts";
import { type FigureSettings, TenantFigures } from "./figures/tenant-figures.ts";
import { KpiLedger } from "./ledger.ts";
import { pagedOf } from "./paged.ts";

/** Ten years back; what is older is calculated when it is asked for. */
const MONTHS_MAX = 120;
const MS = 1000;

export interface TenantKpiParts {
  readonly store: Store;
  readonly tenant: string;
  readonly timeZone: string;
  /** ms UTC. */
  readonly now: () => number;
  readonly figures: FigureSettings;
  /** Told that a refresh is due. */
  readonly onChange: () => void;
}

export class TenantKpi {
  readonly #parts: TenantKpiParts;
  readonly #stops: (() => void)[];
  readonly #figures: TenantFigures;
  /** Newest version heard of each document while everything is being read; undefined: it is not. */
  #heard: Map<string, number> | undefined;
  #filling: KpiLedger | undefined;
  #ledger: KpiLedger;
  /** About which there was anything when months were written last. */
  #firstMonth: number | undefined;
  #isReady = false;
  #isStopped = false;
  /** By id, as they stand in the store; only of months that were written by this process. */
  readonly #written = new Map<string, KpiDocument>();

  constructor(parts: TenantKpiParts) {
    this.#parts = parts;
    this.#ledger = new KpiLedger(parts.timeZone);
    const { store, tenant, figures: settings } = parts;
    this.#figures = new TenantFigures({
      ...{ store, tenant, settings },
      isStopped: () => this.#isStopped,
    });
    this.#stops = [
      store.watch(tenant, INCIDENT_KIND, (change) => this.#hearIncident(change)),
      store.watch(tenant, FINDING_KIND, (change) => this.#hearFinding(change)),
    ];
  }

  /** The ledger as far as changes were heard; undefined before everything was read once. */
  get ledger(): KpiLedger | undefined {
    return this.#isReady ? this.#ledger : undefined;
  }

  /** The document of the running month and the whole tenant, as it was written last. */
  current(): KpiDocument | undefined {
    const { calendar } = this.#ledger;
    const month = calendar.monthOf(Math.floor(this.#parts.now() / MS));
    return this.#written.get(kpiDocumentId(calendar.periodOf(month), {}));
  }

  /** Reads everything and writes all months whose figures are not the ones that stand there. */
  async reconcile(): Promise<void> {
    const { store, tenant, timeZone } = this.#parts;
    const heard = new Map<string, number>();
    const filling = new KpiLedger(timeZone);
    this.#heard = heard;
    this.#filling = filling;
    try {
      await readLedger(store, tenant, timeZone, {
        ledger: filling,
        isNews: (kind, { id, version }) => version > (heard.get(`${kind} ${id}`) ?? -1),
        isStopped: () => this.#isStopped,
      });
      if (this.#isStopped) return;
      this.#ledger = filling;
      this.#isReady = true;
    } finally {
      this.#heard = undefined;
      this.#filling = undefined;
    }
    const { first, last } = this.#months();
    filling.takeTouched(last);
    this.#firstMonth = first;
    await this.#write(monthsBetween(first, last + 1), first);
    if (this.#isStopped) return;
    await this.#figures.writeAllDays(this.#ledger, first, this.#parts.now());
  }

  /** Writes the months that changes have touched since the last time. */
  async refresh(): Promise<void> {
    if (!this.#isReady) return;
    const { first, last } = this.#months();
    const touched = this.#ledger.takeTouched(last).filter((month) => month > last - MONTHS_MAX);
    // What was the first month is none any longer, or was none yet.
    const before = this.#firstMonth ?? first;
    this.#firstMonth = first;
    const moved = monthsBetween(Math.min(first, before), Math.max(first, before));
    await this.#write([...new Set([...moved, ...touched])], first);
    if (this.#isStopped) return;
    await this.#figures.writeDays(this.#ledger, this.#parts.now());
  }

  /** The first month about which there is anything, at most ten years back, and the running one. */
  #months(): { readonly first: number; readonly last: number } {
    const last = this.#ledger.calendar.monthOf(Math.floor(this.#parts.now() / MS));
    const first = this.#ledger.firstMonth() ?? last;
    return { first: Math.min(last, Math.max(first, last - MONTHS_MAX + 1)), last };
  }

  close(): void {
    this.#isStopped = true;
    for (const stop of this.#stops) stop();
  }

  async #write(months: readonly number[], first: number): Promise<void> {
    const { tenant, now } = this.#parts;
    const at = now();
    const { calendar } = this.#ledger;
    const documents = new Map<number, readonly KpiDocument[]>();
    for (const month of months) {
      await setImmediate();
      const period = calendar.periodOf(month);
      const made = documentsOf(this.#ledger, tenant, period, STANDARD_SCOPES, at);
      if (!(await this.#writeDocuments(made))) return;
      documents.set(month, made);
    }
    const last = calendar.monthOf(Math.floor(at / MS));
    await this.#figures.writeMonths(this.#ledger, { documents, first, last, now: at });
  }

  /** @returns false when it was stopped */
  async #writeDocuments(documents: readonly KpiDocument[]): Promise<boolean> {
    const { store, tenant } = this.#parts;
    for (const document of documents) {
      if (this.#isStopped) return false;
      const { period, scope, figures } = document;
      const id = kpiDocumentId(period, scope);
      const before = this.#written.get(id) ?? (await this.#stored(id));
      const isWanted = scope.severity === undefined && scope.category === undefined;
      if (before === undefined && !isWanted && !hasContent(figures)) continue;
      const isNew = before === undefined || !isSame(before, document);
      if (isNew) await store.put(tenant, KPI_KIND, id, document);
      this.#written.set(id, isNew ? document : before);
    }
    return true;
  }

  async #stored(id: string): Promise<KpiDocument | undefined> {
    return (await this.#parts.store.get(this.#parts.tenant, KPI_KIND, id))?.document;
  }

  #hearIncident({ id, version, document }: Versioned<Incident>): void {
    const contribution = contributionOf(document);
    this.#hear("incident", id, version, (ledger) => ledger.setIncident(contribution));
  }

  #hearFinding({ id, version, document }: Versioned<Finding>): void {
    const [alarm, paged] = [alarmOf(document), pagedOf(document)];
    this.#hear("finding", id, version, (ledger) => {
      ledger.setAlarm(id, alarm);
      ledger.setPaged(id, paged);
    });
  }

  #hear(kind: string, id: string, version: number, put: (ledger: KpiLedger) => void): void {
    put(this.#ledger);
    if (this.#filling !== undefined) {
      this.#heard?.set(`${kind} ${id}`, version);
      put(this.#filling);
    }
    this.#parts.onChange();
  }
}

/** @param end not included */
function monthsBetween(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

/** Apart from the moment of calculation, which says nothing where no age is told. */
function isSame(one: KpiDocument, other: KpiDocument): boolean {
  return (
    one.inputHash === other.inputHash &&
    one.definitionVersion === other.definitionVersion &&
    isDeepStrictEqual(one.period, other.period) &&
    isDeepStrictEqual(one.figures, other.figures)
  );
}
