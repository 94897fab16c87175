/** Who is signed in, and what happens when they no longer are. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { answer, api, setCsrfToken, whenSignedOut } from "./client";
import { asProblem, type Problem } from "./problems";
import type { Scope, Session } from "./types";

interface Standing {
  /** `undefined` until the server has said. */
  session: Session | null | undefined;
  /** The session ended while somebody worked: the page stays as it is and asks to sign in. */
  ended: boolean;
  /** Why it is not known who is signed in. */
  problem: Problem | null;
  retry: () => void;
  enter: (session: Session) => void;
  leave: () => void;
  may: (scope: Scope) => boolean;
}

const Context = createContext<Standing | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const [ended, setEnded] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const ask = useCallback(() => {
    setProblem(null);
    answer(api.GET("/v1/session")).then(
      (found) => {
        setCsrfToken(found.csrf_token);
        setSession(found);
      },
      (error: unknown) => {
        const known = asProblem(error);
        if (known.kind === "unauthorized") setSession(null);
        else setProblem(known);
      },
    );
  }, []);
  useEffect(ask, [ask]);
  useEffect(() => whenSignedOut(() => setEnded(true)), []);

  const enter = useCallback(
    (found: Session) => {
      setCsrfToken(found.csrf_token);
      setSession((before) => {
        // Nothing that one person saw stays for the next.
        if (before && before.user.id !== found.user.id) client.clear();
        return found;
      });
      setEnded(false);
      void client.invalidateQueries();
    },
    [client],
  );
  const leave = useCallback(() => {
    setCsrfToken("");
    setSession(null);
    setEnded(false);
    client.clear();
    try {
      sessionStorage.clear();
    } catch {
      // Nothing was kept then.
    }
  }, [client]);

  const standing = useMemo<Standing>(() => {
    const scopes = session?.scopes ?? [];
    const may = (scope: Scope): boolean => scopes.includes(scope) || scopes.includes("admin");
    return { session, ended: ended && !!session, problem, retry: ask, enter, leave, may };
  }, [session, ended, problem, ask, enter, leave]);
  return <Context.Provider value={standing}>{children}</Context.Provider>;
}

export function useStanding(): Standing {
  return useContext(Context)!;
}

/** The session on pages that only somebody signed in sees. */
export function useSession(): Session {
  return useStanding().session!;
}
