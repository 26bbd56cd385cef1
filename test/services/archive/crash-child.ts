// Appends numbered events of several hours until it is killed. Arguments: data folder, first number.
import { openEmbeddedArchive } from "../../../services/archive/embedded.ts";
import { numberedEvents } from "./numbered-events.ts";

const [dataDir = "", first = "0"] = process.argv.slice(2);
const archive = openEmbeddedArchive({
  dataDir,
  onDamage: (error) => {
    throw error;
  },
});
for (let offset = Number(first); ; offset += 5) {
  const position = { stream: "raw/0", firstOffset: offset, lastOffset: offset + 4 };
  await archive.append("kreis", position, numberedEvents(offset, offset + 4));
  process.stdout.write(`${offset + 4}\n`);
}
