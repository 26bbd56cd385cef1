// Text lines without a known shape, for sources that are configured as `plain`: searchable, and rules
// can look for words in them. Never found out by itself: an unknown line of any other source is a fault.
import { flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";

const ECS = { message: ["message"] };

/** Text as it is. */
export const plain: Format = {
  id: "plain",
  title: "Lines of text as they are",
  reads: "text",
  shape: flatShape({ id: "plain", family: "plain", ecs: ECS }),
  dataClass: "content",
  mayClaim: () => false,
  sniff: () => 0,
  parse: (line) => ({ record: { message: line }, time: undefined, identity: undefined }),
  ecs: (record) => ({ "event.kind": "event", ...flatDocument(record, ECS, "plain") }),
};
