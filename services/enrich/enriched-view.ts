// Makes enriched fields readable for rules without computing any that no rule asks for: the record gets
// one hidden key, under which each field is computed when it is read for the first time.

import type { LogEvent, RecordShape } from "../../detectors/event.ts";
import { type FieldReader, fieldReader } from "../../detectors/sigma/field-reader.ts";
import type { EnrichedFields, Enrichment, ReadField } from "./enrichment.ts";

/**
 * Not enumerable, so that neither keyword search nor the written document sees it. A sender's own field of
 * this name is covered: the key is set on every record whose shape leads to it.
 */
const HIDDEN_KEY = "\u0000enriched";
/** Used again for every event, filled anew. */
const HIDDEN: PropertyDescriptor = { value: undefined, configurable: true, enumerable: false };

/** Gives events whose records answer for enriched fields too. */
export type EnrichView = (event: LogEvent) => LogEvent;

/**
 * @param enrichments those of which rules ask a field
 * @param fill runs an enrichment and catches its faults
 */
export function createEnrichView(enrichments: readonly Enrichment[], fill: Fill): EnrichView {
  const shapes = new Map<RecordShape, { shape: RecordShape; Fields: typeof LazyFields }>();
  const viewOf = (shape: RecordShape) => {
    let view = shapes.get(shape);
    if (view === undefined) {
      const Fields = lazyFieldsOf(shape, enrichments, fill);
      view = { shape: enrichedShape(shape, enrichments), Fields };
      shapes.set(shape, view);
    }
    return view;
  };
  return (event) => {
    const { shape, Fields } = viewOf(event.shape);
    // Parsers make a record for each event, so nobody else holds this one.
    const record = Object.isExtensible(event.record) ? event.record : { ...event.record };
    HIDDEN.value = new Fields(event);
    Object.defineProperty(record, HIDDEN_KEY, HIDDEN);
    return { ...event, shape, record };
  };
}

// The event's own value comes first; an enriched one is read where it has none.
function enrichedShape(shape: RecordShape, enrichments: readonly Enrichment[]): RecordShape {
  const given = new Set(enrichments.flatMap(({ gives }) => gives));
  return {
    ...shape,
    locate: (name) =>
      given.has(name) ? [...shape.locate(name), [HIDDEN_KEY, name]] : shape.locate(name),
  };
}

/** Runs an enrichment and catches its faults. */
type Fill = (enrichment: Enrichment, read: ReadField, tenant: string) => EnrichedFields | undefined;

/** What the getters find: the event, and what was computed of it. */
class LazyFields {
  readonly event: LogEvent;
  known: Map<Enrichment, EnrichedFields | undefined> | undefined;

  constructor(event: LogEvent) {
    this.event = event;
    this.known = undefined;
  }
}

/** A class with a getter for each field; what one enrichment gives is computed together, once. */
function lazyFieldsOf(
  shape: RecordShape,
  enrichments: readonly Enrichment[],
  fill: Fill,
): typeof LazyFields {
  const readers = new Map<string, FieldReader>();
  const readerOf = (name: string): FieldReader => {
    let reader = readers.get(name);
    if (reader === undefined) {
      reader = fieldReader(shape.locate(name));
      readers.set(name, reader);
    }
    return reader;
  };
  class Fields extends LazyFields {}
  for (const enrichment of enrichments) {
    for (const name of enrichment.gives) {
      Object.defineProperty(Fields.prototype, name, {
        get(this: LazyFields) {
          this.known ??= new Map();
          if (!this.known.has(enrichment)) {
            const read: ReadField = (field) => readerOf(field)(this.event.record);
            this.known.set(enrichment, fill(enrichment, read, this.event.tenant));
          }
          return this.known.get(enrichment)?.[name];
        },
      });
    }
  }
  return Fields;
}
