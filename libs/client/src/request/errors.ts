import { shortened, TunasyncError } from '@tunasync/protocol';

/** The reason for which there was no answer. */
export type UnreachableReason = 'refused' | 'timeout' | 'tls' | 'dns' | 'closed' | 'other';

/** Base of the errors of the clients; `code` identifies the kind. */
export abstract class ClientError extends TunasyncError {
  /** The address of the request, without userinfo, query and fragment. */
  readonly address: string;

  constructor(code: string, address: string, message: string, status: number, cause?: unknown) {
    super(code, message, cause === undefined ? { status } : { status, cause });
    this.address = address;
  }
}

/** `CLIENT_UNREACHABLE`: there was no connection, or it broke before the answer was complete. */
export class UnreachableError extends ClientError {
  readonly reason: UnreachableReason;
  /** The reason for people, without the address. */
  readonly why: string;

  constructor(address: string, reason: UnreachableReason, why: string, cause?: unknown) {
    super('CLIENT_UNREACHABLE', address, `cannot reach ${address}: ${why}`, 502, cause);
    this.reason = reason;
    this.why = why;
  }
}

/** `CLIENT_TIMEOUT`: the request was sent and may have taken effect, but no answer arrived in time. */
export class TimeoutError extends ClientError {
  constructor(address: string, timeoutMs: number) {
    super(
      'CLIENT_TIMEOUT',
      address,
      `no answer from ${address} within ${timeoutMs / 1000} s: sent, not confirmed`,
      504,
    );
  }
}

/** `CLIENT_REFUSED`: the answer's HTTP status is not 200. */
export class RefusedError extends ClientError {
  /** HTTP status of the answer. */
  readonly httpStatus: number;
  /** The unchanged body of the answer. */
  readonly body: string;
  /** The text of `{"error": …}`, `{"msg": …}` or `{"message": …}`; undefined when the body has none. */
  readonly serverMessage: string | undefined;

  constructor(address: string, httpStatus: number, body: string, serverMessage: string | undefined) {
    super(
      'CLIENT_REFUSED',
      address,
      `${address} answered ${httpStatus}: ${serverMessage ?? oneLine(body)}`,
      502,
    );
    this.httpStatus = httpStatus;
    this.body = body;
    this.serverMessage = serverMessage;
  }
}

/** `CLIENT_NOT_OFFERED`: the manager does not have the route, or the worker is too old to answer. */
export class NotOfferedError extends ClientError {
  /** HTTP status of the answer: 404 or 501. */
  readonly httpStatus: number;
  /** The side that does not offer the route. */
  readonly party: 'manager' | 'worker';

  constructor(address: string, httpStatus: number, party: 'manager' | 'worker', why: string) {
    super('CLIENT_NOT_OFFERED', address, `${address} is not offered: ${why}`, 501);
    this.httpStatus = httpStatus;
    this.party = party;
  }
}

/** `CLIENT_BAD_REPLY`: the answer does not fit the route; the server is probably not a manager or worker. */
export class BadReplyError extends ClientError {
  constructor(address: string, why: string, cause?: unknown) {
    super('CLIENT_BAD_REPLY', address, `${address} gave an invalid answer: ${why}`, 502, cause);
  }
}

/** `CLIENT_ABORTED`: the caller aborted the request or closed the client. */
export class AbortedError extends ClientError {
  constructor(address: string) {
    super('CLIENT_ABORTED', address, `the request to ${address} was aborted`, 503);
  }
}

/** `CLIENT_OPTIONS_INVALID`: the options of a client are invalid. */
export class ClientOptionsError extends TunasyncError {
  /** The certificate or key that is invalid; undefined for other options. */
  readonly option: 'caCert' | 'clientCert' | 'clientKey' | undefined;

  constructor(message: string, cause?: unknown, option?: ClientOptionsError['option']) {
    super('CLIENT_OPTIONS_INVALID', message, cause === undefined ? {} : { cause });
    this.option = option;
  }
}

/** The first 200 characters of `text` on one line. */
function oneLine(text: string): string {
  return shortened(text.trim().replace(/\s+/g, ' '));
}
