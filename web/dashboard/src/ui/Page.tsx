import type { ReactNode } from "react";
import { useTitle } from "../app/title";
import { Skeleton } from "./basics";

export function Page({ title, lead, actions, narrow, above, children }: {
  title: string; lead?: ReactNode; actions?: ReactNode; narrow?: boolean; above?: ReactNode; children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={`page${narrow ? " narrow" : ""}`}>
      {above}
      <div className="page-head">
        <div><h1>{title}</h1>{lead && <p>{lead}</p>}</div>
        {actions && <div className="row wrap">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function PageSkeleton() {
  return <div className="page" aria-busy="true"><div className="page-head" /><div className="card pad stack"><Skeleton lines={8} /></div></div>;
}
