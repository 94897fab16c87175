/** Things that should outlive a reload, where the browser keeps anything at all. */
import { useEffect, useState } from "react";

export function read<T>(name: string, otherwise: T, store: () => Storage = () => sessionStorage): T {
  try {
    const text = store().getItem(name);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

export function write(name: string, value: unknown, store: () => Storage = () => sessionStorage): void {
  try {
    if (value === undefined) store().removeItem(name);
    else store().setItem(name, JSON.stringify(value));
  } catch {
    // A full or forbidden store only means that a reload forgets.
  }
}

/** State that a reload of this tab keeps; `name` may change, and each name has a state of its own. */
export function useKept<T>(name: string, initial: T): [T, (value: T) => void] {
  const [kept, setKept] = useState(() => ({ name, value: read(name, initial) }));
  const current = kept.name === name ? kept.value : read(name, initial);
  useEffect(() => {
    setKept({ name, value: read(name, initial) });
    // The initial value only matters where nothing is kept.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [name]);
  const set = (value: T): void => {
    setKept({ name, value });
    write(name, value);
  };
  return [current, set];
}
