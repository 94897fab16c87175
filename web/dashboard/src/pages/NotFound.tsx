import { Compass } from "lucide-react";
import { Link } from "wouter";
import { Empty } from "../ui/basics";
import { Page } from "../ui/Page";

export default function NotFoundPage() {
  return (
    <Page title="Not found">
      <div className="card">
        <Empty icon={Compass} title="There is no such page" action={<Link className="button" href="/proactive-chats">Proactive chats</Link>}>
          The address may have a slip of the pen in it.
        </Empty>
      </div>
    </Page>
  );
}
