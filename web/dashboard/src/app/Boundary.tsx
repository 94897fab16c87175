import { Component, type ReactNode } from "react";
import { Problem } from "../api/problems";
import { Failed } from "../ui/basics";
import { shell } from "../words/common";

/** Keeps a page that broke from taking the others with it; a page's file that did not come is asked for again. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    const problem = new Problem("broken", shell.brokenPage, shell.brokenPageText);
    return <Failed problem={problem} retry={() => location.reload()} />;
  }
}
