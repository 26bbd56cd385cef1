// One panel of a board over a span of time. Which boards somebody sees follows from what is in them.
import { isAppError } from "../../../config/errors.ts";
import { boardAccess } from "../board-access.ts";
import { boardPanelAnswer, boardParams, boardQuery } from "../board-schemas.ts";
import { type Api, type ApiContext, answers } from "../context.ts";
import { ApiFault } from "../faults.ts";
import { principalOf } from "../guard.ts";

/** Registers `/boards`. */
export function registerBoardRoutes(api: Api, { boards }: ApiContext): void {
  const schema = {
    params: boardParams,
    querystring: boardQuery,
    response: answers(boardPanelAnswer),
  };
  api.get("/boards/:board/panels/:panel", { schema }, async (request) => {
    const { tenant, capabilities } = principalOf(request);
    if (!capabilities.has(boardAccess(request.params.board))) throw new ApiFault("HW_FORBIDDEN");
    try {
      const found = await boards?.(tenant, request.params, request.query);
      if (found === undefined) throw new ApiFault("HW_NOT_FOUND");
      return found;
    } catch (error) {
      if (!isAppError(error, "HW_REQUEST_INVALID")) throw error;
      throw new ApiFault("HW_REQUEST_INVALID", {
        place: "query/from",
        text: (m) => m.spanTooLong,
      });
    }
  });
}
