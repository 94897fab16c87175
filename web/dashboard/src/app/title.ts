/** The words of the browser's tab. */
import { useEffect } from "react";
import { shell } from "../words/common";

let page = shell.product;
let waiting = 0;

function show(): void {
  document.title = `${waiting ? `(${waiting}) ` : ""}${page}`;
}

export function useTitle(title: string): void {
  useEffect(() => {
    page = `${title} · ${shell.product}`;
    show();
  }, [title]);
}

/** How many tickets wait, in front of every title. */
export function useWaitingInTitle(count: number): void {
  useEffect(() => {
    waiting = count;
    show();
  }, [count]);
}
