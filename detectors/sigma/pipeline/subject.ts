// What a pipeline works on: a rule before it is built, or a correlation.
import type { CorrelationRule } from "../../correlation/rule.ts";
import type { DetectorInfo } from "../../detector.ts";
import type { RuleAttributes } from "../attributes.ts";
import { type DraftItem, type DraftTree, draftItemsOf, type RuleDraft } from "../draft.ts";
import type { LogSource } from "../rule.ts";

export type Subject =
  | { readonly kind: "rule"; readonly rule: RuleDraft }
  | {
      readonly kind: "correlation";
      readonly rule: CorrelationRule;
      /** Of the rules that it joins. */
      readonly logSources: readonly LogSource[];
    };

/** What both kinds have. */
export interface SubjectHead {
  readonly info: DetectorInfo;
  readonly name: string | undefined;
  readonly attributes: RuleAttributes;
}

export function headOf(subject: Subject): SubjectHead {
  return subject.rule;
}

export function logSourcesOf(subject: Subject): readonly LogSource[] {
  return subject.kind === "rule" ? [subject.rule.logSource] : subject.logSources;
}

/** The items of a rule's detection; a correlation has none. */
export function itemsOfSubject(subject: Subject): DraftItem[] {
  if (subject.kind === "correlation") return [];
  const { detection, guards } = subject.rule;
  const trees = [...detection.selections.values(), ...guards.map(({ tree }) => tree)];
  return trees.flatMap(draftItemsOf);
}

/** The same subject with other attributes. */
export function withAttributes(subject: Subject, attributes: Partial<RuleAttributes>): Subject {
  const all = { ...subject.rule.attributes, ...attributes };
  return subject.kind === "rule"
    ? { ...subject, rule: { ...subject.rule, attributes: all } }
    : { ...subject, rule: { ...subject.rule, attributes: all } };
}

/** The rule with each item changed; undefined leaves an item as it is. Items that were changed are signed. */
export function changeItems(
  subject: Subject,
  id: string | undefined,
  change: (item: DraftItem) => DraftTree | undefined,
): Subject {
  if (subject.kind === "correlation") return subject;
  const through = (tree: DraftTree): DraftTree => {
    if (tree.kind === "item") {
      const changed = change(tree.item);
      return changed === undefined ? tree : signed(changed, id);
    }
    const children = tree.children.map(through);
    return children.every((child, at) => child === tree.children[at])
      ? tree
      : { ...tree, children };
  };
  const { detection, guards } = subject.rule;
  const selections = new Map([...detection.selections].map(([name, one]) => [name, through(one)]));
  return {
    ...subject,
    rule: {
      ...subject.rule,
      detection: { ...detection, selections },
      guards: guards.map((guard) => ({ ...guard, tree: through(guard.tree) })),
    },
  };
}

function signed(tree: DraftTree, id: string | undefined): DraftTree {
  if (id === undefined) return tree;
  if (tree.kind !== "item") {
    return { ...tree, children: tree.children.map((child) => signed(child, id)) };
  }
  const { item } = tree;
  return item.applied.includes(id)
    ? tree
    : { kind: "item", item: { ...item, applied: [...item.applied, id] } };
}
