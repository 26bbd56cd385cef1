// Changes of one finding by a human. Every change names the version it was made from, so that two people
// never overwrite each other, and is written together with its audit entry.
import {
  assign,
  changeTags,
  judge,
  setStatus,
  setTlp,
  undoVerdict,
  watch,
} from "../../cases/finding-changes.ts";
import {
  changeFinding,
  checkDuplicate,
  type FindingChange,
  FindingConflict,
} from "../../cases/finding-write.ts";
import { FINDING_KIND } from "../../store/kinds.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { assignBody, tagsBody, tlpBody, watchBody } from "../finding-change-schemas.ts";
import { checkAssignee, sayRefusals } from "../finding-refusals.ts";
import { type Principal, principalOf } from "../guard.ts";
import {
  idParams,
  statusBody,
  undoBody,
  type VersionedFinding,
  verdictBody,
  versionedFinding,
} from "../schemas.ts";

const changing = { params: idParams, response: answers(versionedFinding) };

/** Registers what changes one finding, below `/findings/:id`. */
export function registerFindingChanges(api: Api, context: ApiContext): void {
  registerJudging(api, context);
  registerMarking(api, context);
}

function registerJudging(api: Api, context: ApiContext): void {
  const judging = { ...changing, body: verdictBody };
  api.post("/findings/:id/verdict", { schema: judging }, async (request) => {
    const { params, body } = request;
    const principal = principalOf(request);
    await sayRefusals(() =>
      checkDuplicate(context.store, principal.tenant, body.duplicateOf, params.id),
    );
    return change(context, principal, params.id, {
      version: body.version,
      action: "finding.verdict",
      next: (present, by) => judge(present, body, by),
    });
  });

  const moving = { ...changing, body: statusBody };
  api.post("/findings/:id/status", { schema: moving }, (request) => {
    const { status, version } = request.body;
    return change(context, principalOf(request), request.params.id, {
      version,
      action: (present) => (present.status === "closed" ? "finding.reopen" : "finding.status"),
      next: (present, by) => setStatus(present, status, by),
    });
  });

  const undoing = { ...changing, body: undoBody };
  api.post("/findings/:id/undo-verdict", { schema: undoing }, (request) => {
    const { version } = request.body;
    const action = "finding.undo_verdict";
    return change(context, principalOf(request), request.params.id, {
      ...{ version, action, next: undoVerdict },
    });
  });
}

/** What does not touch the queue: nobody's place in it depends on it. */
function registerMarking(api: Api, context: ApiContext): void {
  const assigning = { ...changing, body: assignBody };
  api.post("/findings/:id/assign", { schema: assigning }, async (request) => {
    const { version, assignee } = request.body;
    const principal = principalOf(request);
    await sayRefusals(() => checkAssignee(context.store, principal.tenant, assignee));
    return change(context, principal, request.params.id, {
      ...{ version, action: "finding.assign", next: (present) => assign(present, assignee) },
    });
  });

  const tagging = { ...changing, body: tagsBody };
  api.post("/findings/:id/tags", { schema: tagging }, (request) => {
    const { version, ...tags } = request.body;
    return change(context, principalOf(request), request.params.id, {
      ...{ version, action: "finding.tags", next: (present) => changeTags(present, tags) },
    });
  });

  const watching = { ...changing, body: watchBody };
  api.post("/findings/:id/watch", { schema: watching }, (request) => {
    const { version, watching: isWatching } = request.body;
    return change(context, principalOf(request), request.params.id, {
      version,
      action: "finding.watch",
      next: (present, { actor }) => watch(present, actor, isWatching),
    });
  });

  const marking = { ...changing, body: tlpBody };
  api.post("/findings/:id/tlp", { schema: marking }, (request) => {
    const { version, tlp } = request.body;
    return change(context, principalOf(request), request.params.id, {
      ...{ version, action: "finding.tlp", next: (present) => setTlp(present, tlp) },
    });
  });
}

type Asked = Pick<FindingChange, "version" | "action"> & {
  readonly next: (
    present: Parameters<FindingChange["next"]>[0],
    by: FindingChange["by"],
  ) => ReturnType<FindingChange["next"]>;
};

/** A conflict answers with the present state. */
async function change(
  context: ApiContext,
  { tenant, actor }: Principal,
  id: string,
  { version, action, next }: Asked,
): Promise<VersionedFinding> {
  const { store, triage } = context;
  const by = { at: context.clock(), actor };
  const asked = { tenant, id, version, by, action };
  const changed = await sayRefusals(() =>
    changeFinding(store, { ...asked, next: (present) => next(present, by) }).catch(
      (error: unknown) => {
        if (!(error instanceof FindingConflict)) throw error;
        const { version: current, document: finding } = error.present;
        throw new ApiFault("HW_CONFLICT", { details: { version: current, finding } });
      },
    ),
  );
  await triage.findingChanged(tenant, id);
  const now = (await store.get(tenant, FINDING_KIND, id)) ?? changed;
  return { version: now.version, finding: now.document };
}
