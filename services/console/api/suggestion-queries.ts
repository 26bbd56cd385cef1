// What the page of a finding asks beside the finding itself: what the language model suggests, whether it is
// switched on, and the comments.
import { queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";
import type { AnnotationAnswer, CommentPage } from "./contract.ts";

const ANSWER_POLL_MS = 2000;
const COMMENTS_MAX = 100;

const findingPath = (id: string) => `/findings/${encodeURIComponent(id)}`;

/** Newest first; asked for again while the model has not answered. */
export function annotationsQuery(id: string) {
  return queryOptions({
    queryKey: ["annotations", id],
    queryFn: ({ signal }) =>
      request<{ readonly annotations: readonly AnnotationAnswer[] }>(
        "GET",
        `${findingPath(id)}/annotations`,
        undefined,
        signal,
      ),
    refetchInterval: ({ state }) =>
      state.data?.annotations.some((one) => one.state === "requested") ? ANSWER_POLL_MS : false,
  });
}

/** Has the model propose what to ask next. @throws ApiError */
export function askQuestions(id: string): Promise<AnnotationAnswer> {
  return request<AnnotationAnswer>("POST", `${findingPath(id)}/questions`, {});
}

/** Whether the tenant's language model is switched on. */
export const llmSwitchQuery = queryOptions({
  queryKey: ["llm-switch"],
  queryFn: ({ signal }) =>
    request<{ readonly on: boolean }>("GET", "/llm/switch", undefined, signal),
});

export function findingCommentsQuery(id: string) {
  return queryOptions({
    queryKey: ["finding-comments", id],
    queryFn: ({ signal }) =>
      request<CommentPage>(
        "GET",
        `${findingPath(id)}/comments?limit=${COMMENTS_MAX}`,
        undefined,
        signal,
      ),
  });
}
