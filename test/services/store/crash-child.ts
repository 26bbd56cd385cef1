// Records numbered signals and audit entries until it is killed. Arguments: data folder, first number.
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { exampleFold, exampleSignal } from "../../contract/store-examples.ts";

const [dataDir = "", first = "0"] = process.argv.slice(2);
const store = openEmbeddedStore({ dataDir });
for (let number = Number(first); ; number += 1) {
  const groups = new Map([["f1", [exampleSignal(`s${number}`)]]]);
  await store.recordSignals("a", FINDING_KIND, groups, exampleFold);
  const entry = {
    at: number,
    actor: "cli",
    action: "x",
    subject: `s${number}`,
    payload: { number },
  };
  await store.appendAudit("a", entry);
  process.stdout.write(`${number}\n`);
}
