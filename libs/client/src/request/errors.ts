import { shortened, TunasyncError } from '@tunasync/protocol';

/** Why there was no answer. */
export type UnreachableReason = 'refused' | 'timeout' | 'tls' | 'dns' | 'closed' | 'other';

/** Base of the errors that the clients reject with; `code` says which one it is. */
export abstract class ClientError extends TunasyncError {
  /** Where the request went, without userinfo, query and fragment. */
  readonly address: string;

  constructor(code: string, address: string, message: string, status: number, cause?: unknown) {
    super(code, message, cause === undefined ? { status } : { status, cause });
    this.address = address;
  }
}

/** `CLIENT_UNREACHABLE`: no connection, or it broke before the whole answer was there. */
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

/** `CLIENT_TIMEOUT`: the request was sent and may have been carried out, but no answer came in time. */
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
  /** Body of the answer as it came. */
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

/** `CLIENT_NOT_OFFERED`: the manager has no such route, or the worker behind it is too old to answer. */
export class NotOfferedError extends ClientError {
  /** HTTP status of the answer: 404 or 501. */
  readonly httpStatus: number;
  /** Who does not offer it. */
  readonly party: 'manager' | 'worker';

  constructor(address: string, httpStatus: number, party: 'manager' | 'worker', why: string) {
    super('CLIENT_NOT_OFFERED', address, `${address} is not offered: ${why}`, 501);
    this.httpStatus = httpStatus;
    this.party = party;
  }
}

/** `CLIENT_BAD_REPLY`: the answer is not what this route answers; the peer is probably something else. */
export class BadReplyError extends ClientError {
  constructor(address: string, why: string, cause?: unknown) {
    super('CLIENT_BAD_REPLY', address, `${address} gave an answer that makes no sense: ${why}`, 502, cause);
  }
}

/** `CLIENT_ABORTED`: the caller gave the request up, or closed the client. */
export class AbortedError extends ClientError {
  constructor(address: string) {
    super('CLIENT_ABORTED', address, `the request to ${address} was given up`, 503);
  }
}

/** `CLIENT_OPTIONS_INVALID`: a client cannot be made of these options. */
export class ClientOptionsError extends TunasyncError {
  /** Which certificate it is that cannot be used; undefined when it is something else. */
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
