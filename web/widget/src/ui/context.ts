/** What every part of the widget reaches for. */

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Connection } from "../connection";
import type { State } from "../state";
import type { Store } from "../store";
import type { Speaker } from "../words";

export interface Tools {
  store: Store;
  connection: Connection;
  speaker: Speaker;
  title: string;
  open: () => void;
  close: () => void;
}

export const Context = createContext<Tools | null>(null);

export function useTools(): Tools {
  const tools = useContext(Context);
  if (!tools) {
    throw new Error("drawn outside of App");
  }
  return tools;
}

/** The state, drawn again after each change. */
export function useStore(store: Store): State {
  const [state, set] = useState(store.state);
  useEffect(() => {
    set(store.state);
    return store.subscribe(set);
  }, [store]);
  return state;
}
