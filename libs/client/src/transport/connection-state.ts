import type { ClientRequest } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** The state of the connection of a `node:http` request. */
export function connectionState(request: ClientRequest | undefined): {
  connected: boolean;
  reusedSocket: boolean;
} {
  // the types do not say that it is null until the agent has a socket
  const socket = request?.socket as (TLSSocket & { secureConnecting?: boolean }) | null | undefined;
  return {
    connected: socket?.connecting === false && socket.secureConnecting !== true,
    reusedSocket: request?.reusedSocket ?? false,
  };
}
