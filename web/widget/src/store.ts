/** Holds the state and tells who listens. */

import { initialState, reduce, type Action, type State } from "./state";

export class Store {
  state: State;
  private listeners = new Set<(state: State, action: Action) => void>();

  constructor(open = false) {
    this.state = initialState(open);
  }

  dispatch(action: Action): void {
    this.state = reduce(this.state, action);
    for (const listener of [...this.listeners]) {
      listener(this.state, action);
    }
  }

  /** Call `listener` after each change; the answer ends it. */
  subscribe(listener: (state: State, action: Action) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
