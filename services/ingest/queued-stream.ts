// Stream protocols without answers (syslog, GELF): each frame is a record, records go through the queue,
// and a sender is not read while the queue is full.
import type { OpenEndedFramer } from "./frame.ts";
import type { InputName } from "./metrics.ts";
import { type NetworkInputParts, originOf, textOfFrame } from "./network-input.ts";
import type { RecordQueue } from "./record-queue.ts";
import type { StreamProtocol } from "./stream-listener.ts";

/** The protocol that puts the frames of `createFramer` into a queue. */
export function queuedStream(
  name: InputName,
  createFramer: () => OpenEndedFramer,
  queue: RecordQueue,
  { metrics }: NetworkInputParts,
): StreamProtocol {
  return {
    name,
    greets: false,
    atStop: "drain",
    isAnswered: false,
    async serve(connection) {
      const framer = createFramer();
      const take = (frames: ReturnType<OpenEndedFramer["push"]>): Promise<boolean> => {
        const origin = originOf(connection.sender, name);
        return queue.put(frames.map((frame) => ({ origin, text: textOfFrame(frame, metrics) })));
      };
      for await (const chunk of connection.chunks(framer)) {
        const frames = framer.push(chunk);
        // A sender that goes on while we stop would otherwise fill the memory.
        if (!(await take(frames))) return;
        if (framer.fault !== undefined) {
          connection.refuse("framing", framer.fault.message);
          return;
        }
        await connection.pace(frames.length);
      }
      const rest = framer.rest();
      if (rest !== undefined && rest.bytes.length > 0) await take([rest]);
    },
  };
}
