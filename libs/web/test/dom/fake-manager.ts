import type { ApiChanges, ApiJob, ApiOverview, ApiWorker } from '../../site/api/types.js';
import { countsOf, makeOverview } from './fixtures.js';

/** A request to the manager. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Answer = (asked: Asked, ...parts: string[]) => unknown;

/** An error as the manager answers it. */
export function refusal(status: number, error: string): Response {
  return new Response(JSON.stringify({ error }), { status });
}

/**
 * Replaces the manager behind `fetch`: it answers from its jobs and workers, and streams events. Tests change the answer
 * to a route with {@link FakeManager.on}, and make the manager unavailable with {@link FakeManager.goAway}.
 */
export class FakeManager {
  jobs: ApiJob[] = [];
  workers: ApiWorker[] = [];
  /** Fields that override the overview of the jobs. */
  overview: Partial<ApiOverview> = {};
  /** All requests, including those for the event stream. */
  readonly asked: Asked[] = [];
  readonly #answers: { method: string; path: RegExp; answer: Answer }[] = [];
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #held: { path: RegExp; held: Promise<void> }[] = [];
  #isAway = false;

  constructor() {
    this.on('GET', /^\/api\/overview$/, () => makeOverview(this.jobs, this.workers, this.overview));
    this.on('GET', /^\/api\/workers$/, () => this.workers);
    this.on('GET', /^\/api\/jobs$/, ({ query }) => this.#findJobs(query));
    this.on(
      'GET',
      /^\/api\/jobs\/([^/]+)\/([^/]+)$/,
      (_, worker, name) =>
        this.jobs.find((job) => job.worker === worker && job.name === name) ?? refusal(404, 'no such mirror'),
    );
    this.on('GET', /^\/api\/jobs\/([^/]+)\/([^/]+)\/(plan|config)$/, () => refusal(501, 'too old'));
    this.on('GET', /^\/jobs\/([^/]+)\/history$/, () => []);
    this.on('GET', /^\/jobs\/([^/]+)\/logs$/, () => ({ logs: [] }));
    this.on('POST', /^\/api\/commands$/, ({ body }) => ({
      results: (body as { jobs: { worker: string; name: string }[] }).jobs.map((job) => ({
        ...job,
        ok: true,
        message: 'OK',
      })),
    }));
    this.on('GET', /^\/api\/events$/, () => this.#openStream());
  }

  /** Sets the answer to a route: JSON, or a response. The last one set applies. */
  on(method: string, path: RegExp, answer: Answer): void {
    this.#answers.unshift({ method, path, answer });
  }

  /** Holds requests for a route. @returns a function that releases them */
  hold(path: RegExp): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.#held.unshift({ path, held });
    return release;
  }

  /** Requested paths of a method, with their parameters. */
  paths(method = 'GET'): string[] {
    return this.asked
      .filter((one) => one.method === method)
      .map(({ path, query }) => (query.size === 0 ? path : `${path}?${query.toString()}`));
  }

  /** Applies changes, and sends them to all open streams. */
  change({ jobs = [], ...more }: Partial<ApiChanges>): void {
    for (const job of jobs) {
      const index = this.jobs.findIndex(({ worker, name }) => worker === job.worker && name === job.name);
      if (index === -1) this.jobs.push(job);
      else this.jobs[index] = job;
    }
    for (const gone of more.removed ?? []) {
      this.jobs = this.jobs.filter(({ worker, name }) => worker !== gone.worker || name !== gone.name);
    }
    this.send('changes', {
      jobs,
      removed: [],
      progress: [],
      workers: [],
      removed_workers: [],
      counts: countsOf(this.jobs, 'status'),
      states: countsOf(this.jobs),
      ...more,
    });
  }

  /** Sends an event to all open streams. */
  send(event: string, data: unknown): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const stream of this.#streams) stream.enqueue(new TextEncoder().encode(text));
  }

  /** Number of open event streams. */
  get streams(): number {
    return this.#streams.size;
  }

  /** Ends all streams, and becomes unavailable. */
  goAway(): void {
    this.#isAway = true;
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  /** Becomes available again. */
  comeBack(): void {
    this.#isAway = false;
  }

  /** Replaces `fetch`. */
  fetch = async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const { pathname, searchParams } = new URL(url, document.baseURI);
    const method = init.method ?? 'GET';
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const asked: Asked = { method, path: pathname, query: searchParams, body };
    this.asked.push(asked);
    if (this.#isAway) throw new TypeError('fetch failed');
    const route = this.#answers.find((one) => one.method === method && one.path.test(pathname));
    if (route === undefined) return refusal(404, `no route ${pathname}`);
    const parts = (route.path.exec(pathname) ?? []).slice(1).map(decodeURIComponent);
    const wait = this.#held.find((one) => one.path.test(pathname))?.held ?? Promise.resolve();
    const answer = await untilAborted(
      wait.then(() => route.answer(asked, ...parts)),
      init.signal,
    );
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer));
  };

  #openStream(): Response {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#streams.add(controller);
        queueMicrotask(() => {
          const hello = { resumed: false, workers: this.workers, states: countsOf(this.jobs) };
          controller.enqueue(new TextEncoder().encode(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`));
        });
      },
    });
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  }

  #findJobs(query: URLSearchParams) {
    const q = (query.get('q') ?? '').toLowerCase();
    const worker = query.get('worker') ?? '';
    const wanted = (query.get('state') ?? '').split(',').filter((state) => state !== '');
    const offset = Number(query.get('offset') ?? 0);
    const fitting = this.jobs.filter(
      (job) => (job.name.includes(q) || job.upstream.includes(q)) && (worker === '' || job.worker === worker),
    );
    const jobs = fitting.filter((job) => wanted.length === 0 || wanted.includes(job.state));
    jobs.sort((one, other) => rank(one, query) - rank(other, query) || (one.name < other.name ? -1 : 1));
    if (query.get('order') === 'desc') jobs.reverse();
    return {
      total: jobs.length,
      counts: countsOf(fitting, 'status'),
      states: countsOf(fitting),
      jobs: jobs.slice(offset, offset + Number(query.get('limit') ?? 100)),
    };
  }
}

/** Order by attention: failed mirrors first. */
function rank({ state }: ApiJob, query: URLSearchParams): number {
  if (query.get('sort') !== 'attention') return 0;
  return state === 'failed' ? 0 : state === 'syncing' ? 1 : state === 'stale' ? 2 : 3;
}

/** Rejects on abort, even if the answer is held. */
function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new DOMException('aborted', 'AbortError'));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    answer.then(resolve, reject);
  });
}
