/** What an agent who looks elsewhere is told of. */
import type { Ticket } from "../api/types";
import { personName } from "../lib/format";
import { handoffReason } from "../words/values";
import { words } from "../words/inbox";

export interface News {
  ticket: Pick<Ticket, "id">;
  title: string;
  body: string;
}

const lastOfTheirs = (ticket: Ticket) => ticket.transcript.findLast((entry) => entry.sender === "recipient");

/** When the recipient of each ticket last spoke. */
export function spokenAt(tickets: readonly Ticket[]): Map<string, string> {
  return new Map(tickets.map((one) => [one.id, lastOfTheirs(one)?.at ?? ""]));
}

/** What an agent is told of: tickets that are new, and what was said in those that are theirs. */
export function news(known: ReadonlyMap<string, string>, tickets: readonly Ticket[], me: string): News[] {
  return tickets.flatMap((ticket) => {
    const before = known.get(ticket.id);
    const last = lastOfTheirs(ticket);
    const name = personName(ticket.recipient);
    if (before === undefined) return [{ ticket, title: words.newTicket(name), body: handoffReason(ticket.reason) }];
    if (ticket.assignee_id !== me || !last || last.at <= before) return [];
    return [{ ticket, title: words.newMessage(name), body: last.text || words.sentPicture }];
  });
}
