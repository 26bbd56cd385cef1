// Entry of the console: providers around the router. A lost session anywhere leads back to sign-in.
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "virtual:kern.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/queue.css";
import "./styles/detail.css";
import "./styles/pages.css";
import "./styles/proposal.css";
import "./styles/backtest.css";
import "./styles/cases.css";
import "./styles/models.css";
import "./styles/paging.css";
import "./styles/figures.css";
import "./styles/reports.css";
import { ApiError } from "./api/client.ts";
import { sessionQuery } from "./api/queries.ts";
import { LanguageProvider } from "./messages/language.tsx";
import { router } from "./router.tsx";
import { PreferencesProvider } from "./shell/preferences.tsx";

const onError = (error: Error) => {
  if (error instanceof ApiError && error.status === 401)
    client.setQueryData(sessionQuery.queryKey, null);
};
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no #root");
createRoot(place).render(
  <StrictMode>
    <PreferencesProvider>
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </PreferencesProvider>
  </StrictMode>,
);
