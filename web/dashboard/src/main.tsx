import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { retries } from "./api/live";
import { SessionProvider } from "./api/session";
import { App } from "./app/App";
import "./styles/base.css";
import "@shared/rich.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/pages.css";

const client = new QueryClient({
  defaultOptions: {
    // Requests are made even where the browser believes to be offline: the server may be on this machine.
    queries: { retry: retries, staleTime: 1_000, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <SessionProvider><App /></SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
