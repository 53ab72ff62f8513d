import type { ClientRequest } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Where a request of `node:http` has got to. */
export function connectionState(request: ClientRequest | undefined): {
  connected: boolean;
  reusedSocket: boolean;
} {
  // typed as always there, but null until the agent has a socket
  const socket = request?.socket as (TLSSocket & { secureConnecting?: boolean }) | null | undefined;
  return {
    connected: socket?.connecting === false && socket.secureConnecting !== true,
    reusedSocket: request?.reusedSocket ?? false,
  };
}
