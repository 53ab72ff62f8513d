import { managerUrl, type Query } from './manager-root.js';

/** A request that failed. */
export class ApiError extends Error {
  /** HTTP status; 0: the manager could not be reached. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** @throws ApiError with the manager's message */
export function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return request<T>(managerUrl(path, query), { signal: signal ?? null });
}

/** @throws ApiError with the manager's message */
export function postJson<T>(path: string, body: unknown): Promise<T> {
  return request<T>(managerUrl(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** @throws ApiError with the manager's message */
export function deleteJson<T>(path: string): Promise<T> {
  return request<T>(managerUrl(path), { method: 'DELETE' });
}

async function request<T>(url: string, init: ReachOptions): Promise<T> {
  const response = await reach(url, init);
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as T;
}

/** Options of {@link reach}, as for `fetch`. */
export type ReachOptions = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

/** Sends a request. @throws ApiError of status 0 when the manager cannot be reached */
export async function reach(url: string, init: ReachOptions = {}): Promise<Response> {
  try {
    return await fetch(url, { ...init, headers: { accept: 'application/json', ...init.headers } });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, 'no connection to the manager');
  }
}

/** The error in an answer. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  let said: unknown;
  try {
    const body = JSON.parse(text) as { error?: unknown; msg?: unknown };
    said = body.error ?? body.msg;
  } catch {
    // the page of a proxy: its status says enough
  }
  const words = typeof said === 'string' && said !== '' ? said : `HTTP ${response.status}`;
  return new ApiError(response.status, words);
}
