// The target of a panel: a dashed line, or a second number beside the first, which turns red where it misses
// the target. How far that is Grafana takes from the answer of a query of its own (transformation
// configFromData): for a target that is not to be exceeded as the limit from which on it is red. What is to be
// reached can't be said so, for its limits always begin with green: the target is taken as the greatest value
// there, and what is less than the whole of it is red.
import {
  BigValueGraphMode,
  GraphDrawStyle,
  LineStyleBuilder,
  StackingMode,
} from "@grafana/grafana-foundation-sdk/common";
import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { FigureQuery, Panel, Text } from "../board.ts";
import { seriesTarget } from "./elasticsearch.ts";

const TARGET_REF = "Target";
const LIMIT_REF = "Limit";
const WHOLE_PERCENT = 100;
/** All numbers are more than the least one, so that nothing but a missing number is 0 percent. */
const LEAST = { min: -1, redFromPercent: 1 };

/**
 * Draws it, where the panel has one.
 * @param refId of the query whose numbers are held to it
 */
export function addTarget(
  builder: unknown,
  { target }: Panel,
  query: FigureQuery,
  refId: string,
  language: keyof Text,
): void {
  if (target === undefined) return;
  const { by: _, ...whole } = query;
  const label = target.label[language];
  const one = { name: target.name, how: "max" as const, label: target.label };
  const targetOf = (ref: string) => seriesTarget(whole, one, ref, label);
  if (builder instanceof TimeseriesBuilder) {
    const dashed = new LineStyleBuilder().fill("dash").dash([10, 10]).build();
    builder.withTarget(targetOf(TARGET_REF)).overrideByQuery(TARGET_REF, [
      { id: "custom.lineStyle", value: dashed },
      { id: "custom.drawStyle", value: GraphDrawStyle.Line },
      { id: "custom.fillOpacity", value: 0 },
      { id: "custom.stacking", value: { mode: StackingMode.None } },
    ]);
  }
  if (!(builder instanceof StatBuilder)) return;
  if (target.isAtLeast === true) {
    // Without a target no number is less than the whole. The small line would end at the target.
    builder.min(LEAST.min).max(0).thresholds(atLeast()).graphMode(BigValueGraphMode.None);
  }
  const handlerKey = target.isAtLeast === true ? "max" : "threshold1";
  builder
    .withTarget(targetOf(TARGET_REF))
    .withTarget(targetOf(LIMIT_REF))
    .withTransformation({
      id: "configFromData",
      options: {
        configRefId: LIMIT_REF,
        applyTo: { id: "byFrameRefID", options: refId },
        mappings: [{ fieldName: label, handlerKey, reducerId: "last" }],
      },
    });
}

/** Without limits of ours Grafana has its own: 80 would be red, of seconds as of alarms. */
export function noLimit(): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: "green" }]);
}

function atLeast(): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Percentage).steps([
    { value: null, color: "green" },
    { value: LEAST.redFromPercent, color: "red" },
    { value: WHOLE_PERCENT, color: "green" },
  ]);
}
