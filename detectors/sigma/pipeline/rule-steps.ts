// Transformations of what a rule says of itself, of the pipeline's own state, and steps that refuse a rule.
// Format: pySigma, "Processing Pipelines".
import { PipelineRefusal } from "../reading.ts";
import type { Parameters } from "./parameters.ts";
import { onItems, type Transformation } from "./step.ts";
import { itemsOfSubject, withAttributes } from "./subject.ts";

export const RULE_TRANSFORMATIONS: Readonly<Record<string, (given: Parameters) => Transformation>> =
  {
    change_logsource(given) {
      const name = (key: string) => given.maybeText(key)?.toLowerCase();
      const logSource = {
        product: name("product"),
        category: name("category"),
        service: name("service"),
      };
      if (Object.values(logSource).every((one) => one === undefined)) {
        throw given.fault("type", "expected product, category or service");
      }
      return (subject) =>
        subject.kind === "rule" ? { ...subject, rule: { ...subject.rule, logSource } } : subject;
    },
    add_field(given) {
      const added = given.texts("field");
      return (subject) => {
        const { fields } = subject.rule.attributes;
        return withAttributes(subject, { fields: [...fields, ...added] });
      };
    },
    remove_field(given) {
      const removed = new Set(given.texts("field"));
      return (subject) => {
        const { fields } = subject.rule.attributes;
        return withAttributes(subject, { fields: fields.filter((one) => !removed.has(one)) });
      };
    },
    set_field(given) {
      const fields = given.texts("fields");
      return (subject) => withAttributes(subject, { fields });
    },
    set_custom_attribute(given) {
      const attribute = given.text("attribute");
      const value = given.scalar("value");
      return (subject) => {
        // Written as a list of pairs, so that no name can reach the prototype.
        const pairs = [...Object.entries(subject.rule.attributes.custom), [attribute, value]];
        return withAttributes(subject, { custom: Object.fromEntries(pairs) });
      };
    },
    set_state(given) {
      const key = given.text("key");
      const value = given.scalar("val");
      return (subject, { run }) => {
        run.state.set(key, value);
        return subject;
      };
    },
    rule_failure(given) {
      const message = given.text("message");
      return () => {
        throw new PipelineRefusal(message);
      };
    },
    detection_item_failure(given) {
      const message = given.text("message");
      return onItems(() => {
        throw new PipelineRefusal(message);
      });
    },
    strict_field_mapping_failure:
      () =>
      (subject, { run }) => {
        const fields = itemsOfSubject(subject).flatMap(({ field }) => field ?? []);
        const unmapped = new Set(fields.filter((field) => !run.mappedFields.has(field)));
        if (unmapped.size === 0) return subject;
        throw new PipelineRefusal(`no step maps ${[...unmapped].sort().join(", ")}`);
      },
  };
