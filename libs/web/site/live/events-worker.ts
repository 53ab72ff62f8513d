import { followEvents } from './follow-events.js';
import type { Connection, LiveMessage, LiveRequest } from './live-message.js';

/**
 * Follows the manager's events once for all tabs of a browser. The worker's name is the URL of the events.
 * TypeScript cannot combine the types of workers and of pages in one program, so the ones used here are declared.
 */
declare const self: { readonly name: string; onconnect: (event: MessageEvent) => void };

const ports = new Set<MessagePort>();
let connection: Connection = { state: 'connecting' };

const follower = followEvents({
  url: self.name,
  signal: new AbortController().signal,
  tell: (message: LiveMessage) => {
    if (message.kind === 'connection') connection = message.connection;
    for (const port of ports) port.postMessage(message);
  },
});

self.onconnect = ({ ports: [port] }) => {
  if (port === undefined) return;
  ports.add(port);
  port.onmessage = ({ data }: MessageEvent<LiveRequest>) => {
    if (data.kind === 'bye') ports.delete(port);
    else follower.retry();
  };
  port.postMessage({ kind: 'connection', connection } satisfies LiveMessage);
};
