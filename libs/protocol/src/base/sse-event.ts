/** One event of a stream of server-sent events. */
export interface SseEvent {
  /** Kind of the event. @defaultValue `message` */
  event?: string | undefined;
  /** A client that reconnects sends this id as `Last-Event-ID`. */
  id?: string | undefined;
  data: string;
}

/** Formats an event. Source: HTML Living Standard, 9.2.5 "Parsing an event stream". */
export function sseEvent({ event, id, data }: SseEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}${lines.join('')}\n`;
}
