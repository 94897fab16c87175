/** The API's resources by their short names. */
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Chat = Schemas["ProactiveChat"];
export type ChatChanges = Schemas["ChatChanges"];
export type ConsentChange = Schemas["ConsentChange"];
export type Conversation = Schemas["ConversationResource"];
export type Figures = Schemas["Metrics"];
export type NewChat = Schemas["NewProactiveChat"];
export type Preview = Schemas["Preview"];
export type Person = Schemas["Person"];
export type Recipient = Schemas["RecipientResource"];
export type Session = Schemas["SessionResource"];
export type Settings = Schemas["SettingsResource"];
export type SettingsChanges = Schemas["SettingsChanges"];
export type Ticket = Schemas["Ticket"];
export type Entry = Schemas["TranscriptEntry"];
export type User = Schemas["UserResource"];
export type Key = Schemas["KeyResource"];
export type Scope = Session["scopes"][number];
export interface Page<T> {
  data: T[];
  next_cursor?: string | null;
}
